//! Byte vectors: Rust makes them, the files in tests/vectors keep them, TypeScript reproduces them.
//!
//! `RSS_BLESS=1` rewrites the files. Each case names its value twice, as a Rust value and as JSON (the form is described in
//! docs/wire-format.md), so that equal bytes mean equal values in both languages.

use std::path::PathBuf;

use interop::generated::vectors::v1::{
    Arrays, Bases, BoolCell, Cell, Cells, Choice, Color, Containers, DeepCell, Doc, Earlies, Early, FlatCells, I32Cell,
    Inner, InnerCell, Label, Late, Lates, Line, Meters, New, Newtypes, Old, Options, Part, PartPatch, PlayerId, Point,
    Scalars, Serial, Sets, Shape, Switch, Tree, When,
};
use restream::codec::{self, Row};
use restream::delta::{self, Delta};
use restream::{BigInt, Bytes, Decimal, Duration, Level, List, Map, Set, Timestamp, UnknownCase, Uuid};
use serde_json::{Value, json};

/// A case of values.json.
fn case<T: Row>(ty: &str, name: &str, value: &T, json: Value) -> Value {
    let bytes = codec::encode(value);
    let again = codec::decode::<T>(&bytes).unwrap_or_else(|error| panic!("{ty} {name}: {error:?}"));
    assert_eq!(codec::encode(&again), bytes, "{ty} {name}: encode(decode(bytes))");
    json!({ "type": ty, "name": name, "hex": hex(&bytes), "json": json })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits")).collect()
}

/// Compares a file of tests/vectors with what it should be, or rewrites it.
fn compare(file: &str, value: &Value) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors")).join(file);
    let text = format!("{}\n", serde_json::to_string_pretty(value).expect("JSON"));
    if std::env::var_os("RSS_BLESS").is_some() {
        std::fs::write(&path, text).expect("the vector file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "{file} differs from what the codec gives; if that is meant: RSS_BLESS=1 cargo test -p interop"
    );
}

fn scalars() -> Vec<Value> {
    let d = Scalars::default;
    let s = |name: &str, value: Scalars, json: Value| case("Scalars", name, &value, json);
    let mut cases = vec![
        s("defaults", d(), json!({})),
        s("bools", Scalars { no: true, yes: false, ..d() }, json!({ "no": true, "yes": false })),
        s(
            "declared defaults replaced by zero",
            Scalars { level: 0, ratio: 0.0, name: "".into(), tint: Color::Red, ..d() },
            json!({ "level": 0, "ratio": 0, "name": "", "tint": 0 }),
        ),
        s("enums", Scalars { color: Color::Green, switch: Switch::On, ..d() }, json!({ "color": 1, "switch": 300 })),
        s("unknown member", Scalars { color: Color::Unrecognized(200), ..d() }, json!({ "color": 200 })),
        s(
            "uuid",
            Scalars { uuid: Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff), ..d() },
            json!({ "uuid": "00112233-4455-6677-8899-aabbccddeeff" }),
        ),
    ];
    for (n, text) in [(1u64, "1"), (127, "127"), (128, "128"), (255, "255")] {
        cases.push(s(&format!("u8 {text}"), Scalars { u8: n as u8, ..d() }, json!({ "u8": n })));
    }
    for n in [1u16, 16383, 16384, u16::MAX] {
        cases.push(s(&format!("u16 {n}"), Scalars { u16: n, ..d() }, json!({ "u16": n })));
    }
    for n in [1u32, (1 << 21) - 1, 1 << 21, (1 << 28) - 1, 1 << 28, u32::MAX] {
        cases.push(s(&format!("u32 {n}"), Scalars { u32: n, ..d() }, json!({ "u32": n })));
    }
    for shift in [35, 42, 49, 53, 56, 63] {
        for n in [(1u64 << shift) - 1, 1 << shift, (1 << shift) + 1] {
            cases.push(s(&format!("u64 {n}"), Scalars { u64: n, ..d() }, json!({ "u64": n.to_string() })));
        }
    }
    cases.push(s("u64 max", Scalars { u64: u64::MAX, ..d() }, json!({ "u64": u64::MAX.to_string() })));
    for n in [-1i8, 1, i8::MIN, i8::MAX] {
        cases.push(s(&format!("i8 {n}"), Scalars { i8: n, ..d() }, json!({ "i8": n })));
    }
    for n in [-64i16, -65, 63, 64, i16::MIN, i16::MAX] {
        cases.push(s(&format!("i16 {n}"), Scalars { i16: n, ..d() }, json!({ "i16": n })));
    }
    for n in [i32::MIN, i32::MAX, -1_000_000] {
        cases.push(s(&format!("i32 {n}"), Scalars { i32: n, ..d() }, json!({ "i32": n })));
    }
    for n in [i64::MIN, i64::MAX, -(1 << 53) - 1] {
        cases.push(s(&format!("i64 {n}"), Scalars { i64: n, ..d() }, json!({ "i64": n.to_string() })));
    }
    cases.extend(floats());
    cases.extend(texts());
    cases.extend(numbers());
    cases
}

fn floats() -> Vec<Value> {
    let special = |x: f64| match x {
        x if x.is_nan() => json!("NaN"),
        f64::INFINITY => json!("Infinity"),
        f64::NEG_INFINITY => json!("-Infinity"),
        x if x == 0.0 && x.is_sign_negative() => json!("-0"),
        x => json!(x),
    };
    let mut cases = Vec::new();
    for (name, x) in [
        ("1.5", 1.5f32),
        ("-0", -0.0),
        ("NaN", f32::NAN),
        ("inf", f32::INFINITY),
        ("min", f32::MIN),
        ("subnormal", 1e-45),
    ] {
        let value = Scalars { f32: x, ..Scalars::default() };
        cases.push(case("Scalars", &format!("f32 {name}"), &value, json!({ "f32": special(f64::from(x)) })));
    }
    for (name, x) in [
        ("0.1", 0.1f64),
        ("-0", -0.0),
        ("NaN", -f64::NAN),
        ("-inf", f64::NEG_INFINITY),
        ("max", f64::MAX),
        ("subnormal", 5e-324),
    ] {
        let value = Scalars { f64: x, ..Scalars::default() };
        cases.push(case("Scalars", &format!("f64 {name}"), &value, json!({ "f64": special(x) })));
    }
    cases
}

