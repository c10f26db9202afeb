//! Damaged bytes: both languages must say the same of them, whether they accept them and as which value.
//!
//! The valid bytes of values.json and deltas.json are damaged at random, always in the same way; Rust says what it makes of
//! each in tests/vectors/mutated.txt, and TypeScript must say the same. `RSS_BLESS=1` rewrites the file;
//! `RSS_MUTATIONS=200000 RSS_MUTATED=/tmp/mutated.txt` makes a long one elsewhere, to be read with the same `RSS_MUTATED`.

use std::fmt::Write;
use std::path::PathBuf;

use interop::generated::vectors::v1::{
    Arrays, Bases, Cells, Containers, Doc, Earlies, FlatCells, Lates, New, Newtypes, Old, Options, Point, Scalars,
    Sets, Tree,
};
use restream::codec::{self, Row};
use restream::delta::{self, Delta};
use serde_json::Value;

/// Damaged inputs in the file that is kept.
const N_MUTATIONS: usize = 1_500;
/// Longer inputs are left out of it.
const MAX_BYTES: usize = 96;
/// And out of a long file.
const MAX_BYTES_LONG: usize = 500;

/// A valid input: its type, the state it changes if it is a delta, and its bytes.
struct Seed {
    ty: String,
    from: Option<Vec<u8>>,
    bytes: Vec<u8>,
}

/// Source: George Marsaglia, "Xorshift RNGs".
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

#[test]
fn damaged_bytes_are_refused_or_mean_the_same() {
    let long = std::env::var_os("RSS_MUTATED").is_some();
    let seeds = seeds(if long { MAX_BYTES_LONG } else { MAX_BYTES });
    let n = std::env::var("RSS_MUTATIONS").map_or(N_MUTATIONS, |n| n.parse().expect("RSS_MUTATIONS is a number"));
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut text = String::new();
    for _ in 0..n {
        let seed = &seeds[random.below(seeds.len())];
        let donor = &seeds[random.below(seeds.len())].bytes;
        let mut bytes = seed.bytes.clone();
        for _ in 0..=random.below(2) {
            damage(&mut bytes, donor, &mut random);
        }
        let from = seed.from.as_deref().map_or_else(|| "-".to_owned(), hex);
        writeln!(text, "{} {from} {} {}", seed.ty, dash(&hex(&bytes)), verdict(seed, &bytes)).expect("a string");
    }
    let path = std::env::var_os("RSS_MUTATED").map(PathBuf::from);
    if path.is_some() || std::env::var_os("RSS_BLESS").is_some() {
        return std::fs::write(path.unwrap_or_else(kept_file), text).expect("the file can be written");
    }
    let kept = std::fs::read_to_string(kept_file()).expect("mutated.txt");
    assert!(kept == text, "mutated.txt differs from what the codec gives; if that is meant: RSS_BLESS=1");
}

fn kept_file() -> PathBuf {
    vectors().join("mutated.txt")
}

fn vectors() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors"))
}

fn seeds(max_bytes: usize) -> Vec<Seed> {
    let load = |file: &str| -> Value {
        let text = std::fs::read_to_string(vectors().join(file)).expect("a file of vectors");
        serde_json::from_str(&text).expect("JSON")
    };
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let (values, deltas) = (load("values.json"), load("deltas.json"));
    let groups = [&values["cases"], &values["invalid"], &deltas["cases"]];
    let cases = groups.into_iter().flat_map(|group| group.as_array().expect("cases"));
    let seed = |case: &Value| Seed {
        ty: text(&case["type"]),
        from: case.get("fromHex").map(|from| unhex(&text(from))),
        bytes: unhex(&text(&case["hex"])),
    };
    // The many prefixes of valid bytes would drown the rest.
    let is_prefix = |case: &&Value| case["code"] == "truncated";
    cases.filter(|case| !is_prefix(case)).map(seed).filter(|seed| seed.bytes.len() <= max_bytes).collect()
}

fn damage(bytes: &mut Vec<u8>, donor: &[u8], random: &mut Random) {
    const EDGES: [u8; 10] = [0, 1, 2, 3, 4, 5, 0x7f, 0x80, 0xfe, 0xff];
    let at = random.below(bytes.len() + 1);
    match random.below(8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 if at < bytes.len() => bytes[at] = EDGES[random.below(EDGES.len())],
        2 if at < bytes.len() => bytes[at] = bytes[at].wrapping_add([2, 0xfe][random.below(2)]),
        3 if at < bytes.len() => drop(bytes.remove(at)),
        4 => bytes.insert(at, EDGES[random.below(EDGES.len())]),
        5 => bytes.truncate(at),
        6 => {
            let end = (at + random.below(6)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        _ => {
            let begin = random.below(donor.len());
            let end = (begin + random.below(8)).min(donor.len());
            let until = (at + random.below(8)).min(bytes.len());
            bytes.splice(at..until, donor[begin..end].iter().copied());
        }
    }
}

/// `=` and the bytes of the value, or the code of the refusal.
fn verdict(seed: &Seed, bytes: &[u8]) -> String {
    match (&seed.from, seed.ty.as_str()) {
        (Some(from), "Doc") => patched::<Doc>(from, bytes),
        (None, "Scalars") => decoded::<Scalars>(bytes),
        (None, "Options") => decoded::<Options>(bytes),
        (None, "Containers") => decoded::<Containers>(bytes),
        (None, "Point") => decoded::<Point>(bytes),
        (None, "Tree") => decoded::<Tree>(bytes),
        (None, "Sets") => decoded::<Sets>(bytes),
        (None, "Arrays") => decoded::<Arrays>(bytes),
        (None, "Newtypes") => decoded::<Newtypes>(bytes),
        (None, "Bases") => decoded::<Bases>(bytes),
        (None, "Cells") => decoded::<Cells>(bytes),
        (None, "FlatCells") => decoded::<FlatCells>(bytes),
        (None, "Earlies") => decoded::<Earlies>(bytes),
        (None, "Lates") => decoded::<Lates>(bytes),
        (None, "Old") => decoded::<Old>(bytes),
        (None, "New") => decoded::<New>(bytes),
        (_, other) => panic!("no reader for {other}"),
    }
}

fn decoded<T: Row>(bytes: &[u8]) -> String {
    match codec::decode::<T>(bytes) {
        Ok(value) => {
            let again = codec::encode(&value);
            let twice = codec::decode::<T>(&again).map(|value| codec::encode(&value));
            assert_eq!(twice.as_ref(), Ok(&again), "what was read is written in one form: {}", hex(bytes));
            format!("={}", hex(&again))
        }
        Err(error) => error.code.as_str().to_owned(),
    }
}

fn patched<T: Delta + Row>(from: &[u8], bytes: &[u8]) -> String {
    let mut state: T = codec::decode(from).expect("a state of deltas.json");
    match delta::decode_patch::<T>(bytes) {
        Ok(patch) => match state.apply(&patch) {
            Ok(()) => format!("={}", hex(&codec::encode(&state))),
            Err(_) => "mismatch".to_owned(),
        },
        Err(error) => error.code.as_str().to_owned(),
    }
}

fn dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits")).collect()
}
