//! Input that nobody's encoder made.

use proptest::prelude::*;
use restream::IndexMap;
use restream::codec::{ErrorCode, MAX_DEPTH, Value, Writer, decode, encode};

use super::{bytes_of, code_of, value_of};
use crate::sample::{Move, Point, Shape, Tree};

/// A tree of this many nested lengths.
fn deep(depth: u32) -> Tree {
    (0..depth).fold(Tree::default(), |tree, _| Tree { down: Some(Box::new(tree)), ..Tree::default() })
}

/// Runs on a thread with the smallest stack that servers use.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(f).unwrap().join().unwrap();
}

#[test]
fn depth_is_limited_in_both_directions() {
    on_a_small_stack(|| {
        let deepest = deep(MAX_DEPTH);
        assert_eq!(decode(&encode(&deepest)), Ok(deepest));

        let mut w = Writer::new();
        restream::codec::Row::encode_row(&deep(MAX_DEPTH + 1), &mut w);
        assert_eq!(w.exceeded(), Some(ErrorCode::Depth));
    });
}

#[test]
fn depth_of_foreign_bytes_is_refused() {
    on_a_small_stack(|| {
        let mut row = vec![0x09, 0];
        for _ in 0..10_000 {
            let mut w = Writer::new();
            w.raw(&[0x09, 0b0010]);
            w.bytes(&row);
            row = w.into_bytes().to_vec();
        }
        assert_eq!(decode::<Tree>(&row).unwrap_err().code, ErrorCode::Depth);
    });
}

#[test]
fn what_is_skipped_counts_one_level() {
    let skip = |levels: u32| {
        let mut w = Writer::new();
        nest(&mut w, levels);
        restream::codec::decode_with(w.as_slice(), |r| unnest(r, levels))
    };
    assert_eq!(skip(MAX_DEPTH - 1), Ok(()));
    assert_eq!(skip(MAX_DEPTH).unwrap_err().code, ErrorCode::Depth);
}

fn nest(w: &mut Writer, levels: u32) {
    match levels {
        0 => w.str("skipped"),
        _ => w.nested(|w| nest(w, levels - 1)),
    }
}

fn unnest(r: &mut restream::codec::Reader<'_>, levels: u32) -> Result<(), restream::DecodeError> {
    match levels {
        0 => r.skip(restream::codec::Shape::Len),
        _ => r.nested(|r| unnest(r, levels - 1)),
    }
}

#[test]
fn counts_are_checked_before_anything_is_reserved() {
    let list = |count: u64| {
        let mut w = Writer::new();
        w.nested(|w| w.varint(count << 1));
        w.into_bytes()
    };
    assert_eq!(code_of::<Vec<String>>(&list(u64::MAX)), ErrorCode::Count);
    assert_eq!(code_of::<Vec<String>>(&list(1_025)), ErrorCode::Count);
    assert_eq!(code_of::<Vec<String>>(&list(1_024)), ErrorCode::Truncated);
    assert_eq!(code_of::<IndexMap<u8, u8>>(&list(1_025)), ErrorCode::Count);
}

#[test]
fn the_element_budget_counts_numbers_by_bytes() {
    assert!(value_of::<Vec<u8>>(&bytes_of(&vec![1_u8; 2_000_000])).is_ok());
    let mut w = Writer::new();
    vec![Some(true); 1_000_001].encode(&mut w);
    assert_eq!(w.exceeded(), Some(ErrorCode::Elements));
    assert_eq!(code_of::<Vec<Option<bool>>>(w.as_slice()), ErrorCode::Elements);
}

#[test]
fn encoder_and_decoder_count_alike() {
    let value = vec![vec![Some(1_u8), None], vec![]];
    let mut w = Writer::new();
    value.encode(&mut w);
    assert_eq!(w.elements(), 4);
    let mut w = Writer::new();
    vec![0_u16; 65].encode(&mut w);
    assert_eq!(w.elements(), 2);
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..96)) {
        let _ = decode::<Tree>(&bytes);
        let _ = value_of::<Vec<Option<Move>>>(&bytes);
        let _ = value_of::<IndexMap<String, Vec<Point>>>(&bytes);
        let _ = value_of::<IndexMap<u32, Vec<Shape>>>(&bytes);
        let _ = value_of::<restream::BigInt>(&bytes);
        let _ = value_of::<restream::Decimal<38, 2>>(&bytes);
    }

    /// Whatever a decoder accepts has one encoding, up to defaults written out and fields dropped.
    #[test]
    fn changed_bytes_decode_to_something_stable(at in 0..60_usize, byte: u8) {
        let tree = Tree { children: vec![deep(3), Tree::default(), deep(2)], ..Tree::default() };
        let mut bytes = encode(&tree).to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(other) = decode::<Tree>(&bytes) {
            prop_assert_eq!(decode::<Tree>(&encode(&other)), Ok(other));
        }
    }
}