fn texts() -> Vec<Value> {
    let long = "x".repeat(200);
    let texts = [
        ("a", "a"),
        ("BOM is data", "\u{feff}a"),
        ("four bytes", "😀"),
        ("NUL", "\0"),
        ("200", &long),
        ("separators", "\u{2028}\u{2029}"),
    ];
    let mut cases: Vec<Value> = texts
        .iter()
        .map(|(name, text)| {
            let value = Scalars { string: (*text).into(), ..Scalars::default() };
            case("Scalars", &format!("string {name}"), &value, json!({ "string": text }))
        })
        .collect();
    for bytes in [vec![0u8], vec![0xff; 130], (0..=255).collect()] {
        let value = Scalars { bytes: bytes.clone().into(), ..Scalars::default() };
        cases.push(case("Scalars", &format!("bytes {}", bytes.len()), &value, json!({ "bytes": hex(&bytes) })));
    }
    cases
}

fn numbers() -> Vec<Value> {
    let d = Scalars::default;
    let mut cases = Vec::new();
    for ms in [-1i64, 1_763_799_000_123, 8_640_000_000_000_000, -8_640_000_000_000_000] {
        let value = Scalars { timestamp: Timestamp::from_millis(ms), ..d() };
        cases.push(case("Scalars", &format!("timestamp {ms}"), &value, json!({ "timestamp": ms })));
    }
    for us in [-1i64, 30_000_000, (1 << 53) - 1, -((1 << 53) - 1)] {
        let value = Scalars { duration: Duration::from_micros(us), ..d() };
        cases.push(case("Scalars", &format!("duration {us}"), &value, json!({ "duration": us })));
    }
    for text in ["0.01", "-12.50", "9999999999999999.99", "-9999999999999999.99"] {
        let price: Decimal<18, 2> = text.parse().expect("a decimal");
        cases.push(case("Scalars", &format!("decimal {text}"), &Scalars { price, ..d() }, json!({ "price": text })));
    }
    for text in ["0.0001", "-9999999999999999999999999999999999.9999"] {
        let long: Decimal<38, 4> = text.parse().expect("a decimal");
        cases.push(case("Scalars", &format!("long decimal {text}"), &Scalars { long, ..d() }, json!({ "long": text })));
    }
    for text in [
        "1",
        "-1",
        "127",
        "128",
        "-128",
        "-129",
        "255",
        "256",
        "340282366920938463463374607431768211456",
        "-9007199254740993",
    ] {
        let bigint: BigInt = text.parse().expect("an integer");
        cases.push(case("Scalars", &format!("bigint {text}"), &Scalars { bigint, ..d() }, json!({ "bigint": text })));
    }
    cases
}

fn inner(n: u32, s: &str) -> Inner {
    Inner { n, s: s.into() }
}

fn point(label: Option<&str>) -> Point {
    Point { x: 1.5, y: -2, label: label.map(Into::into), on: true }
}

fn structures() -> Vec<Value> {
    let d = Options::default;
    let o = |name: &str, value: Options, json: Value| case("Options", name, &value, json);
    let circle = Shape::Circle { radius: 2.0, inner: inner(1, "i") };
    let circle_json = json!({ "kind": "Circle", "radius": 2, "inner": { "n": 1, "s": "i" } });
    let unknown = Shape::Unrecognized(UnknownCase { id: 9, bytes: Bytes::from_static(&[1, 2, 3]) });
    vec![
        o("none", d(), json!({})),
        o(
            "zeros are not none",
            Options {
                bool: Some(false),
                u64: Some(0),
                f32: Some(0.0),
                string: Some("".into()),
                bytes: Some(Bytes::new()),
                ..d()
            },
            json!({ "bool": false, "u64": "0", "f32": 0, "string": "", "bytes": "" }),
        ),
        o("true", Options { bool: Some(true), ..d() }, json!({ "bool": true })),
        o(
            "uuid and enum",
            Options { uuid: Some(Uuid::nil()), color: Some(Color::Red), ..d() },
            json!({ "uuid": "00000000-0000-0000-0000-000000000000", "color": 0 }),
        ),
        o("default struct", Options { inner: Some(Inner::default()), ..d() }, json!({ "inner": { "n": 7, "s": "" } })),
        o("struct", Options { inner: Some(inner(0, "s")), ..d() }, json!({ "inner": { "n": 0, "s": "s" } })),
        o("union", Options { shape: Some(circle), ..d() }, json!({ "shape": circle_json })),
        o(
            "union without payload",
            Options { shape: Some(Shape::Nothing), ..d() },
            json!({ "shape": { "kind": "Nothing" } }),
        ),
        o(
            "unknown case",
            Options { shape: Some(unknown), ..d() },
            json!({ "shape": { "kind": "unrecognized", "id": 9, "bytes": "010203" } }),
        ),
        o(
            "closed union",
            Options { choice: Some(Choice::Yes { why: "because".into() }), ..d() },
            json!({ "choice": { "kind": "Yes", "why": "because" } }),
        ),
        o(
            "serializers",
            Options { point: Some(point(Some("p"))), ..d() },
            json!({ "point": { "x": 1.5, "y": -2, "label": "p", "on": true } }),
        ),
        case("Point", "none inside", &point(None), json!({ "x": 1.5, "y": -2, "label": null, "on": true })),
        case("Tree", "leaf", &Tree { value: 1, children: vec![] }, json!({ "value": 1 })),
        case(
            "Tree",
            "two levels",
            &Tree { value: 1, children: vec![Tree { value: 2, children: vec![Tree::default()] }] },
            json!({ "value": 1, "children": [{ "value": 2, "children": [{ "value": 0, "children": [] }] }] }),
        ),
    ]
}

