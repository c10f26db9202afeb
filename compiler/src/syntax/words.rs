//! Every word with a meaning of its own, in one place: the parser reads by these tables, suggestions are taken from them
//! and the grammar for editors is made from them. Words mean something only where they are expected, so a field may be
//! called `next`.

use super::annotations::Place;
use super::ast::{MethodWord, Word};
use crate::ir::Shape;

/// Words of a file's head.
pub const HEADER: [&str; 3] = ["edition", "package", "import"];
/// Words in front of `struct`.
pub const LEVELS: [&str; 3] = ["fields", "partials", "serializers"];
/// Words in front of `enum` and `union`.
pub const OPENNESS: [&str; 2] = ["open", "closed"];
/// What a declaration declares.
pub const KINDS: [&str; 12] = [
    "struct",
    "enum",
    "union",
    "error",
    "store",
    "service",
    "view",
    "access",
    "alias",
    "const",
    "newtype",
    "annotation",
];

/// The word in front of a declaration that only its own package sees.
pub const INTERNAL: &str = "internal";
/// The word of `import a.b as c`.
pub const ALIAS: &str = "as";
/// The word in front of what a view is of.
pub const OF: &str = "of";
/// The word in front of what a declared annotation may stand on.
pub const ON: &str = "on";
/// What a declared annotation may stand on.
pub const PLACES: [(&str, &[Place]); 17] = [
    ("struct", &[Place::Struct]),
    ("enum", &[Place::Enum]),
    ("union", &[Place::Union]),
    ("error", &[Place::Error]),
    ("alias", &[Place::Alias]),
    ("newtype", &[Place::Newtype]),
    ("const", &[Place::Const]),
    ("store", &[Place::Store]),
    ("service", &[Place::Service]),
    ("view", &[Place::View]),
    ("field", &[Place::Field, Place::PayloadField]),
    ("member", &[Place::Member]),
    ("case", &[Place::Case]),
    ("rpc", &[Place::Rpc]),
    ("send", &[Place::Send]),
    ("event", &[Place::Event]),
    ("param", &[Place::Param]),
];
/// The word in front of what an rpc may throw.
pub const THROWS: &str = "throws";

/// The word in front of a result or a parameter of which there are many.
pub const STREAM: &str = "stream";

/// Words of a body's lines that have numbers behind them.
pub const LINES: [(&str, Word); 4] =
    [("next", Word::Next), ("retired", Word::Retired), ("unused", Word::Unused), ("reserved", Word::Reserved)];

/// Words of the lines of stores and services.
pub const METHODS: [(&str, MethodWord); 3] =
    [("rpc", MethodWord::Rpc), ("send", MethodWord::Send), ("event", MethodWord::Event)];

/// What is kept of the type of a field or parameter that is gone.
pub const SHAPES: [(&str, Shape); 6] = [
    ("bit", Shape::Bit),
    ("varint", Shape::Varint),
    ("fixed4", Shape::Fixed4),
    ("fixed8", Shape::Fixed8),
    ("fixed16", Shape::Fixed16),
    ("len", Shape::Len),
];

/// The built-in types.
pub const TYPES: [&str; 21] = [
    "bool",
    "u8",
    "u16",
    "u32",
    "u64",
    "i8",
    "i16",
    "i32",
    "i64",
    "f32",
    "f64",
    "string",
    "bytes",
    "timestamp",
    "duration",
    "uuid",
    "bigint",
    "decimal",
    "list",
    "map",
    "set",
];

/// What the parameter of a generic declaration may ask of its arguments.
pub const BOUNDS: [&str; 4] = ["key", "zero", "struct", "partials"];

/// The values of `bool`.
pub const BOOLS: [&str; 2] = ["false", "true"];

/// Every word that a declaration or the head of a file starts with, those behind it in `fields struct` included.
pub fn declarations() -> impl Iterator<Item = &'static str> + Clone {
    HEADER.into_iter().chain([INTERNAL]).chain(LEVELS).chain(OPENNESS).chain(KINDS)
}
