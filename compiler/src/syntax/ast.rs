//! The syntax tree: what is written, with a span on every node and all comments kept.

use crate::source::{FileId, Span};
pub use crate::syntax::prescan::{Comment, CommentKind};

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// Which one.
    pub id: FileId,
    /// `//!` lines without the marker.
    pub docs: Vec<String>,
    /// The name behind `package`, if it could be read.
    pub package: Option<Path>,
    /// Behind it.
    pub annotations: Vec<Annotation>,
    /// Imports in order.
    pub imports: Vec<Import>,
    /// Access blocks; one per project is allowed.
    pub access: Vec<Access>,
    /// Declarations in order.
    pub items: Vec<Item>,
    /// Names whose declaration could not be read: references to them are not reported again.
    pub lost: Vec<Name>,
    /// All comments in order.
    pub comments: Vec<Comment>,
}

/// An identifier.
#[derive(Clone, Debug)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// Identifiers joined by dots.
#[derive(Clone, Debug)]
pub struct Path {
    /// At least one.
    pub segments: Vec<Name>,
    /// All of it.
    pub span: Span,
}

impl Path {
    /// As text, joined by dots.
    pub fn dotted(&self) -> String {
        self.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".")
    }
}

/// An integer as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Its value; `None` if it is not an integer of 127 bits (reported).
    pub value: Option<i128>,
    /// Its place.
    pub span: Span,
}

/// `import PATH.{A, B}` or `import PATH as NAME`.
#[derive(Clone, Debug)]
pub struct Import {
    /// The package.
    pub package: Path,
    /// What is taken from it.
    pub kind: ImportKind,
    /// All of it.
    pub span: Span,
}

/// What an import takes.
#[derive(Clone, Debug)]
pub enum ImportKind {
    /// These items.
    Names(Vec<Name>),
    /// Everything, behind this name and a dot.
    Alias(Name),
}

/// `access { Public = 0 }`.
#[derive(Clone, Debug)]
pub struct Access {
    /// The word `access`.
    pub span: Span,
    /// Its levels.
    pub levels: Vec<AccessLevel>,
    /// Part of it could not be read.
    pub broken: bool,
}

/// One access level.
#[derive(Clone, Debug)]
pub struct AccessLevel {
    /// `///` lines.
    pub docs: Vec<String>,
    /// Its name.
    pub name: Name,
    /// Its number.
    pub number: Number,
}

/// A declaration.
#[derive(Clone, Debug)]
pub struct Item {
    /// `///` lines.
    pub docs: Vec<String>,
    /// What it is called.
    pub name: Name,
    /// Between angle brackets behind the name.
    pub params: Vec<TypeParam>,
    /// The word `internal` in front.
    pub internal: Option<Span>,
    /// Behind the name or in front of the body.
    pub annotations: Vec<Annotation>,
    /// What it is.
    pub kind: ItemKind,
    /// All of it without docs.
    pub span: Span,
}

/// `T: key + zero = u32`: a parameter of a generic declaration.
#[derive(Clone, Debug)]
pub struct TypeParam {
    /// What it is called.
    pub name: Name,
    /// Behind the colon.
    pub bounds: Vec<Name>,
    /// Behind the equals sign.
    pub default: Option<Type>,
}

/// The kinds of declaration.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `fields struct`, `partials struct`, `serializers struct`.
    Struct {
        /// The level word; `None` if it is missing (reported).
        level: Option<crate::ir::StructLevel>,
        /// Its fields.
        body: FieldBody,
    },
    /// `open enum`, `closed enum`.
    Enum {
        /// `None` if the word is missing (reported).
        open: Option<bool>,
        /// Behind the colon.
        repr: Option<Type>,
        /// Its members.
        body: EnumBody,
    },
    /// `open union`, `closed union`, `error`.
    Union {
        /// Declared as `error`.
        is_error: bool,
        /// `None` if the word is missing (reported).
        open: Option<bool>,
        /// Its cases.
        body: UnionBody,
    },
    /// `store Name[key]: State`.
    Store {
        /// Between the brackets.
        key: Option<Vec<Param>>,
        /// Behind the colon.
        state: Type,
        /// Its methods.
        body: UnitBody,
    },
    /// `service Name`.
    Service {
        /// Its methods.
        body: UnitBody,
    },
    /// `view Name of Store { field }`.
    View {
        /// The store, or the struct that is the state of one.
        of: Path,
        /// What it shows.
        picks: Picks,
    },
    /// `alias Name = Type`.
    Alias {
        /// Behind the equals sign.
        target: Type,
    },
    /// `newtype Name = Type`.
    Newtype {
        /// Behind the equals sign.
        base: Type,
    },
    /// `const NAME: Type = value`.
    Const {
        /// Behind the colon.
        ty: Type,
        /// Behind the equals sign.
        value: Value,
    },
    /// `annotation name(parameters) on field | struct`.
    Annotation {
        /// Between the parentheses.
        params: Vec<Param>,
        /// Behind `on`.
        places: Vec<Name>,
        /// A parameter could not be read.
        broken: bool,
    },
}

