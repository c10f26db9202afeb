//! Columns of structs: a column for each field. The columns themselves are made by [`row_value!`](crate::row_value).

use std::marker::PhantomData;

use super::rows::AS_ROWS;
use super::{Column, Cursor, Head, Payload, Place, Plan, Presence, RowsPayload, Scratch};
use crate::codec::limits::MAX_SLOTS;
use crate::codec::reader::{Reader, Shape};
use crate::codec::value::Value;
use crate::codec::writer::{Writer, varint_len};
use crate::error::{DecodeError, ErrorCode};

/// How many columns a struct has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Up to its highest id; it is told to readers, who may know more or fewer.
    Counted(u32),
    /// All its fields, on both sides.
    Plain(u32),
}

impl Width {
    /// The number of columns.
    pub const fn columns(self) -> u32 {
        match self {
            Self::Counted(columns) | Self::Plain(columns) => columns,
        }
    }

    /// What a struct of so many columns weighs. Source: docs/wire-format.md, section 7.
    pub const fn weight(self) -> u64 {
        8 * (self.columns() as u64 + 2)
    }

    fn count_bytes(self) -> usize {
        match self {
            Self::Counted(columns) => varint_len(u64::from(columns)),
            Self::Plain(_) => 0,
        }
    }
}

/// The columns of a struct that collect its fields.
pub trait StructColumns<T>: Default + Send + 'static {
    /// How many there are.
    const WIDTH: Width;

    /// Forgets all values.
    fn clear(&mut self);

    /// Appends the fields of these structs.
    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v;

    /// Plans each column.
    fn plan(&mut self, total: &mut Total);

    /// Writes each column.
    fn write(&self, ids: &mut Ids<'_>);
}

/// What the columns of a struct come to.
#[derive(Debug, Default)]
pub struct Total {
    planned: u32,
    bytes: usize,
    weight: u64,
}

impl Total {
    /// Adds the column of a field.
    pub fn add(&mut self, plan: Plan) {
        self.planned += 1;
        self.bytes += plan.bytes;
        self.weight += plan.weight + plan.inline;
    }
}

/// Writes the columns of a struct by id.
#[derive(Debug)]
pub struct Ids<'w> {
    w: &'w mut Writer,
    next: u32,
}

/// The mode of a column that has no values.
const ABSENT: u8 = 0;

impl Ids<'_> {
    /// Writes the column of field `id`.
    pub fn column<T: Value, S: Scratch<T>>(&mut self, id: u32, column: &Column<T, S>) {
        self.skip_to(id);
        column.write(self.w);
        self.next = id + 1;
    }

    /// Ids between the fields are retired.
    fn skip_to(&mut self, id: u32) {
        (self.next..id).for_each(|_| self.w.byte(ABSENT));
    }
}

/// Collects structs.
#[derive(Debug)]
pub struct StructScratch<C> {
    columns: C,
    n: usize,
    content: usize,
}

impl<C: Default> Default for StructScratch<C> {
    fn default() -> Self {
        Self { columns: C::default(), n: 0, content: 0 }
    }
}

impl<T, C: StructColumns<T>> Scratch<T> for StructScratch<C> {
    fn clear(&mut self) {
        self.columns.clear();
        self.n = 0;
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, place: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v,
    {
        self.n += values.clone().count();
        self.columns.extend(values, place.inside());
    }

    fn sparse(&mut self, _: Option<&T>, _: &mut Vec<u8>) -> Presence {
        if self.n == 0 { Presence::None } else { Presence::All }
    }

    fn plan(&mut self, _: bool) -> Plan {
        let mut total = Total::default();
        self.columns.plan(&mut total);
        let retired = C::WIDTH.columns() - total.planned;
        self.content = C::WIDTH.count_bytes() + total.bytes + retired as usize;
        Plan {
            low: 0,
            bytes: varint_len(self.content as u64) + self.content,
            weight: total.weight,
            inline: self.n as u64 * C::WIDTH.weight(),
        }
    }

    fn write(&self, w: &mut Writer) {
        w.block(self.content, |w| {
            if let Width::Counted(columns) = C::WIDTH {
                w.varint(u64::from(columns));
            }
            let mut ids = Ids { w, next: 1 };
            self.columns.write(&mut ids);
            ids.skip_to(C::WIDTH.columns() + 1);
        });
    }
}

/// The columns of a struct that give its fields.
pub trait StructCursors<'a, T>: Sized {
    /// How many there are.
    const WIDTH: Width;
    /// The ids that are retired, in order.
    const RETIRED: &'static [(u32, Shape)];

    /// Opens each column.
    /// # Errors
    /// Whatever the format refuses.
    fn open(ids: &mut OpenIds<'a, '_>) -> Result<Self, DecodeError>;

