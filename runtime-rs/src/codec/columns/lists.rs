//! Columns of lists: how many elements each has, then all elements of all lists as one column.

use super::pack::Packed;
use super::rows::AS_ROWS;
use super::{Column, CursorOf, Head, IntScratch, Payload, Place, Plan, Presence, RowsPayload, Scratch};
use crate::codec::limits::column_cost;
use crate::codec::reader::Reader;
use crate::codec::value::Value;
use crate::codec::writer::{Writer, varint_len};
use crate::error::DecodeError;

/// A type whose values are sequences.
pub trait Sequence: Value {
    /// The type of its elements.
    type Item: Value;

    /// The elements.
    fn items(&self) -> &[Self::Item];

    /// A sequence of these elements.
    fn from_items(items: Vec<Self::Item>) -> Self;
}

/// Collects lists.
pub struct ListScratch<T: Value> {
    counts: IntScratch<u32>,
    items: Column<T>,
    n_items: u64,
    content: usize,
}

impl<T: Value> Default for ListScratch<T> {
    fn default() -> Self {
        Self { counts: IntScratch::default(), items: Column::default(), n_items: 0, content: 0 }
    }
}

impl<L: Sequence> Scratch<L> for ListScratch<L::Item> {
    fn clear(&mut self) {
        self.counts.values_mut().clear();
        self.items.clear();
        self.n_items = 0;
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v L> + Clone,
        L: 'v,
    {
        let place = place.inside();
        for list in values {
            let items = list.items();
            self.counts.push(items.len() as u32);
            self.n_items += items.len() as u64;
            self.items.extend(items.iter(), place);
        }
    }

    fn sparse(&mut self, _: Option<&L>, _: &mut Vec<u8>) -> Presence {
        if self.n_items == 0 { Presence::None } else { Presence::All }
    }

    fn plan(&mut self, _: bool) -> Plan {
        let items = self.items.plan(None);
        self.content = self.counts.plan_sizes() + items.bytes;
        let weight = items.weight + self.n_items * L::Item::WEIGHT;
        Plan { low: 0, bytes: varint_len(self.content as u64) + self.content, weight, inline: 0 }
    }

    fn write(&self, w: &mut Writer) {
        w.weigh(self.n_items * L::Item::WEIGHT);
        w.count_elements(column_cost(self.n_items, L::Item::NUMERIC));
        w.block(self.content, |w| {
            self.counts.write_sizes(w);
            self.items.write(w);
        });
    }
}

/// Reads lists.
pub enum ListPayload<'a, L: Sequence> {
    /// From their elements.
    Columns {
        /// How many elements each has.
        counts: Counts<'a>,
        /// The elements of all.
        items: CursorOf<'a, L::Item>,
    },
    /// From rows.
    Rows(RowsPayload<L>),
}

/// Checked counts.
#[derive(Debug)]
pub struct Counts<'a>(Packed<'a>);

impl Counts<'_> {
    fn next(&mut self) -> usize {
        self.0.next() as usize
    }
}

impl<'a, L: Sequence> Payload<'a, L> for ListPayload<'a, L> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low <= AS_ROWS
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&L>) -> Result<Self, DecodeError> {
        if head.low == AS_ROWS {
            return RowsPayload::read(r, head).map(Self::Rows);
        }
        r.nested_at(head.start, |r| {
            let start = r.offset();
            let (counts, n_items) = r.sizes(head.k)?;
            let n_items = r.admit(n_items, start, column_cost(n_items, L::Item::NUMERIC), L::Item::WEIGHT)?;
            r.charge(n_items.saturating_mul(size_of::<L::Item>()))?;
            let items = CursorOf::<L::Item>::open(r, n_items, None)?;
            Ok(Self::Columns { counts: Counts(counts), items })
        })
    }

    #[inline]
    fn pull(&mut self) -> Option<L> {
        match self {
            Self::Columns { counts, items } => {
                let count = counts.next();
                let mut list = Vec::with_capacity(count);
                for _ in 0..count {
                    list.push(items.pull()?);
                }
                Some(L::from_items(list))
            }
            Self::Rows(rows) => rows.pull(),
        }
    }

    fn zero() -> Option<L> {
        Some(L::from_items(Vec::new()))
    }
}