/// `@name` or `@name(arguments)`.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// Behind the `@`.
    pub name: Path,
    /// Between the parentheses.
    pub args: Vec<Arg>,
    /// Its arguments could not be read (reported).
    pub broken: bool,
    /// All of it.
    pub span: Span,
}

/// An argument of an annotation.
#[derive(Clone, Debug)]
pub struct Arg {
    /// In front of the colon.
    pub name: Option<Name>,
    /// What is given.
    pub value: Value,
    /// All of it.
    pub span: Span,
}

/// What stands between the braces of a struct or payload.
#[derive(Clone, Debug)]
pub struct FieldBody {
    /// `next N` lines; more than one is an error.
    pub next: Vec<Line>,
    /// `retired`, `unused` (and wrongly `reserved`) lines.
    pub holes: Vec<Line>,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// From `{` to `}`.
    pub span: Span,
    /// Ids of lines that could not be read otherwise.
    pub lost: Vec<Number>,
    /// Something in it could not be read at all.
    pub broken: bool,
}

/// What stands between the braces of an enum.
#[derive(Clone, Debug)]
pub struct EnumBody {
    /// Lines that start with a word and a number.
    pub lines: Vec<Line>,
    /// Members in order.
    pub members: Vec<EnumMember>,
    /// From `{` to `}`.
    pub span: Span,
    /// Something in it could not be read.
    pub broken: bool,
}

/// What stands between the braces of a union or error.
#[derive(Clone, Debug)]
pub struct UnionBody {
    /// `next N` lines; more than one is an error.
    pub next: Vec<Line>,
    /// `reserved` lines (and wrongly `retired` and `unused`).
    pub holes: Vec<Line>,
    /// Cases in order.
    pub cases: Vec<Case>,
    /// From `{` to `}`.
    pub span: Span,
    /// Ids of lines that could not be read otherwise.
    pub lost: Vec<Number>,
    /// Something in it could not be read at all.
    pub broken: bool,
}

/// What stands between the braces of a store or service.
#[derive(Clone, Debug)]
pub struct UnitBody {
    /// Methods and events in order.
    pub methods: Vec<Method>,
}

/// A selection of fields.
#[derive(Clone, Debug)]
pub struct Picks {
    /// In order.
    pub fields: Vec<Pick>,
    /// From `{` to `}`.
    pub span: Span,
    /// Something in it could not be read.
    pub broken: bool,
}

/// A selected field.
#[derive(Clone, Debug)]
pub struct Pick {
    /// What it is called.
    pub name: Name,
    /// What of it is shown; `None`: all of it.
    pub inside: Option<Picks>,
    /// All of it.
    pub span: Span,
}

/// The word a line starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// `next 4`
    Next,
    /// `retired 2 bit`
    Retired,
    /// `unused 5..9`
    Unused,
    /// `reserved 3`
    Reserved,
}

/// `next 4`, `retired 3, 7..12 len`, `unused 5..9`, `reserved 3`.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its first word.
    pub word: Word,
    /// Its numbers; a single one is a range of itself.
    pub ranges: Vec<(Number, Number)>,
    /// The last word of `retired`.
    pub shape: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// A field of a struct or payload.
