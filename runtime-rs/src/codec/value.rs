//! What can be encoded: values, map keys, rows and unions, and the macros that generated code ends its impls with.

use std::fmt::Debug;
use std::hash::Hash;

use bytes::Bytes;

use super::reader::Reader;
use super::writer::Writer;
use crate::error::DecodeError;

/// Anything that can be a field, an element or an operand.
pub trait Value: Clone + PartialEq + Debug + Send + Sync + 'static {
    /// Writes the value as an element (docs/wire-format.md, sections 3 to 5).
    fn encode(&self, w: &mut Writer);

    /// Reads what [`encode`](Self::encode) writes.
    /// # Errors
    /// Whatever the format refuses; see [`ErrorCode`](crate::ErrorCode).
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Whether this is the zero of its type, which a row leaves out unless the field declares another default.
    fn is_default(&self) -> bool {
        false
    }

    /// Writes the value as a field that is not its default: a `bool` is its bit and has no bytes. Generic rows need it;
    /// where the type is known, so is this.
    #[doc(hidden)]
    fn encode_field(&self, w: &mut Writer) {
        self.encode(w);
    }

    /// Reads what [`encode_field`](Self::encode_field) writes.
    #[doc(hidden)]
    fn decode_field(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::decode(r)
    }

    /// Writes the value as an optional field that is there: a `bool` needs bytes.
    #[doc(hidden)]
    fn encode_optional(&self, w: &mut Writer) {
        self.encode(w);
    }

    /// Reads what [`encode_optional`](Self::encode_optional) writes.
    #[doc(hidden)]
    fn decode_optional(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::decode(r)
    }

    /// Whether lists of it count by bytes against the element budget.
    #[doc(hidden)]
    const NUMERIC: bool = false;

    /// Whether a container of it has a presence bitmap.
    #[doc(hidden)]
    const OPTIONAL: bool = false;

    #[doc(hidden)]
    fn is_present(&self) -> bool {
        true
    }

    /// Writes the value without its presence.
    #[doc(hidden)]
    fn encode_present(&self, w: &mut Writer) {
        self.encode(w);
    }

    /// Reads a value whose presence is known.
    #[doc(hidden)]
    fn decode_element(r: &mut Reader<'_>, present: bool) -> Result<Self, DecodeError> {
        debug_assert!(present, "only optional values can be absent");
        Self::decode(r)
    }
}

/// A value that can be a map key.
pub trait Key: Value + Eq + Hash {}

/// A struct: what stands between its byte length (or the start of the message) and its end.
pub trait Row: Sized {
    /// Writes the row, without length.
    fn encode_row(&self, w: &mut Writer);

    /// Reads the row, up to the end of what encloses it.
    /// # Errors
    /// Whatever the format refuses.
    fn decode_row(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Whether all fields equal their defaults, whatever the reader may see.
    fn is_default_row(&self) -> bool;
}

/// The row of a message without content.
impl Row for () {
    fn encode_row(&self, w: &mut Writer) {
        w.row(0);
    }

    fn decode_row(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // A reader may send nothing at all where nothing is to be said, as keys of units without key do.
        if r.at_end() {
            return Ok(());
        }
        let row = r.row()?;
        r.end_row(&row, 0)
    }

    fn is_default_row(&self) -> bool {
        true
    }
}

/// A union or error: `[case id][payload row]`.
pub trait Union: Sized {
    /// Writes case and payload, without length.
    fn encode_case(&self, w: &mut Writer);

    /// Reads case and payload, up to the end of what encloses them.
    /// # Errors
    /// Whatever the format refuses.
    fn decode_case(r: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// A case of an open union that this program does not know; it is written back unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownCase {
    /// The number of the case.
    pub id: u32,
    /// Its payload row.
    pub bytes: Bytes,
}

impl UnknownCase {
    /// Writes case and payload as they came.
    pub fn encode(&self, w: &mut Writer) {
        w.varint(u64::from(self.id));
        w.raw(&self.bytes);
    }

    /// Keeps the payload of case `id`, which has been read.
    /// # Errors
    /// Only inside [`decode_with`](crate::codec::decode_with), which then reads the message again.
    pub fn decode(r: &mut Reader<'_>, id: u32) -> Result<Self, DecodeError> {
        let payload = r.rest();
        r.charge(payload.len())?;
        let bytes = if r.is_checking() { Bytes::new() } else { Bytes::copy_from_slice(payload) };
        Ok(Self { id, bytes })
    }
}

/// Makes types that are [`Row`](crate::codec::Row)s usable as nested values.
#[macro_export]
macro_rules! row_value {
    ([$($param:ident),+] $ty:ty where $($bounds:tt)+) => {
        impl<$($param),+> $crate::codec::Value for $ty
        where
            $($bounds)+
        {
            $crate::__row_items!();
        }
    };
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::codec::Value for $ty {
            $crate::__row_items!();
        }
    )+};
}

/// The items of a row's `Value` impl.
#[doc(hidden)]
#[macro_export]
macro_rules! __row_items {
    () => {
        fn encode(&self, w: &mut $crate::codec::Writer) {
            w.nested(|w| $crate::codec::Row::encode_row(self, w));
        }

        fn decode(r: &mut $crate::codec::Reader<'_>) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
            r.nested(<Self as $crate::codec::Row>::decode_row)
        }

        fn is_default(&self) -> bool {
            $crate::codec::Row::is_default_row(self)
        }
    };
}

/// Makes types that are [`Union`](crate::codec::Union)s usable as nested values.
#[macro_export]
macro_rules! union_value {
    ([$($param:ident),+] $ty:ty where $($bounds:tt)+) => {
        impl<$($param),+> $crate::codec::Value for $ty
        where
            $($bounds)+
        {
            $crate::__union_items!();
        }
    };
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::codec::Value for $ty {
            $crate::__union_items!();
        }
    )+};
}

/// The items of a union's `Value` impl.
#[doc(hidden)]
#[macro_export]
macro_rules! __union_items {
    () => {
        fn encode(&self, w: &mut $crate::codec::Writer) {
            w.nested(|w| $crate::codec::Union::encode_case(self, w));
        }

        fn decode(r: &mut $crate::codec::Reader<'_>) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
            r.nested(<Self as $crate::codec::Union>::decode_case)
        }
    };
}