/// The same values in generic types and in what one would write without parameters: the bytes are the same too.
fn generics() -> Vec<Value> {
    let inner = || Inner { n: 8, s: "s".into() };
    let (on, holes) = (true, || vec![None, Some(true), Some(false)]);
    let generic = Cells {
        bool: Cell { value: on, maybe: Some(false), many: vec![true, false], holes: holes() },
        i32: Cell { value: -1, maybe: Some("m".into()), many: vec![1, -2], holes: vec![Some(String::new()), None] },
        inner: Cell { value: inner(), maybe: None, many: vec![Inner::default()], holes: vec![Some(inner()), None] },
        deep: Cell {
            value: Cell { value: on, ..Cell::default() },
            maybe: Some(Cell::default()),
            many: vec![Cell { holes: holes(), ..Cell::default() }],
            holes: vec![None, Some(Cell { maybe: Some(true), ..Cell::default() })],
        },
    };
    let flat = FlatCells {
        bool: BoolCell { value: on, maybe: Some(false), many: vec![true, false], holes: holes() },
        i32: I32Cell { value: -1, maybe: Some("m".into()), many: vec![1, -2], holes: vec![Some(String::new()), None] },
        inner: InnerCell {
            value: inner(),
            maybe: None,
            many: vec![Inner::default()],
            holes: vec![Some(inner()), None],
        },
        deep: DeepCell {
            value: BoolCell { value: on, ..BoolCell::default() },
            maybe: Some(BoolCell::default()),
            many: vec![BoolCell { holes: holes(), ..BoolCell::default() }],
            holes: vec![None, Some(BoolCell { maybe: Some(true), ..BoolCell::default() })],
        },
    };
    assert_eq!(codec::encode(&generic), codec::encode(&flat), "arguments stand in the place of parameters");
    let bools = |value: bool, maybe: Value, many: Value, holes: Value| json!({ "value": value, "maybe": maybe, "many": many, "holes": holes });
    let json = json!({
        "bool": bools(true, json!(false), json!([true, false]), json!([null, true, false])),
        "i32": { "value": -1, "maybe": "m", "many": [1, -2], "holes": ["", null] },
        "inner": {
            "value": { "n": 8, "s": "s" }, "maybe": null, "many": [{ "n": 7, "s": "" }], "holes": [{ "n": 8, "s": "s" }, null],
        },
        "deep": {
            "value": bools(true, json!(null), json!([]), json!([])),
            "maybe": bools(false, json!(null), json!([]), json!([])),
            "many": [bools(false, json!(null), json!([]), json!([null, true, false]))],
            "holes": [null, bools(false, json!(true), json!([]), json!([]))],
        },
    });
    vec![
        case("Cells", "all", &generic, json.clone()),
        case("FlatCells", "all", &flat, json),
        case("Cells", "none", &Cells::default(), json!({})),
    ]
}

/// The same values as newtypes and as what they are made of: the bytes are the same too.
fn newtypes() -> Vec<Value> {
    let branded = Newtypes {
        id: PlayerId(300),
        serial: Serial(u64::MAX),
        label: Label("é".into()),
        run: Some(Meters(-0.0)),
        at: When(Timestamp::from_millis(-1)),
        runs: [(PlayerId(0), Meters(1.5)), (PlayerId(9), Meters(0.0))].into_iter().collect(),
        ids: vec![None, Some(Serial(1 << 53))],
    };
    let plain = Bases {
        id: branded.id.into(),
        serial: branded.serial.0,
        label: branded.label.0.clone(),
        run: branded.run.map(|run| run.0),
        at: branded.at.0,
        runs: branded.runs.iter().map(|(id, run)| (id.0, run.0)).collect(),
        ids: branded.ids.iter().map(|id| id.map(|id| id.0)).collect(),
    };
    assert_eq!(codec::encode(&branded), codec::encode(&plain), "newtypes travel as their bases");
    let json = json!({
        "id": 300, "serial": u64::MAX.to_string(), "label": "é", "run": "-0", "at": -1,
        "runs": [[0, 1.5], [9, 0]], "ids": [null, (1_u64 << 53).to_string()],
    });
    vec![
        case("Newtypes", "all", &branded, json.clone()),
        case("Bases", "all", &plain, json),
        case("Newtypes", "none", &Newtypes::default(), json!({})),
        case(
            "Newtypes",
            "zero beside a default",
            &Newtypes { id: PlayerId(0), ..Newtypes::default() },
            json!({ "id": 0 }),
        ),
    ]
}

fn containers() -> Vec<Value> {
    let d = Containers::default;
    let c = |name: &str, value: Containers, json: Value| case("Containers", name, &value, json);
    let many: Vec<u32> = (0..300).collect();
    vec![
        c("empty", d(), json!({})),
        c(
            "numbers",
            Containers { numbers: vec![0, 1, 300, u32::MAX], ..d() },
            json!({ "numbers": [0, 1, 300, u32::MAX] }),
        ),
        c("300 numbers", Containers { numbers: many.clone(), ..d() }, json!({ "numbers": many })),
        c("bools", Containers { bools: vec![true, false, true], ..d() }, json!({ "bools": [true, false, true] })),
        c("strings", Containers { strings: vec!["".into(), "ü".into()], ..d() }, json!({ "strings": ["", "ü"] })),
        c(
            "sparse",
            Containers { sparse: vec![Some(1), None, Some(0), None, None, None, None, None, Some(9)], ..d() },
            json!({ "sparse": [1, null, 0, null, null, null, null, null, 9] }),
        ),
        c("grid", Containers { grid: vec![vec![], vec![-1, 1]], ..d() }, json!({ "grid": [[], [-1, 1]] })),
        c(
            "points",
            Containers { points: vec![point(None)], ..d() },
            json!({ "points": [{ "x": 1.5, "y": -2, "label": null, "on": true }] }),
        ),
        c(
            "inners",
            Containers { inners: vec![inner(7, ""), inner(8, "x")], ..d() },
            json!({ "inners": [{ "n": 7, "s": "" }, { "n": 8, "s": "x" }] }),
        ),
        c(
            "shapes",
            Containers { shapes: vec![Shape::Nothing, Shape::Dots { dots: vec![point(None)] }], ..d() },
            json!({ "shapes": [{ "kind": "Nothing" }, { "kind": "Dots", "dots": [{ "x": 1.5, "y": -2, "label": null, "on": true }] }] }),
        ),
        c(
            "counts",
            Containers {
                counts: [("b".into(), 1), ("__proto__".into(), 2), ("".into(), 3)].into_iter().collect(),
                ..d()
            },
            json!({ "counts": [["b", 1], ["__proto__", 2], ["", 3]] }),
        ),
        c(
            "labels",
            Containers { labels: [(3, None), (1, Some("x".into()))].into_iter().collect(), ..d() },
            json!({ "labels": [[3, null], [1, "x"]] }),
        ),
        c(
            "flags",
            Containers { flags: [(true, 1.0), (false, 0.5)].into_iter().collect(), ..d() },
            json!({ "flags": [[true, 1], [false, 0.5]] }),
        ),
        c(
            "ids",
            Containers { ids: [(Uuid::from_u128(1), inner(1, ""))].into_iter().collect(), ..d() },
            json!({ "ids": [["00000000-0000-0000-0000-000000000001", { "n": 1, "s": "" }]] }),
        ),
        c(
            "colors",
            Containers {
                colors: [(Color::Blue, vec![1, 2]), (Color::Unrecognized(77), vec![])].into_iter().collect(),
                ..d()
            },
            json!({ "colors": [[2, [1, 2]], [77, []]] }),
        ),
    ]
}

