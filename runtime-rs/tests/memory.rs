//! What input that turns out to be bad may make the decoder allocate: twice its size and 1 MiB.
//!
//! A program of its own, because it counts all allocations.

// The exception for tests does not reach their helper functions.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use allocation_counter::measure;
use restream::codec::{DecodeError, ErrorCode, Value, Writer, decode_with};
use restream::delta::{Delta, decode_patch, encode_patch};
use restream::{IndexMap, Level, List, ListPatch, Map, MapPatch};

/// Most bytes that are allocated at one time while `message` is decoded, and what came of it.
fn peak<T>(message: &[u8], decode: impl Fn(&[u8]) -> Result<T, DecodeError>) -> (u64, Option<ErrorCode>) {
    let mut code = None;
    let info = measure(|| code = decode(message).err().map(|error| error.code));
    (info.bytes_max, code)
}

/// Decodes `message` as it is, cut and changed at many places, and with a wrong end.
fn rejected_messages_stay_small<T: Debug>(message: &[u8], decode: impl Fn(&[u8]) -> Result<T, DecodeError>) {
    let allowed = 2 * message.len() as u64 + (1 << 20);
    let (accepted, code) = peak(message, &decode);
    assert_eq!(code, None);
    assert!(accepted > allowed, "accepted in {accepted} bytes: too small to show anything");

    for end in (1..4).map(|quarter| message.len() * quarter / 4).chain([message.len() - 1]) {
        let (bytes, code) = peak(&message[..end], &decode);
        assert!(code.is_some());
        assert!(bytes <= allowed, "cut at {end}: {bytes} of {allowed} bytes");
    }
    let mut changed = message.to_vec();
    for at in (0..4).map(|quarter| message.len() * quarter / 4).chain([message.len() - 1]) {
        let kept = std::mem::replace(&mut changed[at], 0x02);
        let (bytes, code) = peak(&changed, &decode);
        assert!(code.is_none() || bytes <= allowed, "changed at {at}: {bytes} of {allowed} bytes");
        changed[at] = kept;
    }
}

fn encoded(value: &impl Value) -> Vec<u8> {
    let mut w = Writer::new();
    value.encode(&mut w);
    w.into_bytes().to_vec()
}

fn value<T: Value>(message: &[u8]) -> Result<T, DecodeError> {
    decode_with(message, T::decode)
}

#[test]
fn lists_of_small_elements() {
    rejected_messages_stay_small(&encoded(&vec![IndexMap::<u8, u8>::new(); 100_000]), value::<Vec<IndexMap<u8, u8>>>);
    rejected_messages_stay_small(&encoded(&vec![None::<String>; 60_000]), value::<Vec<Option<String>>>);
    rejected_messages_stay_small(&encoded(&vec![String::new(); 300_000]), value::<Vec<String>>);
    rejected_messages_stay_small(&encoded(&vec![vec![vec![1_u64; 2]; 3]; 30_000]), value::<Vec<Vec<Vec<u64>>>>);
}

#[test]
fn maps() {
    let map: IndexMap<u32, Option<String>> = (0..40_000).map(|key| (key, None)).collect();
    rejected_messages_stay_small(&encoded(&map), value::<IndexMap<u32, Option<String>>>);
    let names: IndexMap<String, u8> = (0..40_000).map(|key| (format!("{key:x}"), 0)).collect();
    rejected_messages_stay_small(&encoded(&names), value::<IndexMap<String, u8>>);
}

#[test]
fn a_repeated_key_at_the_end_of_a_large_map() {
    const N: u32 = 40_000;
    let message = |last: u32| {
        let mut w = Writer::new();
        w.nested(|w| {
            w.varint(u64::from(N) << 1);
            (0..N - 1).chain([last]).for_each(|key| (key, 0_u8).encode_both(w));
        });
        w.into_bytes()
    };
    assert!(value::<IndexMap<u32, u8>>(&message(N)).is_ok());
    let repeated = message(77);
    let (bytes, code) = peak(&repeated, value::<IndexMap<u32, u8>>);
    assert_eq!(code, Some(ErrorCode::DuplicateKey));
    assert!(bytes <= 2 * repeated.len() as u64 + (1 << 20), "{bytes} bytes");
    assert_eq!(value::<IndexMap<u32, u8>>(&repeated).unwrap_err().offset, repeated.len() - 2);
}

#[test]
fn nothing_but_repeated_keys() {
    let mut w = Writer::new();
    w.varint(900_000);
    w.raw(&vec![0x03; 900_000]);
    let (bytes, code) = peak(w.as_slice(), decode_patch::<Map<u8, u8>>);
    assert_eq!(code, Some(ErrorCode::DuplicateKey));
    assert!(bytes <= 2 * w.len() as u64 + (1 << 20), "{bytes} bytes");
}

trait EncodeBoth {
    fn encode_both(&self, w: &mut Writer);
}

impl<K: Value, V: Value> EncodeBoth for (K, V) {
    fn encode_both(&self, w: &mut Writer) {
        self.0.encode(w);
        self.1.encode(w);
    }
}

fn patch<T: Delta>(message: &[u8]) -> Result<T::Patch, DecodeError> {
    decode_patch::<T>(message)
}

#[test]
fn deltas() {
    let list =
        (0..40_000).fold(ListPatch::<List<u8>>::new(), |list, at| list.patch(at % 7, ListPatch::new().remove(0)));
    let bytes = encode_patch::<List<List<u8>>>(&list, Level::MAX).unwrap();
    rejected_messages_stay_small(&bytes, patch::<List<List<u8>>>);

    let map = (0..30_000).fold(MapPatch::<u32, Map<u32, u8>>::new(), |map, key| {
        map.remove(key).set(key + 1_000_000, Map::new()).patch(key + 2_000_000, MapPatch::new().remove(1))
    });
    let bytes = encode_patch::<Map<u32, Map<u32, u8>>>(&map, Level::MAX).unwrap();
    rejected_messages_stay_small(&bytes, patch::<Map<u32, Map<u32, u8>>>);
}

#[test]
fn small_messages_are_read_once() {
    let names: Vec<String> = (0..1_000).map(|n| format!("name {n}")).collect();
    let message = encoded(&names);
    let allocations = measure(|| drop(value::<Vec<String>>(&message).unwrap())).count_total;
    assert_eq!(allocations, 1_001);
}
