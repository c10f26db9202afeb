//! Columns: the page's example, every mode, generations beside each other, and what is refused.

use proptest::prelude::*;
use restream::codec::{ErrorCode, Value, Writer};
use restream::{Bytes, IndexMap};

use super::{bytes_of, code_of, value_of};
use crate::sample::{Mark, Point, Shape, Side, Tree};

/// `fields struct Pair { next 3, 1 a: u8, 2 b: string? }`
#[derive(Clone, Debug, Default, PartialEq)]
struct Pair {
    a: u8,
    b: Option<String>,
}

/// `Pair` of another generation: `a` is wider, `b` is retired, `c` and `d` are new.
#[derive(Clone, Debug, Default, PartialEq)]
struct Newer {
    a: u32,
    c: bool,
    d: Vec<u8>,
}

macro_rules! rows_are_not_asked_for {
    ($($ty:ident)*) => {$(
        impl restream::codec::Row for $ty {
            fn encode_row(&self, w: &mut Writer) {
                let row = w.row(0);
                w.finish_row(row);
            }

            fn decode_row(r: &mut restream::codec::Reader<'_>) -> Result<Self, restream::DecodeError> {
                r.rest();
                Ok(Self::default())
            }

            fn is_default_row(&self) -> bool {
                *self == Self::default()
            }
        }
    )*};
}
rows_are_not_asked_for! { Pair Newer }

restream::row_value! {
    Pair Counted 2 [] {
        1 a: u8;
        2 b: Option<String>;
    }
}
restream::row_value! {
    Newer Counted 4 [2 Len] {
        1 a: u32;
        3 c: bool = true;
        4 d: Vec<u8>;
    }
}

fn pairs() -> Vec<Pair> {
    let pair = |a, b: Option<&str>| Pair { a, b: b.map(str::to_owned) };
    vec![pair(7, None), pair(7, Some("x")), pair(9, None), pair(8, None)]
}

const PAIRS: [u8; 16] = [0x1f, 0x13, 0x40, 0x19, 0x05, 0x41, 7, 7, 9, 8, 0x80, 0b10, 0x07, 0x41, 1, b'x'];

fn round_trip<T: Value>(value: &T) -> Vec<u8> {
    let bytes = bytes_of(value);
    assert_eq!(value_of::<T>(&bytes).as_ref(), Ok(value));
    for end in 0..bytes.len() {
        assert!(value_of::<T>(&bytes[..end]).is_err(), "decodes from its first {end} bytes");
    }
    bytes
}

/// A list in columns: `column` behind the head.
fn list(n: u8, column: &[u8]) -> Vec<u8> {
    let mut bytes = vec![((column.len() + 1) as u8) << 1 | 1, (n << 1 | 1) << 1 | 1];
    bytes.extend(column);
    bytes
}

fn code<T: Value>(n: u8, column: &[u8]) -> ErrorCode {
    code_of::<Vec<T>>(&list(n, column))
}

#[test]
fn the_example_of_the_page() {
    assert_eq!(round_trip(&pairs()), PAIRS);
}

#[test]
fn a_writer_of_another_generation_is_read() {
    let newer: Vec<Newer> = (7..11).map(|a| Newer { a, c: a == 8, d: vec![1; a as usize] }).collect();
    let bytes = round_trip(&newer);
    let known = |a: u32| Pair { a: a as u8, b: None };
    assert_eq!(value_of(&bytes), Ok((7..11).map(known).collect::<Vec<_>>()), "what is new is dropped");
    let known = |pair: Pair| Newer { a: pair.a.into(), c: false, d: Vec::new() };
    let missing: Vec<Newer> = pairs().into_iter().map(known).collect();
    let read: Vec<Newer> = value_of(&PAIRS).unwrap();
    assert_eq!(read.iter().map(|pair| pair.a).collect::<Vec<_>>(), [7, 7, 9, 8]);
    assert!(read.iter().all(|pair| pair.c), "its default");
    assert_eq!(read.len(), missing.len());
}