fn sets() -> Vec<Value> {
    let d = Sets::default;
    let c = |name: &str, value: Sets, json: Value| case("Sets", name, &value, json);
    vec![
        c("empty", d(), json!({})),
        c(
            "of everything",
            Sets {
                bools: [true, false].into(),
                numbers: [-1, 300, 0].into(),
                names: ["b".to_owned(), "a".to_owned(), "".to_owned()].into(),
                ids: [Uuid::max(), Uuid::nil()].into(),
                colors: [Color::Blue, Color::Unrecognized(9)].into(),
                maybe: Some([PlayerId(7)].into()),
                many: vec![Some([u64::MAX, 1].into()), None, Some([].into())],
            },
            json!({
                "bools": [true, false],
                "numbers": [-1, 300, 0],
                "names": ["b", "a", ""],
                "ids": ["ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000"],
                "colors": [2, 9],
                "maybe": [7],
                "many": [["18446744073709551615", "1"], null, []],
            }),
        ),
        c("empty is not none", Sets { maybe: Some([].into()), ..d() }, json!({ "maybe": [] })),
    ]
}

fn arrays() -> Vec<Value> {
    let d = Arrays::default;
    let c = |name: &str, value: Arrays, json: Value| case("Arrays", name, &value, json);
    let (one, other) = (Shape::Nothing, Shape::Circle { radius: 1.0, inner: inner(7, "") });
    let mut sparse = [None; 9];
    (sparse[0], sparse[8]) = (Some(0), Some(255));
    vec![
        c("zeros", d(), json!({})),
        c(
            "of everything",
            Arrays {
                numbers: [-1, 0, 300],
                bools: [false, true],
                names: ["".into(), "a".into()],
                sparse,
                inners: [inner(7, ""), inner(1, "i")],
                grid: [[0, 0, 0], [1, 2, 3]],
                shapes: Some([one, other]),
                many: vec![[0.0, 0.0], [1.5, -0.0]],
                by_id: [(9, [false, true]), (1, [false, false])].into_iter().collect(),
                pairs: vec![[Shape::Nothing, Shape::Nothing]],
                ..d()
            },
            json!({
                "numbers": [-1, 0, 300],
                "bools": [false, true],
                "names": ["", "a"],
                "sparse": [0, null, null, null, null, null, null, null, 255],
                "inners": [{ "n": 7, "s": "" }, { "n": 1, "s": "i" }],
                "grid": [[0, 0, 0], [1, 2, 3]],
                "shapes": [{ "kind": "Nothing" }, { "kind": "Circle", "radius": 1, "inner": { "n": 7, "s": "" } }],
                "many": [[0, 0], [1.5, "-0"]],
                "byId": [[9, [false, true]], [1, [false, false]]],
                "pairs": [[{ "kind": "Nothing" }, { "kind": "Nothing" }]],
            }),
        ),
        c(
            "in columns",
            Arrays {
                lines: vec![
                    Line { cells: [1, 2, 3], ..Line::default() },
                    Line { names: [None, Some("b".into())], steps: vec![[1, 300]], ..Line::default() },
                    Line { inners: Some([inner(7, ""), inner(1, "i")]), ..Line::default() },
                    Line { colors: [Color::Blue, Color::Red], ..Line::default() },
                ],
                ..d()
            },
            json!({ "lines": [
                line(json!({ "cells": [1, 2, 3] })),
                line(json!({ "names": [null, "b"], "steps": [[1, 300]] })),
                line(json!({ "inners": [{ "n": 7, "s": "" }, { "n": 1, "s": "i" }] })),
                line(json!({ "colors": [2, 0] })),
            ] }),
        ),
        c("four in a list", Arrays { many: vec![[0.0, 1.0]; 4], ..d() }, json!({ "many": vec![[0, 1]; 4] })),
    ]
}

/// A `Line` all of whose fields are there.
fn line(given: Value) -> Value {
    let mut line = json!({ "cells": [0, 0, 0], "names": [null, null], "inners": null, "colors": [0, 0], "steps": [] });
    for (name, value) in given.as_object().expect("fields") {
        line[name] = value.clone();
    }
    line
}

/// Arrays that are absent in columns: `json` is what the reader sees.
fn absent_arrays() -> Vec<Value> {
    let c = |name: &str, text: String, value: Arrays, json: Value| {
        assert_eq!(codec::decode::<Arrays>(&unhex(&text)).expect(name), value, "{name}");
        json!({ "type": "Arrays", "name": name, "hex": text, "json": json })
    };
    let d = Arrays::default;
    vec![
        c(
            "no column for any field",
            row(9, &[9], "0b1340050300"),
            Arrays { lines: vec![Line::default(); 4], ..d() },
            json!({ "lines": vec![line(json!({})); 4] }),
        ),
        c(
            "zeros in a column",
            row(8, &[8], "051300"),
            Arrays { many: vec![[0.0; 2]; 4], ..d() },
            json!({ "many": vec![[0, 0]; 4] }),
        ),
    ]
}

/// Bytes of one generation, read as another: `json` is what the reader sees.
fn evolution() -> Vec<Value> {
    let old = Old { a: 5, b: "b".into(), gone: vec!["x".into()], flag: true };
    let new = New {
        a: 5,
        b: "b".into(),
        c: false,
        d: [("k".to_owned(), inner(1, "i"))].into_iter().collect(),
        e: 1.5,
        f: Some(Shape::Nothing),
        g: 0,
    };
    let (old_bytes, new_bytes) = (codec::encode(&old), codec::encode(&new));
    let read_old: Old = codec::decode(&new_bytes).expect("an old program reads new bytes");
    assert_eq!(read_old, Old { a: 5, b: "b".into(), ..Old::default() });
    let read_new: New = codec::decode(&old_bytes).expect("a new program reads old bytes");
    assert_eq!(read_new, New { a: 5, b: "b".into(), ..New::default() });
    let seen = json!({ "a": 5, "b": "b" });
    let seen_new = json!({ "a": "5", "b": "b" });
    let mut cases = vec![
        json!({ "type": "Old", "name": "new bytes", "hex": hex(&new_bytes), "json": seen }),
        json!({ "type": "New", "name": "old bytes", "hex": hex(&old_bytes), "json": seen_new }),
    ];
    cases.extend([1, 3, 4, 5, 9].into_iter().flat_map(evolution_in_containers));
    cases
}