    /// The next struct.
    fn pull(&mut self) -> Option<T>;
}

/// Opens the columns of a struct by id.
#[derive(Debug)]
pub struct OpenIds<'a, 'r> {
    r: &'r mut Reader<'a>,
    /// Number of structs.
    k: usize,
    /// The writer's highest id.
    columns: u32,
    next: u32,
    retired: &'static [(u32, Shape)],
}

impl<'a> OpenIds<'a, '_> {
    /// Opens the column of field `id`.
    /// # Errors
    /// Whatever the format refuses.
    pub fn column<T: Value, P: Payload<'a, T>>(
        &mut self,
        id: u32,
        default: Option<T>,
    ) -> Result<Cursor<'a, T, P>, DecodeError> {
        self.skip_to(id)?;
        if id > self.columns {
            return Ok(Cursor::missing(default));
        }
        self.next = id + 1;
        Cursor::open_weighing(self.r, self.k, default, T::INLINE_WEIGHT)
    }

    /// Passes over the columns of retired fields, and of ids that nobody ever used, which must be empty.
    fn skip_to(&mut self, id: u32) -> Result<(), DecodeError> {
        while self.next < id && self.next <= self.columns {
            match self.retired.iter().find(|(retired, _)| *retired == self.next) {
                Some((_, shape)) => skip(self.r, *shape, self.k)?,
                None => self.unused()?,
            }
            self.next += 1;
        }
        Ok(())
    }
}

impl OpenIds<'_, '_> {
    fn unused(&mut self) -> Result<(), DecodeError> {
        let start = self.r.offset();
        if self.r.byte()? == ABSENT { Ok(()) } else { Err(self.r.error_at(start, ErrorCode::Slots)) }
    }
}

/// Passes over a column of `n` values of this shape.
fn skip(r: &mut Reader<'_>, shape: Shape, n: usize) -> Result<(), DecodeError> {
    let start = r.offset();
    let mode = r.byte()?;
    let (low, presence) = (mode & 0x1f, mode >> 6);
    let known = match shape {
        Shape::Bit => low == 0 && presence != 2,
        Shape::Varint => super::pack::Packed::allows(low),
        Shape::Fixed4 | Shape::Fixed8 | Shape::Fixed16 => low == 0,
        Shape::Len => low <= AS_ROWS,
    };
    if mode & 0x20 != 0 || presence == 3 || presence == 0 && mode != 0 || !known {
        return Err(r.error_at(start, ErrorCode::Mode));
    }
    let k = match presence {
        0 => return Ok(()),
        1 => n,
        _ => r.bitmap(n, start)?.iter().map(|byte| byte.count_ones() as usize).sum(),
    };
    match shape {
        Shape::Bit => r.bitmap(k, start).map(drop),
        Shape::Varint => super::pack::Packed::skip(r, low, k, start),
        Shape::Fixed4 => r.take(k.saturating_mul(4), start).map(drop),
        Shape::Fixed8 => r.take(k.saturating_mul(8), start).map(drop),
        Shape::Fixed16 => r.take(k.saturating_mul(16), start).map(drop),
        Shape::Len => r.skip(Shape::Len),
    }
}

/// Reads structs: from the columns of their fields or from rows.
#[derive(Debug)]
pub enum StructPayload<'a, T, C> {
    /// From the columns of their fields.
    Columns(C, PhantomData<&'a ()>),
    /// From rows.
    Rows(RowsPayload<T>),
}

impl<'a, T: Value + Default, C: StructCursors<'a, T>> Payload<'a, T> for StructPayload<'a, T, C> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low <= AS_ROWS
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&T>) -> Result<Self, DecodeError> {
        if head.low == AS_ROWS {
            return RowsPayload::read(r, head).map(Self::Rows);
        }
        r.nested_at(head.start, |r| {
            let start = r.offset();
            let columns = match C::WIDTH {
                Width::Plain(columns) => columns,
                Width::Counted(_) => match u32::try_from(r.varint()?) {
                    Ok(columns) if columns <= MAX_SLOTS => columns,
                    _ => return Err(r.error_at(start, ErrorCode::Slots)),
                },
            };
            let mut ids = OpenIds { r, k: head.k, columns, next: 1, retired: C::RETIRED };
            let cursors = C::open(&mut ids)?;
            ids.skip_to(C::WIDTH.columns() + 1)?;
            if columns > C::WIDTH.columns() {
                r.rest();
            }
            Ok(Self::Columns(cursors, PhantomData))
        })
    }

    #[inline]
    fn pull(&mut self) -> Option<T> {
        match self {
            Self::Columns(cursors, _) => cursors.pull(),
            Self::Rows(rows) => rows.pull(),
        }
    }

    fn zero() -> Option<T> {
        Some(T::default())
    }
}
