//! Types that are always replaced whole.

use bytes::Bytes;
use indexmap::{IndexMap, IndexSet};
use num_bigint::BigInt;
use uuid::Uuid;

use super::{Delta, Place};
use crate::codec::{Key, Value};
use crate::scalar::{Decimal, Duration, Timestamp};

/// The patch of a type that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

/// Makes types that are [`Value`](crate::codec::Value)s replaceable as a whole in stores.
#[macro_export]
macro_rules! leaf {
    ([$($param:ident),+] $ty:ty where $($bounds:tt)+) => {
        impl<$($param),+> $crate::delta::Delta for $ty
        where
            $($bounds)+
        {
            $crate::__leaf_items!();
        }

        impl<$($param),+> $crate::delta::Place for $ty
        where
            $($bounds)+
        {
            $crate::__place_items!();
        }
    };
    ($($ty:ty),+ $(,)?) => {$(
        impl $crate::delta::Delta for $ty {
            $crate::__leaf_items!();
        }

        impl $crate::delta::Place for $ty {
            $crate::__place_items!();
        }
    )+};
}

/// Makes a struct around one value travel like that value, and converts between the two. What stands last checks its
/// constraints.
#[macro_export]
macro_rules! newtype {
    ($name:ident, $base:ty, Display $(, $check:expr)?) => {
        $crate::newtype!($name, $base $(, $check)?);

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }
    };
    ($name:ident, $base:ty $(, $check:expr)?) => {
        impl $crate::codec::columns::Wrapper for $name {
            type Inner = $base;

            #[inline]
            fn inner(&self) -> &$base {
                &self.0
            }

            #[inline]
            fn wrap(inner: $base) -> Self {
                Self(inner)
            }
        }

        impl $crate::codec::Value for $name {
            type Scratch = $crate::codec::columns::WrapScratch<<$base as $crate::codec::Value>::Scratch>;
            type Payload<'a> = $crate::codec::columns::WrapPayload<<$base as $crate::codec::Value>::Payload<'a>>;

            const LAYOUT: $crate::codec::columns::Layout = <$base as $crate::codec::Value>::LAYOUT;
            const WEIGHT: u64 = <$base as $crate::codec::Value>::WEIGHT;
            const NUMERIC: bool = <$base as $crate::codec::Value>::NUMERIC;

            fn encode(&self, w: &mut $crate::codec::Writer) {
                $crate::codec::Value::encode(&self.0, w);
            }

            fn decode(r: &mut $crate::codec::Reader<'_>) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                $crate::codec::Value::decode(r).map(Self)
            }

            fn is_default(&self) -> bool {
                $crate::codec::Value::is_default(&self.0)
            }

            $(
                const CONSTRAINED: bool = true;

                fn check(
                    &self,
                    at: &$crate::check::Path<'_>,
                ) -> ::core::result::Result<(), $crate::check::Violation> {
                    let check: fn(
                        &$base,
                        &$crate::check::Path<'_>,
                    ) -> ::core::result::Result<(), $crate::check::Violation> = $check;
                    check(&self.0, at)
                }
            )?
        }

        impl $crate::delta::Delta for $name {
            $crate::__leaf_items!();

            fn same(&self, other: &Self) -> bool {
                $crate::delta::Delta::same(&self.0, &other.0)
            }
        }

        impl $crate::delta::Place for $name {
            $crate::__place_items!();
        }

        impl ::core::convert::From<$base> for $name {
            fn from(value: $base) -> Self {
                Self(value)
            }
        }

        impl ::core::convert::From<$name> for $base {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// The items of a leaf's `Delta` impl.
#[doc(hidden)]
#[macro_export]
macro_rules! __leaf_items {
    () => {
        type Patch = $crate::delta::Never;

        const HAS_PATCH: bool = false;

        fn is_empty(patch: &$crate::delta::Never) -> bool {
            match *patch {}
        }

        fn apply(&mut self, patch: &$crate::delta::Never) -> ::core::result::Result<(), $crate::delta::Mismatch> {
            match *patch {}
        }

        fn diff(&self, new: &Self) -> $crate::delta::Change<Self> {
            if $crate::delta::Delta::same(self, new) {
                $crate::delta::Change::Keep
            } else {
                $crate::delta::Change::Set(::core::clone::Clone::clone(new))
            }
        }

        fn settle(&self, patch: &mut $crate::delta::Never) {
            match *patch {}
        }

        fn prune(patch: &mut $crate::delta::Never, _old: &Self, _new: &Self) {
            match *patch {}
        }

        fn encode_patch(patch: &$crate::delta::Never, _w: &mut $crate::codec::Writer) -> bool {
            match *patch {}
        }

        fn decode_patch(
            r: &mut $crate::codec::Reader<'_>,
        ) -> ::core::result::Result<$crate::delta::Never, $crate::codec::DecodeError> {
            ::core::result::Result::Err(r.error($crate::codec::ErrorCode::Op))
        }
    };
}

leaf!(bool, u8, u16, u32, u64, i8, i16, i32, i64, String, Bytes, Uuid, Timestamp, Duration, BigInt);

macro_rules! floats {
    ($($ty:ty),+) => {$(
        impl Delta for $ty {
            __leaf_items!();

            fn same(&self, other: &Self) -> bool {
                self.to_bits() == other.to_bits()
            }
        }

        impl Place for $ty {
            crate::__place_items!();
        }
    )+};
}
floats!(f32, f64);

impl<const P: u8, const S: u8> Delta for Decimal<P, S> {
    __leaf_items!();
}

impl<T: Value> Delta for Vec<T> {
    __leaf_items!();
}

impl<K: Key, V: Value> Delta for IndexMap<K, V> {
    __leaf_items!();
}

impl<T: Key> Delta for IndexSet<T> {
    __leaf_items!();
}

impl<const P: u8, const S: u8> Place for Decimal<P, S> {
    crate::__place_items!();
}

impl<T: 'static> Place for Vec<T> {
    crate::__place_items!();
}

impl<K: 'static, V: 'static> Place for IndexMap<K, V> {
    crate::__place_items!();
}

impl<T: 'static> Place for IndexSet<T> {
    crate::__place_items!();
}