/// Lists and maps of `n` structs of two generations, each as its own and as the other one's reader sees it: in columns from
/// four on, below that in rows.
fn evolution_in_containers(n: u32) -> Vec<Value> {
    let early = |i: u32| Early {
        a: 300 * i,
        gone: vec!["x".into(); (i % 3) as usize],
        flag: i.is_multiple_of(2),
        b: "b".repeat(i as usize % 4),
        inner: inner(7 + i % 2, "i"),
    };
    let late = |i: u32| Late {
        a: u64::from(300 * i),
        b: "b".repeat(i as usize % 4),
        inner: inner(7 + i % 2, "i"),
        c: i.is_multiple_of(3),
        d: f64::from(i) / 2.0,
        e: (i % 2 == 1).then(|| early(i)),
    };
    // What each of them sees of the other.
    let early_of_late = |i: u32| Early { gone: vec![], flag: false, ..early(i) };
    let late_of_early = |i: u32| Late { c: true, d: 0.0, e: None, ..late(i) };
    let early_json = |early: &Early| json!({ "a": early.a, "gone": early.gone, "flag": early.flag, "b": early.b, "inner": { "n": early.inner.n, "s": early.inner.s } });
    let late_json = |late: &Late| json!({ "a": late.a.to_string(), "b": late.b, "inner": { "n": late.inner.n, "s": late.inner.s }, "c": late.c, "d": late.d, "e": late.e.as_ref().map(early_json) });
    let earlies = |of: &dyn Fn(u32) -> Early| Earlies {
        many: (1..=n).map(of).collect(),
        named: (1..=n).map(|i| (format!("k{i}"), of(i))).collect(),
        one: of(n),
    };
    let lates = |of: &dyn Fn(u32) -> Late| Lates {
        many: (1..=n).map(of).collect(),
        named: (1..=n).map(|i| (format!("k{i}"), of(i))).collect(),
        one: of(n),
        ..Lates::default()
    };
    let json = |of: &dyn Fn(u32) -> Value| {
        let named: Vec<Value> = (1..=n).map(|i| json!([format!("k{i}"), of(i)])).collect();
        json!({ "many": (1..=n).map(of).collect::<Vec<_>>(), "named": named, "one": of(n) })
    };
    let (early_bytes, late_bytes) = (codec::encode(&earlies(&early)), codec::encode(&lates(&late)));
    let read_early: Earlies = codec::decode(&late_bytes).expect("an old program reads new bytes");
    assert_eq!(read_early, earlies(&early_of_late), "{n} of them");
    let read_late: Lates = codec::decode(&early_bytes).expect("a new program reads old bytes");
    assert_eq!(read_late, lates(&late_of_early), "{n} of them");
    let other = |ty: &str, name: &str, bytes: &[u8], json: Value| json!({ "type": ty, "name": format!("{n} of them, {name}"), "hex": hex(bytes), "json": json });
    vec![
        case("Earlies", &format!("{n} of them"), &earlies(&early), json(&|i| early_json(&early(i)))),
        case("Lates", &format!("{n} of them"), &lates(&late), json(&|i| late_json(&late(i)))),
        other("Earlies", "new bytes", &late_bytes, json(&|i| early_json(&early_of_late(i)))),
        other("Lates", "old bytes", &early_bytes, json(&|i| late_json(&late_of_early(i)))),
    ]
}

/// What is refused of ids that nobody ever used, and of what weighs too much.
fn unused_and_heavy() -> Vec<Value> {
    // The columns of four structs, whose ids are absent but for what is given.
    let columns = |modes: &str, more: &str| -> String {
        let content = format!("{}{modes}{more}", varint(12));
        let column = format!("40{}{content}", varint(content.len() as u64 / 2));
        let list = format!("{}{column}", varint(4 << 1 | 1));
        row(4, &[1], &format!("{}{list}", varint(list.len() as u64 / 2)))
    };
    let none = "00".repeat(12);
    let empty = codec::decode::<Lates>(&unhex(&columns(&none, ""))).expect("the columns of unused ids are empty");
    assert_eq!(empty.many, vec![Late::default(); 4]);
    let with = |id: usize, column: &str| columns(&[&none[..2 * (id - 1)], column, &none[2 * id..]].concat(), "");
    let nested = |content: String| format!("{}{content}", varint(content.len() as u64 / 2));
    let refusals = [
        ("bit of an unused id", row(4, &[3], &nested(row(12, &[4], "03"))), "slots"),
        ("bit of the last unused id", row(4, &[3], &nested(row(12, &[11], "03"))), "slots"),
        ("unused id before a fault in front of it", row(4, &[3], &nested(row(12, &[1, 6], "0200"))), "slots"),
        ("unused id of an older writer", row(4, &[3], &nested(row(5, &[5], "03"))), "slots"),
        ("column of an unused id", with(4, "410303030303"), "slots"),
        ("column of the last unused id", with(11, "40"), "slots"),
        ("unknown mode of an unused id", with(5, "ff"), "slots"),
        ("fault in front of the column of an unused id", columns("20000000ff00000000000000", ""), "mode"),
        ("columns that end before those of unused ids", columns("000000", ""), "truncated"),
        // What 9,000 `Late` weigh is allowed, but not with an `Inner` in each of them.
        ("weight of structs in columns before their payload", heavy(9_000, "4020", ""), "elements"),
        ("weight of structs in columns before their rows", heavy(9_000, "4120", ""), "elements"),
        ("structs in columns that are not too heavy", heavy(7_000, "40050520", ""), "mode"),
    ];
    let refusals = refusals.iter().map(|(name, text, code)| refused::<Lates>("Lates", name, text, code));
    refusals.chain([heavy_set()]).collect()
}

/// `n` structs of a newer writer, as columns, of which the column of id 8 begins with these bytes, and what stands behind them.
fn heavy(n: u64, column: &str, behind: &str) -> String {
    let content = format!("{}{}{column}{}", varint(13), "00".repeat(7), "20".repeat(300));
    let list = format!("{}40{}{content}", varint(n << 1 | 1), varint(content.len() as u64 / 2));
    let ids: &[u32] = if behind.is_empty() { &[1] } else { &[1, 4] };
    row(4, ids, &format!("{}{list}{behind}", varint(list.len() as u64 / 2)))
}

