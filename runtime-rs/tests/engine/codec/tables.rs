//! The values and refusals that docs/wire-format.md names.

use restream::codec::{ErrorCode, Value, decode, decode_case, encode, encode_case};
use restream::{BigInt, Bytes, Decimal, Duration, IndexMap, Timestamp, Uuid};

use super::{bytes_of, code_of, head, value_of};
use crate::sample::{Mark, Move, Point, Shape, Side, Tree};

/// Both directions.
fn is<T: Value>(value: T, bytes: &[u8]) {
    assert_eq!(bytes_of(&value), bytes, "{value:?}");
    assert_eq!(value_of::<T>(bytes), Ok(value));
}

#[test]
fn varints() {
    is(0_u64, &[0x01]);
    is(1_u64, &[0x03]);
    is(127_u64, &[0xff]);
    is(128_u64, &[0x02, 0x02]);
    is(16_383_u64, &[0xfe, 0xff]);
    is(16_384_u64, &[0x04, 0x00, 0x02]);
    is(u64::MAX, &[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    is((1_u64 << 56) - 1, &[0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    is(1_u64 << 56, &[0x00, 0, 0, 0, 0, 0, 0, 0, 1]);
    is(-1_i64, &[0x03]);
    is(1_i64, &[0x05]);
    is(i64::MIN, &[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
}

#[test]
fn every_length_of_a_varint_begins_and_ends_where_it_should() {
    for n in 1..=9_u32 {
        let lowest = if n == 1 { 0 } else { 1_u64 << (7 * (n - 1)) };
        let highest = if n == 9 { u64::MAX } else { (1_u64 << (7 * n)) - 1 };
        for value in [lowest, highest] {
            assert_eq!(bytes_of(&value).len(), n as usize, "{value}");
            assert_eq!(value_of::<u64>(&bytes_of(&value)), Ok(value));
        }
    }
}

#[test]
fn overlong_and_truncated_varints_are_refused() {
    for overlong in [&[0x02, 0x00][..], &[0xfe, 0x01], &[0x04, 0xfc, 0x01], &[0x00, 0xff, 0, 0, 0, 0, 0, 0, 0]] {
        assert_eq!(code_of::<u64>(overlong), ErrorCode::Overlong, "{overlong:x?}");
    }
    for truncated in [&[][..], &[0x02], &[0x04, 0x00], &[0x00, 1, 2, 3, 4, 5, 6, 7]] {
        assert_eq!(code_of::<u64>(truncated), ErrorCode::Truncated, "{truncated:x?}");
    }
    assert_eq!(code_of::<u64>(&[0x01, 0x01]), ErrorCode::Trailing);
}

#[test]
fn numbers_outside_their_type_are_refused() {
    assert_eq!(code_of::<u8>(&bytes_of(&300_u64)), ErrorCode::Range);
    assert_eq!(code_of::<u32>(&bytes_of(&(1_u64 << 32))), ErrorCode::Range);
    assert_eq!(code_of::<i8>(&bytes_of(&-129_i64)), ErrorCode::Range);
    assert_eq!(code_of::<Timestamp>(&bytes_of(&8_640_000_000_000_001_i64)), ErrorCode::Range);
    assert_eq!(code_of::<Duration>(&bytes_of(&-(1_i64 << 53))), ErrorCode::Range);
    assert_eq!(code_of::<Decimal<3, 0>>(&bytes_of(&1_000_i64)), ErrorCode::Range);
    assert_eq!(code_of::<Decimal<20, 0>>(&i128::MAX.to_le_bytes()), ErrorCode::Range);
}

#[test]
fn scalars() {
    is(true, &[1]);
    assert_eq!(code_of::<bool>(&[2]), ErrorCode::Bool);
    is(-0.0_f32, &[0, 0, 0, 0x80]);
    is(1.5_f64, &[0, 0, 0, 0, 0, 0, 0xf8, 0x3f]);
    is("a\u{feff}é".to_owned(), &[0x0d, b'a', 0xef, 0xbb, 0xbf, 0xc3, 0xa9]);
    assert_eq!(code_of::<String>(&[0x07, 0xed, 0xa0, 0x80]), ErrorCode::Utf8);
    assert_eq!(code_of::<String>(&[0x09, b'a']), ErrorCode::Truncated);
    is(Bytes::from_static(&[1, 2]), &[0x05, 1, 2]);
    is(Timestamp::from_millis(-1), &[0x03]);
    is(Duration::from_micros(1), &[0x05]);
    let id: Uuid = "00112233-4455-6677-8899-aabbccddeeff".parse().unwrap();
    is(id, id.as_bytes());
    is(Decimal::<4, 2>::from_unscaled(-1).unwrap(), &[0x03]);
    is(Decimal::<19, 2>::from_unscaled(-1).unwrap(), &[0xff; 16]);
}

#[test]
fn one_nan_only() {
    assert_eq!(bytes_of(&f32::from_bits(0xffc0_0001)), [0, 0, 0xc0, 0x7f]);
    assert_eq!(bytes_of(&f64::NAN), [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]);
    assert!(value_of::<f32>(&[0, 0, 0xc0, 0x7f]).unwrap().is_nan());
    assert_eq!(code_of::<f32>(&[1, 0, 0x80, 0x7f]), ErrorCode::Nan);
    assert_eq!(code_of::<f64>(&[0, 0, 0, 0, 0, 0, 0xf8, 0xff]), ErrorCode::Nan);
}

#[test]
fn big_integers_are_shortest() {
    is(BigInt::from(0), &[0x01]);
    is(BigInt::from(127), &[0x03, 0x7f]);
    is(BigInt::from(128), &[0x05, 0x80, 0x00]);
    is(BigInt::from(-1), &[0x03, 0xff]);
    is(BigInt::from(-129), &[0x05, 0x7f, 0xff]);
    for redundant in [&[0x03, 0x00][..], &[0x05, 0x7f, 0x00], &[0x05, 0x80, 0xff]] {
        assert_eq!(code_of::<BigInt>(redundant), ErrorCode::Overlong, "{redundant:x?}");
    }
}

#[test]
fn enums() {
    is(Mark::O, &[0x05]);
    is(Mark::Unrecognized(9), &[0x13]);
    is(Side::Right, &[0x09]);
    assert_eq!(code_of::<Side>(&[0x03]), ErrorCode::Enum);
    assert_eq!(code_of::<Mark>(&bytes_of(&256_u64)), ErrorCode::Range);
}

#[test]
fn lists() {
    is(Vec::<u8>::new(), &[0x03, head(0)]);
    is(vec![1_u8, 2], &[0x07, head(2), 0x03, 0x05]);
    is(vec![true, false], &[0x07, head(2), 1, 0]);
    is(vec![Some(1_u8), None, Some(0)], &[0x09, head(3), 0b101, 0x03, 0x01]);
    is(vec![vec![Mark::X]], &[0x09, head(1), 0x05, head(1), 0x03]);
    assert_eq!(code_of::<Vec<u8>>(&[0x07, head(1), 0x03, 0x05]), ErrorCode::Length);
    assert_eq!(code_of::<Vec<u8>>(&[0x05, head(2), 0x03, 0x05]), ErrorCode::Truncated);
    assert_eq!(code_of::<Vec<u8>>(&[0x09, head(2), 0x03, 0x05]), ErrorCode::Truncated);
    assert_eq!(code_of::<Vec<Option<u8>>>(&[0x05, head(1), 0b10]), ErrorCode::Padding);
}

#[test]
fn maps() {
    is(
        IndexMap::from([("b".to_owned(), 1_u8), ("a".to_owned(), 2)]),
        &[0x0f, head(2), 0x03, b'b', 0x03, 0x03, b'a', 0x05],
    );
    is(IndexMap::from([(1_u8, None), (2, Some(7_u8))]), &[0x0b, head(2), 0b10, 0x03, 0x05, 0x0f]);
    let repeated = value_of::<IndexMap<u8, u8>>(&[0x0b, head(2), 0x03, 0x03, 0x03, 0x05]).unwrap_err();
    assert_eq!((repeated.code, repeated.offset), (ErrorCode::DuplicateKey, 4));
}

#[test]
fn rows_leave_defaults_out() {
    assert_eq!(&encode(&Move::default())[..], [0x07, 0b00]);
    assert_eq!(&encode(&Move { cell: 3, by: Mark::Empty })[..], [0x07, 0b11, 0x07, 0x01]);
    assert_eq!(decode(&[0x07, 0b10, 0x01]), Ok(Move { cell: 0, by: Mark::Empty }));
    assert_eq!(decode(&[0x07, 0b01, 0x01]), Ok(Move::default()), "a set bit with the default behind it is accepted");
    assert_eq!(&encode(&Tree { open: false, ..Tree::default() })[..], [0x09, 0b1000]);
}

#[test]
fn rows_of_other_generations() {
    let newer = [0x0b, 0b1_0011, 0x07, 0x05, 0x07, 1, 2, 3];
    assert_eq!(decode(&newer), Ok(Move { cell: 3, by: Mark::O }), "what a newer writer added is dropped");
    assert_eq!(decode(&[0x03, 0b1, 0x0b]), Ok(Move { cell: 5, by: Mark::X }), "an older writer knows fewer slots");
    assert_eq!(decode(&[0x07, 0b101, 0x07]), Ok(Move { cell: 3, by: Mark::X }), "a retired bit has no value");
}

#[test]
fn bad_rows_are_refused() {
    let code = |bytes: &[u8]| decode::<Move>(bytes).unwrap_err().code;
    assert_eq!(code(&[]), ErrorCode::Truncated);
    assert_eq!(code(&[0x07]), ErrorCode::Truncated);
    assert_eq!(code(&[0x07, 0b1000]), ErrorCode::Padding);
    assert_eq!(code(&[0x07, 0b1, 0x03, 0x03]), ErrorCode::Trailing);
    assert_eq!(code(&bytes_of(&4_097_u64)), ErrorCode::Slots);
    assert_eq!(code_of::<Move>(&[0x07, 0x07, 0b0, 0x01]), ErrorCode::Length);
}

#[test]
fn a_row_of_the_most_slots_is_read() {
    let mut bytes = bytes_of(&4_096_u64);
    bytes.extend([0; 512]);
    assert_eq!(decode(&bytes), Ok(Move::default()));
}

#[test]
fn serializers_have_neither_ids_nor_presence() {
    let point = Point { x: 1.0, y: 0.0, label: Some("p".into()), on: true };
    assert_eq!(&encode(&point)[..], [0, 0, 0x80, 0x3f, 0, 0, 0, 0, 1, 0x03, b'p', 1]);
    is(point, &[0x19, 0, 0, 0x80, 0x3f, 0, 0, 0, 0, 1, 0x03, b'p', 1]);
    is(Point::default(), &[0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(decode::<Point>(&[0; 11]).unwrap_err().code, ErrorCode::Trailing);
}

#[test]
fn unions() {
    is(Shape::Circle { radius: 0.0 }, &[0x07, 0x03, 0x03, 0]);
    is(Shape::Nothing, &[0x03, 0x05]);
    assert_eq!(value_of(&[0x03, 0x03]), Ok(Shape::Circle { radius: 0.0 }), "no payload: defaults");
    assert_eq!(value_of(&[0x07, 0x05, 0x03, 0]), Ok(Shape::Nothing), "a payload that was added later");
    let unknown = [0x07, 0x13, 0xaa, 0xbb];
    let shape: Shape = value_of(&unknown).unwrap();
    assert!(matches!(&shape, Shape::Unrecognized(case) if case.id == 9 && case.bytes[..] == [0xaa, 0xbb]));
    is(shape, &unknown);
    assert_eq!(&encode_case(&Shape::Nothing)[..], [0x05]);
    assert_eq!(decode_case(&[0x05]), Ok(Shape::Nothing));
}

#[test]
fn nothing_is_a_row_too() {
    assert_eq!(&encode(&())[..], [0x01]);
    assert_eq!((decode(&[]), decode(&[0x01]), decode(&[0x03, 0])), (Ok(()), Ok(()), Ok(())));
    assert_eq!(decode::<()>(&[0x01, 0x01]).unwrap_err().code, ErrorCode::Trailing);
}