#[derive(Clone, Debug)]
pub struct Field {
    /// `///` lines.
    pub docs: Vec<String>,
    /// In front of the name.
    pub id: Option<Number>,
    /// What it is called.
    pub name: Name,
    /// Behind the colon.
    pub ty: Type,
    /// Behind the equals sign.
    pub default: Option<Value>,
    /// At the end.
    pub annotations: Vec<Annotation>,
    /// All of it without docs.
    pub span: Span,
}

/// A member of an enum.
#[derive(Clone, Debug)]
pub struct EnumMember {
    /// `///` lines.
    pub docs: Vec<String>,
    /// In front of the name.
    pub number: Option<Number>,
    /// What it is called.
    pub name: Name,
    /// At the end.
    pub annotations: Vec<Annotation>,
}

/// A case of a union or error.
#[derive(Clone, Debug)]
pub struct Case {
    /// `///` lines.
    pub docs: Vec<String>,
    /// In front of the name.
    pub id: Option<Number>,
    /// What it is called.
    pub name: Name,
    /// Between braces.
    pub payload: Option<FieldBody>,
    /// At the end.
    pub annotations: Vec<Annotation>,
}

/// What a line of a store or service declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodWord {
    /// A call with a reply.
    Rpc,
    /// A call without.
    Send,
    /// From the server to subscribers.
    Event,
}

/// `rpc`, `send` or `event`.
#[derive(Clone, Debug)]
pub struct Method {
    /// `///` lines.
    pub docs: Vec<String>,
    /// Which of the three.
    pub word: MethodWord,
    /// What it is called.
    pub name: Name,
    /// Between the brackets.
    pub key: Option<Vec<Param>>,
    /// Between the parentheses.
    pub params: Vec<Param>,
    /// Behind the arrow.
    pub result: Option<Type>,
    /// The word `stream` in front of the result.
    pub stream: Option<Span>,
    /// Behind `throws`.
    pub throws: Option<Path>,
    /// At the end.
    pub annotations: Vec<Annotation>,
    /// Something in it could not be read.
    pub broken: bool,
    /// All of it without docs.
    pub span: Span,
}

/// A parameter, or one that is gone: `_: shape`.
#[derive(Clone, Debug)]
pub struct Param {
    /// The word `stream` in front of it.
    pub stream: Option<Span>,
    /// What it is called; `_` if it is gone.
    pub name: Name,
    /// Behind the colon; the shape if it is gone.
    pub ty: Type,
    /// Behind the equals sign.
    pub default: Option<Value>,
    /// At the end.
    pub annotations: Vec<Annotation>,
    /// All of it.
    pub span: Span,
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub struct Type {
    /// Which one.
    pub kind: TypeKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `a.B`, `list<T>`, `decimal(9, 2)`.
    Named {
        /// The name.
        path: Path,
        /// Between angle brackets.
        args: Vec<Type>,
        /// Between parentheses.
        numbers: Vec<Number>,
    },
    /// `[T; N]`
    Array {
        /// In front of the semicolon.
        element: Box<Type>,
        /// Behind it.
        len: Box<Value>,
    },
    /// `T?`
    Optional(Box<Type>),
    /// Already reported.
    Error,
}

/// A constant as it is written.
#[derive(Clone, Debug)]
pub struct Value {
    /// Which one.
    pub kind: ValueKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a constant.
#[derive(Clone, Debug)]
pub enum ValueKind {
    /// Without a point.
    Int(i128),
    /// With one.
    Float(f64),
    /// Unescaped.
    String(String),
    /// `true`, `X`, `Mark.X`.
    Path(Path),
    /// `30s`, in microseconds.
    Duration(i64),
    /// `retained(10)`, in annotations only.
    Call(Name, Box<Value>),
    /// `[..]`
    List,
    /// `2 * (MAX + 1)`: operands in front of their operators.
    Expr(Vec<Step>),
    /// Already reported.
    Error,
}

/// A step of an expression: puts a value on a stack, or takes one or two of them and puts the result there.
#[derive(Clone, Debug)]
pub enum Step {
    /// A value that is no expression itself.
    Value(Value),
    /// The sign in front of an operand.
    Neg(Span),
    /// An operator between two operands.
    Op(Op, Span),
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `&`
    And,
    /// `|`
    Or,
}