/// As many structs as the message may unfold into are accepted, but not with a set behind them.
fn heavy_set() -> Value {
    let elements: String = (0..100).map(varint).collect();
    let set = format!("{}{elements}", varint(100));
    let set = format!("{}{set}", varint(set.len() as u64 / 2));
    let absent = "0000000000";
    let bytes = heavy(10_000, absent, &set).len() as u64 / 2;
    let weight_of_late = 8 * (12 + 2);
    let most = (64 * bytes + (1 << 20)) / weight_of_late;
    assert_eq!(heavy(most, absent, &set).len() as u64 / 2, bytes);
    codec::decode::<Lates>(&unhex(&heavy(most - 40, absent, &set))).expect("a few less leave room for the set");
    refused::<Lates>(
        "Lates",
        "set of elements that weigh too much together with structs",
        &heavy(most, absent, &set),
        "elements",
    )
}

/// What decoders refuse, with the code.
fn invalid() -> Vec<Value> {
    let full = Scalars { u32: 300, f64: 1.0, string: "text".into(), uuid: Uuid::max(), ..Scalars::default() };
    let truncated = truncations::<Scalars>("Scalars", &codec::encode(&full));
    let nested = Containers {
        inners: vec![inner(1, "abc")],
        counts: [("k".to_owned(), 5)].into_iter().collect(),
        ..Containers::default()
    };
    let mut cases: Vec<Value> =
        truncated.into_iter().chain(truncations::<Containers>("Containers", &codec::encode(&nested))).collect();
    let scalars = [
        ("overlong varint", row(5, &[5], "0200"), "overlong"),
        ("overlong slot count", "0200".to_owned(), "overlong"),
        ("u8 300", row(3, &[3], &varint(300)), "range"),
        ("i8 128", row(7, &[7], &varint(256)), "range"),
        ("too many slots", varint(4097), "slots"),
        ("padding bit", "0708".to_owned(), "padding"),
        ("trailing byte", "070000".to_owned(), "trailing"),
        ("f32 with a payload in NaN", row(11, &[11], "0100c07f"), "nan"),
        ("f64 signalling NaN", row(12, &[12], "010000000000f07f"), "nan"),
        ("invalid UTF-8", row(13, &[13], "03ff"), "utf8"),
        ("surrogate in UTF-8", row(13, &[13], "07eda080"), "utf8"),
        ("timestamp out of range", row(15, &[15], &varint(2 * 8_640_000_000_000_001)), "range"),
        ("duration out of range", row(16, &[16], &varint(2 << 53)), "range"),
        ("decimal of 19 digits", row(18, &[18], &varint(2 * 1_000_000_000_000_000_000)), "range"),
        ("bigint with a redundant sign byte", row(20, &[20], "050100"), "overlong"),
        ("closed enum 1", row(22, &[22], "03"), "enum"),
        ("empty input", String::new(), "truncated"),
    ];
    cases.extend(scalars.iter().map(|(name, text, code)| refused::<Scalars>("Scalars", name, text, code)));
    let containers = [
        ("count beyond the elements", row(1, &[1], "05fd01"), "truncated"),
        ("huge count", row(1, &[1], "1500ffffffffffffffff01"), "count"),
        ("list shorter than its length", row(1, &[1], "07050303"), "length"),
        ("list longer than its length", row(1, &[1], "0303"), "truncated"),
        ("bool 2", row(2, &[2], "050502"), "bool"),
        ("sparse padding", row(4, &[4], "050502"), "padding"),
        ("duplicate key", row(9, &[9], "0f09036103036105"), "duplicate_key"),
        ("length beyond the input", row(1, &[1], "ff"), "truncated"),
    ];
    cases.extend(containers.iter().map(|(name, text, code)| refused::<Containers>("Containers", name, text, code)));
    let sets = [
        ("duplicate element", row(2, &[2], "07050505"), "duplicate_key"),
        ("set shorter than its length", row(2, &[2], "07030303"), "length"),
        ("count beyond the elements", row(3, &[3], "05070303"), "truncated"),
        ("element of another type", row(1, &[1], "050305"), "bool"),
    ];
    cases.extend(sets.iter().map(|(name, text, code)| refused::<Sets>("Sets", name, text, code)));
    let arrays = [
        ("an element too few", row(1, &[1], "050303"), "truncated"),
        ("an element too many", row(1, &[1], "0903030303"), "length"),
        ("padding", row(4, &[4], "050002"), "padding"),
        ("bool 2", row(2, &[2], "050002"), "bool"),
        ("a column of arrays that have no zero", row(11, &[11], "051300"), "mode"),
        ("a column of arrays that are no rows", row(8, &[8], "07134001"), "mode"),
    ];
    cases.extend(arrays.iter().map(|(name, text, code)| refused::<Arrays>("Arrays", name, text, code)));
    let options = [
        ("bool? 2", row(1, &[1], "05"), "bool"),
        ("unknown case of a closed union", row(10, &[10], "0307"), "case"),
        ("serializers with a byte too many", row(11, &[11], &format!("{}0000c03f0300000101", varint(9))), "length"),
    ];
    cases.extend(options.iter().map(|(name, text, code)| refused::<Options>("Options", name, text, code)));
    cases.extend(unused_and_heavy());
    cases.push(deep());
    cases
}

/// The hex of a row: slot count, bitmap of the ids that are there, values.
fn row(slots: u32, ids: &[u32], values: &str) -> String {
    let mut bitmap = vec![0u8; slots.div_ceil(8) as usize];
    for id in ids {
        bitmap[(id - 1) as usize / 8] |= 1 << ((id - 1) % 8);
    }
    format!("{}{}{values}", varint(u64::from(slots)), hex(&bitmap))
}

/// The hex of a varint, straight from its definition.
fn varint(value: u64) -> String {
    let n = (1..=8).find(|n| value < 1 << (7 * n));
    match n {
        Some(n) => hex(&((value << n) | (1 << (n - 1))).to_le_bytes()[..n as usize]),
        None => format!("00{}", hex(&value.to_le_bytes())),
    }
}

/// Every proper prefix of a value.
fn truncations<T: Row>(ty: &str, bytes: &[u8]) -> Vec<Value> {
    (0..bytes.len())
        .map(|length| {
            refused::<T>(ty, &format!("first {length} of {} bytes", bytes.len()), &hex(&bytes[..length]), "truncated")
        })
        .collect()
}

fn refused<T: Row>(ty: &str, name: &str, text: &str, code: &str) -> Value {
    let error = codec::decode::<T>(&unhex(text)).map(|_| ()).expect_err(name);
    assert_eq!(error.code.as_str(), code, "{ty}: {name}");
    json!({ "type": ty, "name": name, "hex": text, "code": code })
}

