//! decode(encode(x)) = x for every scalar and container, and nothing else decodes to the end.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use restream::codec::{Value, decode, encode};
use restream::{BigInt, Bytes, Decimal, Duration, IndexMap, Timestamp, Uuid};

use super::{bytes_of, value_of};
use crate::sample::{Mark, Move, Point, Shape, Tree};

/// The value comes back, its bytes are stable, and no prefix of them is a value.
fn round_trip<T: Value>(value: T) {
    let bytes = bytes_of(&value);
    assert_eq!(value_of::<T>(&bytes).as_ref(), Ok(&value));
    for end in 0..bytes.len() {
        assert!(value_of::<T>(&bytes[..end]).is_err(), "{value:?} decodes from its first {end} bytes");
    }
}

fn decimal<const P: u8, const S: u8>() -> impl Strategy<Value = Decimal<P, S>> {
    (Decimal::<P, S>::MIN.unscaled()..=Decimal::<P, S>::MAX.unscaled())
        .prop_map(|unscaled| Decimal::from_unscaled(unscaled).unwrap())
}

fn big_int() -> impl Strategy<Value = BigInt> {
    vec(any::<u8>(), 0..40).prop_map(|bytes| BigInt::from_signed_bytes_le(&bytes))
}

fn index_map<K: restream::codec::Key, V: Value>(
    key: impl Strategy<Value = K>,
    value: impl Strategy<Value = V>,
) -> impl Strategy<Value = IndexMap<K, V>> {
    vec((key, value), 0..12).prop_map(|entries| entries.into_iter().collect())
}

fn shape() -> impl Strategy<Value = Shape> {
    let finite = any::<f64>().prop_filter("comparable", |x| !x.is_nan());
    prop_oneof![finite.prop_map(|radius| Shape::Circle { radius }), Just(Shape::Nothing)]
}

fn a_move() -> impl Strategy<Value = Move> {
    (any::<u8>(), any::<u8>()).prop_map(|(cell, by)| Move { cell, by: Mark::from_number(by) })
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = ("[a-z]{0,4}", any::<bool>()).prop_map(|(name, open)| Tree { name, open, ..Tree::default() });
    leaf.prop_recursive(5, 40, 4, |inner| {
        (inner.clone(), option::of(inner.clone()), vec(inner, 0..4)).prop_map(|(tree, down, children)| Tree {
            down: down.map(Box::new),
            children,
            ..tree
        })
    })
}

proptest! {
    #![proptest_config(crate::cases(96))]

    #[test]
    fn integers(a: u8, b: u16, c: u32, d: u64, e: i8, f: i16, g: i32, h: i64, shift in 0..64_u32) {
        round_trip(a);
        round_trip(b);
        round_trip(c);
        round_trip(d);
        round_trip(e);
        round_trip(f);
        round_trip(g);
        round_trip(h);
        round_trip(d >> shift);
        round_trip(h >> shift);
    }

    #[test]
    fn floats_keep_their_bits(a: f32, b: f64) {
        let (single, double) = (value_of::<f32>(&bytes_of(&a)).unwrap(), value_of::<f64>(&bytes_of(&b)).unwrap());
        prop_assert!(single.to_bits() == a.to_bits() || a.is_nan() && single.is_nan());
        prop_assert!(double.to_bits() == b.to_bits() || b.is_nan() && double.is_nan());
    }

    #[test]
    fn other_scalars(a: bool, b: String, c: Vec<u8>, d: [u8; 16], e: i64, f: i64) {
        round_trip(a);
        round_trip(b);
        round_trip(Bytes::from(c));
        round_trip(Uuid::from_bytes(d));
        round_trip(Timestamp::from_millis(e));
        round_trip(Duration::from_micros(f));
    }

    #[test]
    fn exact_numbers(a in decimal::<18, 4>(), b in decimal::<38, 10>(), c in big_int()) {
        round_trip(a);
        round_trip(b);
        round_trip(c);
    }

    #[test]
    fn containers(
        a in vec(any::<i32>(), 0..200),
        b in vec(option::of(".{0,3}"), 0..20),
        c in index_map(".{0,3}", vec(any::<u8>(), 0..3)),
        d in index_map(any::<u16>(), option::of(any::<bool>())),
        e in vec(index_map(any::<bool>(), option::of(any::<u64>())), 0..4),
    ) {
        round_trip(a);
        round_trip(b);
        round_trip(c);
        round_trip(d);
        round_trip(e);
    }

    #[test]
    fn structs_and_unions(a in a_move(), b in shape(), label in option::of(".{0,3}"), on: bool, t in tree()) {
        round_trip(a);
        round_trip(b);
        round_trip(Point { x: 1.5, y: -0.0, label, on });
        prop_assert_eq!(decode::<Tree>(&encode(&t)), Ok(t));
    }
}