#[test]
fn widths_and_bases_of_numbers() {
    assert_eq!(bytes_of(&vec![7_u8; 4]), list(4, &[0x50, 15]));
    assert_eq!(bytes_of(&vec![0_u8; 4]), list(4, &[0]));
    assert_eq!(value_of(&list(4, &[0x51, 3, 0, 1, 2, 3])), Ok(vec![-1_i32, 0, 1, 2]));
    assert_eq!(bytes_of(&vec![-100_i32; 8]), list(8, &[0x50, 0x1e, 0x03]));
    assert_eq!(bytes_of(&vec![1_000_000_u32, 1_000_001, 1_000_002, 1_000_009]).len(), 2 + 1 + 3 + 4);
    for values in [vec![i64::MIN, i64::MAX, 0, 1], vec![i64::MAX; 5], vec![i64::MIN; 4]] {
        round_trip(&values);
    }
    round_trip(&vec![u64::MAX, 0, 1, u64::MAX - 1]);
    assert_eq!(value_of::<Vec<u8>>(&list(2, &[0x42, 1, 0, 2, 0])), Ok(vec![1, 2]), "wider than needed");
    assert_eq!(value_of::<Vec<u8>>(&list(2, &[0x81, 0b10, 5])), Ok(vec![0, 5]));
}

#[test]
fn outliers_make_rows() {
    let values = vec![1_u32, 1, 1, 1, u32::MAX];
    assert_eq!(round_trip(&values)[1], (5 << 1) << 1 | 1);
}

#[test]
fn what_columns_refuse() {
    assert_eq!(code::<u8>(4, &[0x42, 0, 1, 0, 0, 0, 0, 0, 0]), ErrorCode::Range);
    assert_eq!(code::<u8>(1, &[0x51, 0xff, 200]), ErrorCode::Range, "base and offset together");
    assert_eq!(code::<i8>(1, &[0x51, 0x03, 0xff]), ErrorCode::Range);
    assert_eq!(code::<i64>(1, &[0x58, 0x03, 255, 255, 255, 255, 255, 255, 255, 255]), ErrorCode::Range);
    for mode in [0x49, 0x61, 0xc1, 0x01, 0x10, 0x20] {
        assert_eq!(code::<u8>(1, &[mode, 1, 1, 1]), ErrorCode::Mode, "{mode:#x}");
    }
    assert_eq!(code::<bool>(1, &[0x80, 1, 1]), ErrorCode::Mode);
    assert_eq!(code::<bool>(1, &[0x40, 2]), ErrorCode::Padding);
    assert_eq!(code::<Option<bool>>(1, &[0x41, 2]), ErrorCode::Bool);
    assert_eq!(code::<Option<bool>>(1, &[0x81, 2, 1]), ErrorCode::Padding);
    assert_eq!(code::<f32>(1, &[0x40, 1, 0, 0xc0, 0x7f]), ErrorCode::Nan);
    assert_eq!(code::<Side>(1, &[0x41, 3]), ErrorCode::Enum);
    assert_eq!(code::<Shape>(1, &[0]), ErrorCode::Mode, "a union has no zero");
    assert_eq!(code::<Shape>(1, &[0x40, 0x03, 0x03]), ErrorCode::Mode, "and no columns");
    assert_eq!(code::<String>(1, &[0x40, 0x07, 0x41, 2, b'x']), ErrorCode::Length);
    assert_eq!(code::<String>(1, &[0x40, 0x07, 0x81, 1, 1]), ErrorCode::Mode, "lengths are all there");
    assert_eq!(code::<String>(1, &[0x40, 0x07, 0x41, 1, 0xff]), ErrorCode::Utf8);
    assert_eq!(code::<String>(2, &[0x40, 0x0b, 0x41, 1, 1, 0xc3, 0xbc]), ErrorCode::Utf8, "each by itself");
    assert_eq!(code::<Pair>(1, &[0x40, 0x03, 0x05]), ErrorCode::Truncated);
    assert_eq!(code::<Pair>(1, &[0x40, 0x09, 0x05, 0, 0, 0]), ErrorCode::Length);
    assert_eq!(code::<u8>(1, &[0x40, 0]), ErrorCode::Length);
    let repeated = [0x0d, (2 << 1 | 1) << 1 | 1, 0x41, 5, 5, 0x50, 0x03];
    assert_eq!(code_of::<IndexMap<u8, u8>>(&repeated), ErrorCode::DuplicateKey);
}