/// A tree that is one level deeper than allowed. A level costs two lengths: the list and the element.
fn deep() -> Value {
    let mut tree = Tree::default();
    for _ in 0..33 {
        tree = Tree { value: 0, children: vec![tree] };
    }
    let bytes = codec::encode(&tree);
    refused::<Tree>("Tree", "33 levels", &hex(&bytes), "depth")
}

#[test]
fn values() {
    let cases: Vec<Value> =
        [scalars(), structures(), newtypes(), generics(), containers(), sets(), arrays(), absent_arrays(), evolution()]
            .concat();
    compare("values.json", &json!({ "generation": 0, "cases": cases, "invalid": invalid() }));
}

/// vectors.test.ts has the same bytes: numbers may be more than other elements, because 64 bytes of them count as one.
#[test]
fn a_list_of_1_500_000_numbers() {
    let value = Containers { numbers: vec![1; 1_500_000], ..Containers::default() };
    let bytes = codec::encode(&value);
    let (head, numbers) = bytes.split_at(10);
    assert_eq!(hex(head), "1b0100241bb7086cdc02");
    assert!(numbers.len() == 1_500_000 && numbers.iter().all(|byte| *byte == 3));
    assert!(codec::decode::<Containers>(&bytes).expect("numbers").numbers == value.numbers);
}

/// A delta from one state to another, made by diff; applying it to `from` must give `to`.
fn delta(name: &str, from: &Doc, to: &Doc, from_json: Value, to_json: Value) -> Value {
    let patch = match from.diff(to) {
        restream::Change::Patch(patch) => patch,
        other => panic!("{name}: {other:?}"),
    };
    with_patch(name, from, to, &patch, (from_json, to_json))
}

fn with_patch(name: &str, from: &Doc, to: &Doc, patch: &<Doc as Delta>::Patch, json: (Value, Value)) -> Value {
    let bytes = delta::encode_patch::<Doc>(patch, Level(0)).unwrap_or_else(|| panic!("{name} changes nothing"));
    let decoded = delta::decode_patch::<Doc>(&bytes).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    let mut value = from.clone();
    value.apply(&decoded).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(&value, to, "{name}");
    json!({ "type": "Doc", "name": name, "hex": hex(&bytes), "from": json.0, "to": json.1, "fromHex": hex(&codec::encode(from)), "toHex": hex(&codec::encode(to)) })
}

fn part(name: &str, hp: u16) -> Part {
    Part { name: name.into(), hp, alive: true }
}

fn part_json(name: &str, hp: u16) -> Value {
    json!({ "name": name, "hp": hp, "alive": true })
}

#[test]
fn deltas() {
    let d = Doc::default;
    let map = |entries: &[(&str, Part)]| -> Map<String, Part> {
        entries.iter().map(|(k, p)| ((*k).to_owned(), p.clone())).collect()
    };
    let list = |numbers: &[u32]| -> List<u32> { numbers.iter().copied().collect() };
    let ab = || Doc { map: map(&[("a", part("A", 1)), ("b", part("B", 2))]), ..d() };
    let ab_json = || json!({ "map": [["a", part_json("A", 1)], ["b", part_json("B", 2)]] });
    let cases = vec![
        delta("a scalar", &d(), &Doc { count: -7, ..d() }, json!({}), json!({ "count": -7 })),
        delta("back to a default", &Doc { title: "t".into(), ..d() }, &d(), json!({ "title": "t" }), json!({})),
        delta(
            "bools",
            &d(),
            &Doc { done: true, maybe: Some(false), ..d() },
            json!({}),
            json!({ "done": true, "maybe": false }),
        ),
        delta("bool back to none", &Doc { maybe: Some(true), ..d() }, &d(), json!({ "maybe": true }), json!({})),
        delta(
            "nested field",
            &d(),
            &Doc { part: part("p", 100), ..d() },
            json!({}),
            json!({ "part": part_json("p", 100) }),
        ),
        delta(
            "nested bool",
            &d(),
            &Doc { part: Part { alive: false, ..Part::default() }, ..d() },
            json!({}),
            json!({ "part": { "name": "", "hp": 100, "alive": false } }),
        ),
        delta(
            "optional appears",
            &d(),
            &Doc { spare: Some(part("s", 1)), ..d() },
            json!({}),
            json!({ "spare": part_json("s", 1) }),
        ),
        delta(
            "optional changes inside",
            &Doc { spare: Some(part("s", 1)), ..d() },
            &Doc { spare: Some(part("s", 2)), ..d() },
            json!({ "spare": part_json("s", 1) }),
            json!({ "spare": part_json("s", 2) }),
        ),
        delta(
            "optional goes",
            &Doc { spare: Some(part("s", 1)), ..d() },
            &d(),
            json!({ "spare": part_json("s", 1) }),
            json!({}),
        ),
        delta(
            "list grows",
            &Doc { list: list(&[1, 2, 3, 4]), ..d() },
            &Doc { list: list(&[1, 2, 9, 8, 3, 4]), ..d() },
            json!({ "list": [1, 2, 3, 4] }),
            json!({ "list": [1, 2, 9, 8, 3, 4] }),
        ),
        delta(
            "list shrinks",
            &Doc { list: list(&[1, 2, 3, 4]), ..d() },
            &Doc { list: list(&[1, 4]), ..d() },
            json!({ "list": [1, 2, 3, 4] }),
            json!({ "list": [1, 4] }),
        ),
        delta("list emptied", &Doc { list: list(&[1, 2]), ..d() }, &d(), json!({ "list": [1, 2] }), json!({})),
        delta(
            "element patched",
            &Doc { parts: [part("a", 1), part("b", 2), part("c", 3)].into(), ..d() },
            &Doc { parts: [part("a", 1), part("b", 9), part("c", 3)].into(), ..d() },
            json!({ "parts": [part_json("a", 1), part_json("b", 2), part_json("c", 3)] }),
            json!({ "parts": [part_json("a", 1), part_json("b", 9), part_json("c", 3)] }),
        ),
        delta(
            "entry added",
            &ab(),
            &Doc { map: map(&[("a", part("A", 1)), ("b", part("B", 2)), ("c", part("C", 3))]), ..d() },
            ab_json(),
            json!({ "map": [["a", part_json("A", 1)], ["b", part_json("B", 2)], ["c", part_json("C", 3)]] }),
        ),
        delta(
            "entry patched",
            &ab(),
            &Doc { map: map(&[("a", part("A", 1)), ("b", part("B", 7))]), ..d() },
            ab_json(),
            json!({ "map": [["a", part_json("A", 1)], ["b", part_json("B", 7)]] }),
        ),
        delta(
            "entry removed",
            &ab(),
            &Doc { map: map(&[("b", part("B", 2))]), ..d() },
            ab_json(),
            json!({ "map": [["b", part_json("B", 2)]] }),
        ),
        delta(
            "order changed",
            &ab(),
            &Doc { map: map(&[("b", part("B", 2)), ("a", part("A", 1))]), ..d() },
            ab_json(),
            json!({ "map": [["b", part_json("B", 2)], ["a", part_json("A", 1)]] }),
        ),
        delta(
            "optional values",
            &Doc { labels: [(1, None), (2, Some("x".to_owned()))].into_iter().collect(), ..d() },
            &Doc { labels: [(1, Some("".to_owned())), (2, None), (3, None)].into_iter().collect(), ..d() },
            json!({ "labels": [[1, null], [2, "x"]] }),
            json!({ "labels": [[1, ""], [2, null], [3, null]] }),
        ),
        delta(
            "nested lists",
            &Doc { grid: [list8(&[1]), list8(&[2])].into(), ..d() },
            &Doc { grid: [list8(&[1]), list8(&[2, 3])].into(), ..d() },
            json!({ "grid": [[1], [2]] }),
            json!({ "grid": [[1], [2, 3]] }),
        ),
        delta(
            "set",
            &Doc { tags: tags(&["a", "b", "c"]), ..d() },
            &Doc { tags: tags(&["b", "c", "d"]), ..d() },
            json!({ "tags": ["a", "b", "c"] }),
            json!({ "tags": ["b", "c", "d"] }),
        ),
        delta(
            "set in another order",
            &Doc { tags: tags(&["a", "b"]), ..d() },
            &Doc { tags: tags(&["b", "a"]), ..d() },
            json!({ "tags": ["a", "b"] }),
            json!({ "tags": ["b", "a"] }),
        ),
        delta(
            "set in a map",
            &Doc { groups: [(1, [1, 2].into()), (2, [3].into())].into(), ..d() },
            &Doc { groups: [(1, [1].into()), (2, [3, 4].into())].into(), ..d() },
            json!({ "groups": [[1, [1, 2]], [2, [3]]] }),
            json!({ "groups": [[1, [1]], [2, [3, 4]]] }),
        ),
        delta("field behind unused ids", &d(), &Doc { end: true, ..d() }, json!({}), json!({ "end": true })),
        delta(
            "element of an array",
            &Doc { cells: [1, 2, 3, 4], ..d() },
            &Doc { cells: [1, 2, 9, 4], ..d() },
            json!({ "cells": [1, 2, 3, 4] }),
            json!({ "cells": [1, 2, 9, 4] }),
        ),
        delta("whole array", &d(), &Doc { cells: [1, 2, 3, 4], ..d() }, json!({}), json!({ "cells": [1, 2, 3, 4] })),
        delta(
            "optional elements of an array",
            &Doc { places: [None, Some("b".into()), None], ..d() },
            &Doc { places: [Some("a".into()), None, None], ..d() },
            json!({ "places": [null, "b", null] }),
            json!({ "places": ["a", null, null] }),
        ),
        delta(
            "array patched inside",
            &Doc { pair: [part("a", 1), part("b", 2)], ..d() },
            &Doc { pair: [part("a", 1), part("b", 3)], ..d() },
            json!({ "pair": [part_json("a", 1), part_json("b", 2)] }),
            json!({ "pair": [part_json("a", 1), part_json("b", 3)] }),
        ),
        delta(
            "union replaced",
            &d(),
            &Doc { shape: Some(Shape::Nothing), ..d() },
            json!({}),
            json!({ "shape": { "kind": "Nothing" } }),
        ),
        explicit(&ab(), &ab_json()),
    ];
    compare("deltas.json", &json!({ "generation": 0, "cases": cases, "invalid": mismatches() }));
}

