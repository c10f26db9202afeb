//! The two cores against each other, and the server core against what no client may send.

mod noise;
mod refusals;
mod schedules;
mod streams;
mod toy;
