//! What can be encoded: values, map keys, rows and unions, and the macros that generated code ends its impls with.

use std::fmt::Debug;
use std::hash::Hash;

use bytes::Bytes;

use super::check::{Path, Violation};
use super::columns::{Layout, Payload, Scratch};
use super::level::Level;
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

    /// Whether it is the zero of its type as far as a reader of `level` may see it.
    fn is_default_for(&self, level: Level) -> bool {
        let _ = level;
        self.is_default()
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

    /// Collects values that are written side by side.
    type Scratch: Scratch<Self>;

    /// Reads values that stand side by side.
    type Payload<'a>: Payload<'a, Self>;

    /// Whether containers of it take columns.
    #[doc(hidden)]
    const LAYOUT: Layout = Layout::Columns;

    /// What it counts for the memory that a message unfolds into (docs/wire-format.md, section 7).
    #[doc(hidden)]
    const WEIGHT: u64 = 24;

    /// The same inside the columns of a struct, where only structs count.
    #[doc(hidden)]
    const INLINE_WEIGHT: u64 = 0;

    /// Whether it is a list or a map.
    #[doc(hidden)]
    const COLLECTION: bool = false;

    /// Whether there are constraints in it, so that [`check`](Self::check) can fail.
    const CONSTRAINED: bool = false;

    /// Checks the constraints in it, in declaration order.
    /// # Errors
    /// The first violation.
    fn check(&self, at: &Path<'_>) -> Result<(), Violation> {
        let _ = at;
        Ok(())
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
pub trait Key: Value + Eq + Hash {
    /// How it stands between brackets in the path of a violation.
    fn path_text(&self) -> String {
        format!("{self:?}")
    }
}

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

    /// Whether all fields that a reader of `level` may see equal their defaults. It must not learn that others do not.
    fn is_default_row_for(&self, level: Level) -> bool {
        let _ = level;
        self.is_default_row()
    }

    /// See [`Value::CONSTRAINED`].
    const CONSTRAINED: bool = false;

    /// See [`Value::check`].
    /// # Errors
    /// The first violation.
    fn check_row(&self, at: &Path<'_>) -> Result<(), Violation> {
        let _ = at;
        Ok(())
    }
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

    /// See [`Value::CONSTRAINED`].
    const CONSTRAINED: bool = false;

    /// See [`Value::check`].
    /// # Errors
    /// The first violation.
    fn check_case(&self, at: &Path<'_>) -> Result<(), Violation> {
        let _ = at;
        Ok(())
    }
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

/// Makes a type that is a [`Row`](crate::codec::Row) usable as nested value, alone and in columns.
///
/// Fields stand in the order of their ids, with the default that they declare, the access level they need, and `=> rows` if
/// the type contains itself through them.
#[macro_export]
macro_rules! row_value {
    ([$($param:ident),+ where $($bounds:tt)+] $name:ident $($rest:tt)+) => {
        $crate::row_value!(@impl [$($param),+] [$($bounds)+] ($name<$($param),+>) $name $($rest)+);
    };
    (
        @impl [$($param:ident),*] [$($bounds:tt)*] ($struct:ty) $name:ident $width:ident $columns:literal
        [$($retired:literal $shape:ident)*] {
            $($id:literal $field:ident: $ty:ty $(= $default:expr)? $(, access $level:literal)? $(=> $rows:ident)?;)*
        }
    ) => {
        const _: () = {
            #[allow(non_snake_case)]
            pub struct RestreamColumns<$($param),*>
            where
                $($bounds)*
            {
                $($field: $crate::codec::columns::Column<$ty $(, $crate::row_value!(@scratch $rows))?>,)*
            }

            impl<$($param),*> ::core::default::Default for RestreamColumns<$($param),*>
            where
                $($bounds)*
            {
                fn default() -> Self {
                    Self { $($field: ::core::default::Default::default(),)* }
                }
            }

            #[allow(unused_variables)]
            impl<$($param),*> $crate::codec::columns::StructColumns<$struct> for RestreamColumns<$($param),*>
            where
                $($bounds)*
            {
                const WIDTH: $crate::codec::columns::Width = $crate::codec::columns::Width::$width($columns);

                fn clear(&mut self) {
                    $(self.$field.clear();)*
                }

                #[inline]
                fn extend<'v, I>(&mut self, values: I, place: $crate::codec::columns::Place)
                where
                    I: ::core::iter::Iterator<Item = &'v $struct> + ::core::clone::Clone,
                    $struct: 'v,
                {
                    $($crate::row_value!(@extend self.$field, values, place, $struct, $field, $ty $(, $level)?);)*
                }

                fn plan(&mut self, total: &mut $crate::codec::columns::Total) {
                    $(
                        let default: ::core::option::Option<$ty> = $crate::row_value!(@default $($default)?);
                        total.add(self.$field.plan(default.as_ref()));
                    )*
                }

                fn write(&self, ids: &mut $crate::codec::columns::Ids<'_>) {
                    $(ids.column($id, &self.$field);)*
                }
            }

            pub struct RestreamCursors<'a, $($param),*>
            where
                $($bounds)*
            {
                $($field: $crate::row_value!(@cursor $ty $(, $rows)?),)*
                __message: ::core::marker::PhantomData<&'a ()>,
            }

            #[allow(unused_variables)]
            impl<'a, $($param),*> $crate::codec::columns::StructCursors<'a, $struct>
                for RestreamCursors<'a, $($param),*>
            where
                $($bounds)*
            {
                const WIDTH: $crate::codec::columns::Width = $crate::codec::columns::Width::$width($columns);
                const RETIRED: &'static [(u32, $crate::codec::Shape)] =
                    &[$(($retired, $crate::codec::Shape::$shape)),*];

                fn open(
                    ids: &mut $crate::codec::columns::OpenIds<'a, '_>,
                ) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                    ::core::result::Result::Ok(Self {
                        $($field: ids.column($id, $crate::row_value!(@default $($default)?))?,)*
                        __message: ::core::marker::PhantomData,
                    })
                }

                #[inline]
                fn pull(&mut self) -> ::core::option::Option<$struct> {
                    ::core::option::Option::Some($name { $($field: self.$field.pull()?),* })
                }
            }

            impl<$($param),*> $crate::codec::Value for $struct
            where
                $($bounds)*
            {
                type Scratch = $crate::codec::columns::StructScratch<RestreamColumns<$($param),*>>;
                type Payload<'a> =
                    $crate::codec::columns::StructPayload<'a, $struct, RestreamCursors<'a, $($param),*>>;

                const LAYOUT: $crate::codec::columns::Layout = $crate::codec::columns::Layout::Slots($columns);
                const WEIGHT: u64 = $crate::codec::columns::Width::$width($columns).weight();
                const INLINE_WEIGHT: u64 = Self::WEIGHT;

                fn encode(&self, w: &mut $crate::codec::Writer) {
                    w.nested(|w| $crate::codec::Row::encode_row(self, w));
                }

                fn decode(
                    r: &mut $crate::codec::Reader<'_>,
                ) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                    r.nested(<Self as $crate::codec::Row>::decode_row)
                }

                fn is_default(&self) -> bool {
                    $crate::codec::Row::is_default_row(self)
                }

                fn is_default_for(&self, level: $crate::Level) -> bool {
                    $crate::codec::Row::is_default_row_for(self, level)
                }

                const CONSTRAINED: bool = <Self as $crate::codec::Row>::CONSTRAINED;

                fn check(
                    &self,
                    at: &$crate::check::Path<'_>,
                ) -> ::core::result::Result<(), $crate::check::Violation> {
                    $crate::codec::Row::check_row(self, at)
                }
            }
        };
    };
    (@scratch rows) => { $crate::codec::columns::RowsScratch };
    (@cursor $ty:ty) => { $crate::codec::columns::CursorOf<'a, $ty> };
    (@cursor $ty:ty, rows) => {
        $crate::codec::columns::Cursor<'a, $ty, $crate::codec::columns::Deferred<'a, $ty>>
    };
    (@default) => { ::core::option::Option::None };
    (@default $default:expr) => { ::core::option::Option::Some($default) };
    (@extend $column:expr, $values:ident, $place:ident, $name:ty, $field:ident, $ty:ty) => {
        $column.extend($values.clone().map(|value: &$name| &value.$field), $place)
    };
    (@extend $column:expr, $values:ident, $place:ident, $name:ty, $field:ident, $ty:ty, $level:literal) => {
        if $place.sees($crate::Level($level)) {
            $column.extend($values.clone().map(|value: &$name| &value.$field), $place);
        } else {
            let hidden: $ty = ::core::default::Default::default();
            $column.extend($values.clone().map(|_| &hidden), $place);
        }
    };
    ($name:ident $($rest:tt)+) => {
        $crate::row_value!(@impl [] [] ($name) $name $($rest)+);
    };
}

/// Makes an enum, which has `number` and `from_number`, usable as value and as map key.
#[macro_export]
macro_rules! enum_value {
    ($name:ident, $repr:ident, open) => {
        $crate::enum_value!(@integer $name, $repr, false, |raw| ::core::option::Option::Some($name::from_number(raw)));
        $crate::enum_value!(@value $name, $repr, |r| r.$repr().map($name::from_number));
    };
    ($name:ident, $repr:ident, closed) => {
        $crate::enum_value!(@integer $name, $repr, true, $name::from_number);
        $crate::enum_value!(@value $name, $repr, |r| {
            let at = r.offset();
            match $name::from_number(r.$repr()?) {
                ::core::option::Option::Some(value) => ::core::result::Result::Ok(value),
                ::core::option::Option::None => {
                    ::core::result::Result::Err(r.error_at(at, $crate::codec::ErrorCode::Enum))
                }
            }
        });
    };
    (@integer $name:ident, $repr:ident, $closed:literal, $from_raw:expr) => {
        impl $crate::codec::columns::Integer for $name {
            type Raw = $repr;
            const CLOSED: bool = $closed;

            #[inline]
            fn raw(&self) -> $repr {
                self.number()
            }

            #[inline]
            fn from_raw(raw: $repr) -> ::core::option::Option<Self> {
                let from_raw: fn($repr) -> ::core::option::Option<Self> = $from_raw;
                from_raw(raw)
            }
        }
    };
    (@value $name:ident, $repr:ident, |$r:ident| $decode:expr) => {
        impl $crate::codec::Value for $name {
            type Scratch = $crate::codec::columns::IntScratch<$repr>;
            type Payload<'a> = $crate::codec::columns::IntPayload<'a, Self>;

            const LAYOUT: $crate::codec::columns::Layout = $crate::codec::columns::Layout::Smaller;
            const WEIGHT: u64 = 8;

            fn encode(&self, w: &mut $crate::codec::Writer) {
                $crate::codec::Value::encode(&self.number(), w);
            }

            fn decode(
                $r: &mut $crate::codec::Reader<'_>,
            ) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                $decode
            }

            fn is_default(&self) -> bool {
                self.number() == 0
            }
        }

        impl $crate::codec::Key for $name {
            fn path_text(&self) -> ::std::string::String {
                ::std::string::ToString::to_string(&self.number())
            }
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
        type Scratch = $crate::codec::columns::RowsScratch;
        type Payload<'a> = $crate::codec::columns::RowsPayload<Self>;

        const LAYOUT: $crate::codec::columns::Layout = $crate::codec::columns::Layout::Rows;

        fn encode(&self, w: &mut $crate::codec::Writer) {
            w.nested(|w| $crate::codec::Union::encode_case(self, w));
        }

        fn decode(r: &mut $crate::codec::Reader<'_>) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
            r.nested(<Self as $crate::codec::Union>::decode_case)
        }

        const CONSTRAINED: bool = <Self as $crate::codec::Union>::CONSTRAINED;

        fn check(&self, at: &$crate::check::Path<'_>) -> ::core::result::Result<(), $crate::check::Violation> {
            $crate::codec::Union::check_case(self, at)
        }
    };
}
