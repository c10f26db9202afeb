//! Scalar types of the language that Rust has no type for.

mod decimal;
mod time;

pub use self::decimal::{Decimal, ParseDecimalError};
pub use self::time::{Duration, Timestamp};
