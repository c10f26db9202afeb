//! No text makes the compiler panic, and time grows with size only.

use rssc::source::SourceMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

const SCHEMA: &str = r#"//! Docs.
edition 2026
package a.b
import c.d as e
access { Public = 0, Admin = 9 }
/// Ü
open enum Mark: u8 { 0 Empty, 1 X, reserved 2..3 } /* x */
partials struct S @access(Admin) {
    next 9
    retired 4, 6..7 len
    1 a: list<map<string, e.T?>>? = "q\u{e9}\"" @access(Admin)
    2 m: Mark = X, 3 d: decimal(9, 2), 5 s: S?
    unused 8
}
error E { next 3, 1 A { next 2, 1 x: i8 = -3 }, 2 B }
store B[k: string, n: u8]: S { rpc x(a: u8 = 1, _: varint) -> list<u8> throws E @access(Admin)
    send y(), event z(t: timestamp) }
service V { rpc q() -> stream [u8; 4] }
"#;

fn analyze(text: &str) -> Vec<&'static str> {
    let mut sources = SourceMap::new();
    sources.add("a.rss", text);
    let found = rssc::analyze(&sources).diagnostics;
    // Every finding can be shown.
    rssc::diag::render::render(&sources, &found, rssc::diag::render::Format::Human, false);
    found.iter().map(|d| d.code.id).collect()
}

#[test]
fn no_edit_of_a_schema_panics() {
    let offsets: Vec<usize> = SCHEMA.char_indices().map(|(i, _)| i).collect();
    for (n, &at) in offsets.iter().enumerate() {
        if n % 4 == 0 {
            analyze(&SCHEMA[..at]);
        }
        let next = offsets.get(n + 1).copied().unwrap_or(SCHEMA.len());
        analyze(&format!("{}{}", &SCHEMA[..at], &SCHEMA[next..]));
        for (i, inserted) in ["{", "}", "(", "\"", "\n", "<", ">", "@", "é", "/*", "9", " x "].into_iter().enumerate()
        {
            if (n * 5 + i) % 12 == 0 {
                analyze(&format!("{}{inserted}{}", &SCHEMA[..at], &SCHEMA[at..]));
            }
        }
    }
}

/// Time that this thread has computed: other work on the machine does not count where the system tells.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let used = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let used = used.and_then(|text| text.split(' ').next()?.parse().ok());
    used.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// The shortest of a few runs: what others do on the machine only ever adds.
fn fastest(text: &str, n_runs: usize) -> Duration {
    let time = |_| {
        let start = now();
        analyze(text);
        now() - start
    };
    (0..n_runs).map(time).min().unwrap_or_default()
}

/// Four times the text must not take sixteen times as long.
fn grows_linearly(name: &str, text: impl Fn(usize) -> String, n: usize) {
    let (small, large) = (text(n), text(4 * n));
    let (mut one, mut four) = (Duration::MAX, Duration::MAX);
    for _ in 0..6 {
        one = one.min(fastest(&small, 2));
        four = four.min(fastest(&large, 1));
        // The clock of a thread ticks every few milliseconds.
        if four < one * 8 + Duration::from_millis(30) {
            return;
        }
    }
    panic!("{name}: {one:?} became {four:?} with four times the text");
}

#[test]
fn limits_have_a_code() {
    let head = "edition 2026\npackage a\n";
    let fields = |n: usize| (1..=n).map(|i| format!("{i} f{i}: u8\n")).collect::<String>();
    assert_eq!(analyze(&format!("{head}fields struct A {{\nnext 4097\n{}}}", fields(4096))), [""; 0]);
    let codes = analyze(&format!("{head}fields struct A {{\nnext 4098\n{}}}", fields(4097)));
    assert!(codes.contains(&"RSS0108") && codes.contains(&"RSS0305"), "{codes:?}");
    let name = |n: usize| format!("{head}fields struct {} {{ next 1 }}", "A".repeat(n));
    assert_eq!((analyze(&name(256)), analyze(&name(257))), (vec![], vec!["RSS0108"]));
    let types = |n: usize| format!("{head}fields struct A {{ next 2, 1 a: {}u8{} }}", "list<".repeat(n), ">".repeat(n));
    assert_eq!((analyze(&types(64)), analyze(&types(65))), (vec![], vec!["RSS0108"]));
    assert_eq!(analyze(&format!("{head}{}", "//\n".repeat(4_000_000))), ["RSS0108"]);
    assert_eq!(analyze(&" ".repeat((16 << 20) + 1)), ["RSS0108"]);
}

#[test]
fn questions_do_not_nest_and_slashes_in_arguments_are_no_comment() {
    let field = |text: &str| analyze(&format!("edition 2026\npackage a\nfields struct A {{ next 2, 1 a: u8{text}\n}}"));
    assert_eq!(field(&"?".repeat(200_000)), ["RSS0313"]);
    assert!(!field("? @access(//Public)").is_empty());
    assert!(!field("? @access(/*Public*/)").is_empty());
}

#[test]
fn chains_of_imports_are_limited() {
    let chain = |n: usize| {
        let mut sources = SourceMap::new();
        for i in 0..n {
            sources.add(format!("p{i}.rss"), format!("edition 2026\npackage p{i}\nimport p{} as next\n", i + 1));
        }
        sources.add("last.rss", format!("edition 2026\npackage p{n}\n"));
        rssc::analyze(&sources).diagnostics.iter().map(|d| d.code.id).collect::<Vec<_>>()
    };
    assert_eq!((chain(64), chain(65)), (vec![], vec!["RSS0108"]));
}