fn tags(names: &[&str]) -> Set<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn list8(numbers: &[u8]) -> List<u8> {
    numbers.iter().copied().collect()
}

/// An entry that is removed and set in one commit moves to the end.
fn explicit(from: &Doc, from_json: &Value) -> Value {
    let map_patch = restream::MapPatch::new()
        .remove("a".to_owned())
        .set("a".to_owned(), part("again", 5))
        .patch("b".to_owned(), PartPatch::new().hp(0));
    let patch = <Doc as Delta>::Patch::new().map_patch(map_patch).count(1);
    let to = Doc {
        count: 1,
        map: [("b".to_owned(), part("B", 0)), ("a".to_owned(), part("again", 5))].into_iter().collect(),
        ..Doc::default()
    };
    let to_json = json!({ "count": 1, "map": [["b", part_json("B", 0)], ["a", part_json("again", 5)]] });
    with_patch("moved to the end", from, &to, &patch, (from_json.clone(), to_json))
}

/// Deltas that do not fit the empty document, or are malformed.
fn mismatches() -> Vec<Value> {
    // [slot count 12][2 bits per slot, 3 bytes][operands]
    let cases: [(&str, &str, &str); 13] = [
        ("splice beyond the end", "19 003000 0d 030103010301", "mismatch"),
        ("patch of an absent element", "19 00c000 0d 030301050700", "mismatch"),
        ("patch of an absent key", "19 000003 11 0101030361050700", "mismatch"),
        ("patch of none", "19 000c00 050700", "mismatch"),
        ("patch of a scalar", "19 0c0000 01", "op"),
        ("padding", "03 f0", "padding"),
        ("element beyond an array", "21 000000c0 09 03090301", "mismatch"),
        ("element set twice", "21 000000c0 0d 050103010301", "duplicate_key"),
        ("patch of a number", "21 000000c0 0b 0103010301", "op"),
        ("unused id cleared", "29 0000000004", "slots"),
        ("unused id patched", "25 000000000c 0107", "slots"),
        ("element added twice", "1d 00000003 0d 010503610361", "duplicate_key"),
        ("empty input", "", "truncated"),
    ];
    cases
        .iter()
        .map(|(name, text, expected)| {
            let text = text.replace(' ', "");
            let code = match delta::decode_patch::<Doc>(&unhex(&text)) {
                Err(error) => error.code.as_str(),
                Ok(patch) => Doc::default().apply(&patch).map(|()| "accepted").unwrap_or("mismatch"),
            };
            assert_eq!(code, *expected, "{name}");
            json!({ "type": "Doc", "name": name, "hex": text, "code": code })
        })
        .collect()
}