#[test]
fn narrow_columns_cannot_unfold_into_too_much() {
    let zeros = |n: u64| {
        let mut w = Writer::new();
        w.nested(|w| {
            w.varint(n << 1 | 1);
            w.byte(0);
        });
        w.into_bytes()
    };
    assert_eq!(value_of::<Vec<u64>>(&zeros(1_088)).map(|list| list.len()), Ok(1_088));
    assert_eq!(code_of::<Vec<u64>>(&zeros(1_089)), ErrorCode::Count);
    let many = |lists: usize| {
        let mut w = Writer::new();
        w.nested(|w| {
            w.varint((lists as u64) << 1);
            (0..lists).for_each(|_| w.raw(&zeros(1_000)));
        });
        w.into_bytes()
    };
    assert!(value_of::<Vec<Vec<u64>>>(&many(100)).is_ok());
    assert_eq!(code_of::<Vec<Vec<u64>>>(&many(1_000)), ErrorCode::Elements);
    assert!(bytes_of(&vec![vec![0_u64; 1_000]; 1_000]).len() > 20_000, "an encoder takes rows then");
}

#[test]
fn one_writer_makes_the_same_bytes_again() {
    let mut w = Writer::new();
    let trees = vec![Tree { children: vec![Tree::default(); 9], ..Tree::default() }; 5];
    let encoded = |w: &mut Writer| {
        w.clear();
        trees.encode(w);
        pairs().encode(w);
        w.as_slice().to_vec()
    };
    let first = encoded(&mut w);
    assert_eq!(encoded(&mut w), first);
}

fn point() -> impl Strategy<Value = Point> {
    (any::<f32>().prop_filter("comparable", |x| !x.is_nan()), proptest::option::of("[a-zü]{0,3}"), any::<bool>())
        .prop_map(|(x, label, on)| Point { x, y: 0.0, label, on })
}

fn many<T: std::fmt::Debug>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(values, 0..40)
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn lists_come_back(
        points in many(point()),
        names in many(proptest::option::of("[a-zö]{0,20}")),
        numbers in many(many(any::<i16>())),
        marks in many(any::<u8>().prop_map(Mark::from_number)),
        bits in many(proptest::option::of(any::<bool>())),
        blobs in many(many(any::<u8>()).prop_map(Bytes::from)),
    ) {
        prop_assert_eq!(value_of(&bytes_of(&points)), Ok(points));
        prop_assert_eq!(value_of(&bytes_of(&names)), Ok(names));
        prop_assert_eq!(value_of(&bytes_of(&numbers)), Ok(numbers));
        prop_assert_eq!(value_of(&bytes_of(&marks)), Ok(marks));
        prop_assert_eq!(value_of(&bytes_of(&bits)), Ok(bits));
        prop_assert_eq!(value_of(&bytes_of(&blobs)), Ok(blobs));
    }

    #[test]
    fn maps_come_back(
        entries in many((any::<u16>(), many((any::<i8>(), "[a-z]{0,4}")))),
    ) {
        let map: IndexMap<u16, IndexMap<i8, String>> =
            entries.into_iter().map(|(key, inner)| (key, inner.into_iter().collect())).collect();
        let maps = vec![map.clone(), IndexMap::new(), map, IndexMap::new()];
        prop_assert_eq!(value_of(&bytes_of(&maps)), Ok(maps));
    }

    #[test]
    fn arbitrary_columns_never_panic(column in many(any::<u8>()), n in 0..40_u8) {
        let bytes = list(n, &column);
        let _ = value_of::<Vec<Pair>>(&bytes);
        let _ = value_of::<Vec<Newer>>(&bytes);
        let _ = value_of::<Vec<Tree>>(&bytes);
        let _ = value_of::<Vec<Vec<Option<String>>>>(&bytes);
        let _ = value_of::<IndexMap<String, Point>>(&bytes);
        let _ = value_of::<Vec<IndexMap<u8, Shape>>>(&bytes);
    }
}