#[test]
fn hostile_texts_take_linear_time() {
    let head = |text: String| format!("edition 2026\npackage a\n{text}\n");
    let repeated = [
        ("braces", "{", 20_000),
        ("parentheses", "(", 20_000),
        ("comments", "/*", 20_000),
        ("quotes", "\"", 20_000),
        ("annotations", "@a(", 5_000),
        ("docs", "///x\n", 10_000),
        ("unknown keywords", "strct A {}\n", 500),
        ("semicolons", ";", 5_000),
        ("letters", "é ", 2_000),
        ("plain comments", "//\n", 20_000),
        ("blank lines", "\n", 50_000),
    ];
    for (name, piece, n) in repeated {
        grows_linearly(name, |n| head(piece.repeat(n)), n);
    }
    let inside = [
        ("types", "fields struct A { next 2, 1 a: ", "list<", "}", 5_000),
        ("arrays", "fields struct A { next 2, 1 a: ", "[", "}", 5_000),
        ("bad fields", "fields struct A {\n", "1 a b\n", "}", 1_200),
        ("bad fields on a line", "fields struct A {", "1 a b, ", "}", 400),
        ("paths", "fields struct A { next 2, 1 a: ", "a.", "b }", 2_000),
        ("members", "open enum A: u8 { ", "1 M, ", "}", 400),
        ("brackets", "fields struct A {\n 1 a: u8 @x", "(", "\n}", 5_000),
    ];
    for (name, before, piece, after, n) in inside {
        let text = |n: usize| head(format!("{before}{}{after}", piece.repeat(n)));
        assert!(!analyze(&text(n)).is_empty(), "{name}");
        grows_linearly(name, text, n);
    }
}

#[test]
fn words_in_front_of_declarations_do_not_pile_up() {
    for word in ["internal", "pub", "fields internal"] {
        analyze(&format!("edition 2026\npackage a\n{} fields struct A {{ next 1 }}\n", [word; 20_000].join(" ")));
    }
}

#[test]
fn defaults_that_hold_each_other_do_not_explode() {
    let param = |n: usize| format!("P{n} = Pair<P{0}, P{0}>", n - 1);
    let params: Vec<String> = (1..40).map(param).collect();
    let fields: Vec<String> = (0..40).map(|n| format!("{} f{n}: P{n}?", n + 1)).collect();
    let found = analyze(&format!(
        "edition 2026\npackage a\nfields struct Pair<A, B> {{ next 3, 1 a: A?, 2 b: B? }}\nfields struct Many<P0, {}> \
         {{ next 41, {} }}\nfields struct Use {{ next 2, 1 many: Many<u8> }}\n",
        params.join(", "),
        fields.join(", ")
    ));
    assert_eq!(found, ["RSS0108"]);
}

#[test]
fn generic_types_do_not_explode() {
    let head = "edition 2026\npackage a\nfields struct Pair<A, B> { next 3, 1 a: A?, 2 b: B? }\n";
    let chain = |n: usize, arg: &str| {
        let structs = (0..n).map(|i| {
            let arg = arg.replace("NEXT", &format!("S{}", i + 1));
            format!("fields struct S{i}<T> {{ next 3, 1 a: T?, 2 b: {arg} }}\n")
        });
        let end =
            format!("fields struct S{n}<T> {{ next 2, 1 a: T? }}\nfields struct Use {{ next 2, 1 a: S0<u8>? }}\n");
        format!("{head}{}{end}", structs.collect::<String>())
    };
    // Twice as large, or twice as many, with every declaration.
    assert_eq!(analyze(&chain(5, "NEXT<Pair<T, T>>?")), [""; 0]);
    assert_eq!(analyze(&chain(60, "NEXT<Pair<T, T>>?")), ["RSS0108"]);
    assert_eq!(analyze(&chain(60, "Pair<NEXT<list<T>>, NEXT<map<u8, T>>>?")), ["RSS0108"]);
    let aliases = (0..60).map(|i| format!("alias A{}<T> = A{i}<Pair<T, T>>\n", i + 1));
    let aliases = format!("{head}alias A0<T> = list<T>\n{}", aliases.collect::<String>());
    assert!(analyze(&aliases).contains(&"RSS0108"));
    grows_linearly("chain of generic structs", |n| chain(n, "NEXT<T>?"), 300);
    let reversed = |n: usize| chain(n, "NEXT<T>?").lines().rev().collect::<Vec<_>>().join("\n");
    grows_linearly("chain of generic structs, backwards", |n| format!("edition 2026\npackage a\n{}", reversed(n)), 300);
}

#[test]
fn large_schemas_take_linear_time() {
    let schema = |n: usize| {
        let structs = (0..n).map(|i| {
            let other = i / 2;
            format!(
                "/// Docs.\nfields struct T{i} {{\n    next 5\n    1 a: u8 = 3\n    2 b: list<T{other}>\n    3 c: string?\n    \
                 4 d: map<u32, T{other}>\n}}\n"
            )
        });
        format!("edition 2026\npackage a\n{}", structs.collect::<String>())
    };
    assert!(analyze(&schema(100)).is_empty());
    grows_linearly("structs", schema, 100);
    let chain = |n: usize| {
        let structs = (0..n).map(|i| format!("fields struct T{i} {{ next 2, 1 a: T{} }}\n", i + 1));
        format!("edition 2026\npackage a\n{}fields struct T{n} {{ next 1 }}\n", structs.collect::<String>())
    };
    assert!(analyze(&chain(100)).is_empty());
    grows_linearly("chain of structs", chain, 400);
}
