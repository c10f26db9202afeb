//! Constraint vectors: for a value's bytes, the violation that both languages must find in it, or none.
//!
//! `RSS_BLESS=1` rewrites tests/vectors/constraints.json. Bytes say what the value is, because decoders do not look at
//! constraints.

use std::path::PathBuf;

use interop::generated::rules::v1::{Color, Name, Numbers, Rank, Shape, Texts, Tree};
use restream::codec::{self, Row};
use restream::{Bytes, IndexMap, UnknownCase, Uuid, check};
use serde_json::{Value, json};

fn case<T: Row + codec::Value>(ty: &str, name: &str, value: &T) -> Value {
    let bytes = codec::encode(value);
    let read = codec::decode::<T>(&bytes).unwrap_or_else(|error| panic!("{ty} {name}: {error:?}"));
    let found = check::whole(&read).err();
    assert_eq!(found, check::whole(value).err(), "{ty} {name}");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let violation = found.map(|v| json!({ "rule": v.rule.as_str(), "path": v.path, "message": v.to_string() }));
    json!({ "type": ty, "name": name, "hex": hex, "violation": violation })
}

fn numbers() -> Vec<Value> {
    let d = Numbers::default;
    let n = |name: &str, value: Numbers| case("Numbers", name, &value);
    vec![
        n("defaults", d()),
        n("upper limit", Numbers { small: 200, signed: 10, big: (1 << 53) + 1, rank: Some(Rank(5)), ..d() }),
        n("lower limit", Numbers { signed: -10, least: Some(-(1 << 53) - 1), rank: Some(Rank(1)), ..d() }),
        n("above", Numbers { small: 201, ..d() }),
        n("below", Numbers { signed: -11, ..d() }),
        n("one more than a double can tell", Numbers { big: (1 << 53) + 2, ..d() }),
        n("one less than a double can tell", Numbers { least: Some(-(1 << 53) - 2), ..d() }),
        n("single at its limit", Numbers { single: 0.1, ..d() }),
        n("single above its limit", Numbers { single: f32::from_bits(0.1_f32.to_bits() + 1), ..d() }),
        n("single infinity", Numbers { single: f32::INFINITY, ..d() }),
        n("single NaN", Numbers { single: f32::NAN, ..d() }),
        n("double at its limits", Numbers { double: 1e21, ..d() }),
        n("double above", Numbers { double: f64::from_bits(1e21_f64.to_bits() + 1), ..d() }),
        n("double below", Numbers { double: -1.6e-9, ..d() }),
        n("double NaN", Numbers { double: f64::NAN, ..d() }),
        n("double negative infinity", Numbers { double: f64::NEG_INFINITY, ..d() }),
        n("minus zero", Numbers { double: -0.0, single: -0.0, ..d() }),
        n("newtype", Numbers { rank: Some(Rank(6)), ..d() }),
        n("field before newtype", Numbers { tight: Rank(1), ..d() }),
        n("field limits a newtype further", Numbers { tight: Rank(4), ..d() }),
        n("absent elements", Numbers { ranks: vec![None, Some(Rank(1)), None, Some(Rank(0))], ..d() }),
        n("key", Numbers { by_rank: [(Rank(1), 0.0), (Rank(9), 0.0)].into_iter().collect(), ..d() }),
        n("the first in declaration order", Numbers { tight: Rank(4), small: 255, ..d() }),
    ]
}

fn texts() -> Vec<Value> {
    let d = Texts::default;
    let t = |name: &str, value: Texts| case("Texts", name, &value);
    let text = |text: &str| Texts { text: text.into(), ..d() };
    let digits = |digits: &str| Texts { digits: Some(digits.into()), ..d() };
    let name = |name: &str| Texts { name: Some(Name(name.into())), ..d() };
    vec![
        t("defaults", d()),
        t("scalars, not units", text("👍👍👍")),
        t("combining marks count", text("e\u{301}e\u{301}")),
        t("too long", text("abcd")),
        t("too many bytes", Texts { data: Some(Bytes::from_static(&[1, 2, 3])), ..d() }),
        t("too few bytes", Texts { data: Some(Bytes::new()), ..d() }),
        t("matches", digits("123")),
        t("matches with the option", digits("123-👍")),
        t("matches in part", digits("1234")),
        t("digits are ASCII", digits("١٢٣")),
        t("line break at the end", digits("123\n")),
        t("line break in a negated set", digits("123-\n")),
        t("line separator in a negated set", digits("123-\u{2028}")),
        t("name", name("é-é")),
        t("empty name", name("")),
        t("long name that does not match either", name("UPPERCASE")),
        t("name that does not match", name("E")),
        t(
            "map value",
            Texts { names: [("x".into(), Name("ok".into())), ("y".into(), Name("!".into()))].into(), ..d() },
        ),
        t("set", Texts { set: ["a", "b", "c"].map(|n| Name(n.into())).into(), ..d() }),
        t("element of a set", Texts { set: ["a", "\"q\""].map(|n| Name(n.into())).into(), ..d() }),
        t("lists in lists", Texts { nested: vec![vec![], vec![Name("a".into()), Name("".into())]], ..d() }),
    ]
}

fn trees() -> Vec<Value> {
    let d = Tree::default;
    let t = |name: &str, value: Tree| case("Tree", name, &value);
    let bad = || Texts { text: "long".into(), ..Texts::default() };
    let key = |key: &str| IndexMap::from([(key.to_owned(), bad())]);
    let deep = Tree { numbers: Numbers { small: 255, ..Numbers::default() }, ..d() };
    let deep = Tree { branches: vec![d(), deep], ..d() };
    let deep = Tree { branches: vec![deep], ..d() };
    vec![
        t("defaults", d()),
        t("deep", deep),
        t("too many", Tree { branches: vec![d(), d(), d()], ..d() }),
        t("case", Tree { shape: Some(Shape::Named { name: Some(Name("A".into())) }), ..d() }),
        t("other case", Tree { shape: Some(Shape::Sized { size: 0.25 }), ..d() }),
        t("case that the program does not know", {
            Tree { shape: Some(Shape::Unrecognized(UnknownCase { id: 9, bytes: Bytes::from_static(&[1]) })), ..d() }
        }),
        t("enum key", Tree { by_color: IndexMap::from([(Color::Green, bad())]), ..d() }),
        t("unknown enum key", Tree { by_color: IndexMap::from([(Color::Unrecognized(77), bad())]), ..d() }),
        t("bool key", Tree { by_flag: IndexMap::from([(false, Texts::default()), (true, bad())]), ..d() }),
        t("uuid key", Tree { by_id: IndexMap::from([(Uuid::from_u128(0xab), bad())]), ..d() }),
        t("restricted", Tree { hidden: key("secret"), ..d() }),
        t("64-bit key", Tree { by_number: IndexMap::from([(i64::MIN, bad())]), ..d() }),
    ]
}

#[test]
fn both_languages_find_the_same_violations() {
    let cases = [numbers(), texts(), trees()].concat();
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/constraints.json"));
    let text = format!("{}\n", serde_json::to_string_pretty(&json!({ "cases": cases })).expect("JSON"));
    if std::env::var_os("RSS_BLESS").is_some() {
        return std::fs::write(&path, text).expect("the vector file can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "constraints.json differs; if that is meant: RSS_BLESS=1 cargo test -p interop");
}
