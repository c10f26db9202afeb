//! The checked model: what a schema means, with every name resolved and every default computed.
//!
//! Arenas and ids; all orders are declaration order (files sorted by path, then position), so that output is
//! deterministic. Emitters read this and nothing else. Whatever an emitter cannot express has been refused before.

pub mod constraints;
pub mod cycles;
pub mod generics;
pub mod hiding;
pub mod wire;

use std::collections::BTreeSet;

/// A whole project.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    pub packages: Vec<Package>,
    pub structs: Vec<Struct>,
    pub enums: Vec<Enum>,
    pub unions: Vec<Union>,
    pub units: Vec<Unit>,
    pub aliases: Vec<Alias>,
    pub constants: Vec<Const>,
    pub newtypes: Vec<Newtype>,
    pub annotations: Vec<Annotation>,
    /// Declarations that are no part of what a package offers.
    pub internal: std::collections::BTreeSet<Item>,
    /// Access levels in ascending order of number; never empty.
    pub levels: Vec<Level>,
    /// Fields through which a struct contains itself, by id; see [`cycles`].
    pub recursive: BTreeSet<(StructId, u32)>,
    /// Structs of which some readers see less than others. See [`hiding`].
    pub hiding: BTreeSet<StructId>,
    /// The package that declares the access block, if any does.
    pub access_package: Option<PackageId>,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $field:ident: $item:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl std::ops::Index<$name> for Schema {
            type Output = $item;
            fn index(&self, id: $name) -> &$item {
                &self.$field[id.0 as usize]
            }
        }
    )*};
}

ids! {
    /// Handle to a [`Package`].
    PackageId => packages: Package;
    /// Handle to a [`Struct`].
    StructId => structs: Struct;
    /// Handle to an [`Enum`].
    EnumId => enums: Enum;
    /// Handle to a [`Union`].
    UnionId => unions: Union;
    /// Handle to a [`Unit`].
    UnitId => units: Unit;
    /// Handle to an [`Alias`].
    AliasId => aliases: Alias;
    /// Handle to a [`Const`].
    ConstId => constants: Const;
    /// Handle to a [`Newtype`].
    NewtypeId => newtypes: Newtype;
    /// Handle to an [`Annotation`].
    AnnotationId => annotations: Annotation;
}

/// What a declaration says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Docs {
    /// Lines of comment, without the marker.
    pub lines: Vec<String>,
    pub deprecated: Option<Deprecated>,
    /// Declared annotations, in the order in which they are written.
    pub annotations: Vec<Annotated>,
}

/// A declared annotation, of which programs get the arguments.
#[derive(Clone, Debug)]
pub struct Annotation {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    /// Name, type (one that has literals, or optional of it).
    pub params: Vec<(String, Type)>,
}

/// A use of a declared annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotated {
    pub annotation: AnnotationId,
    /// One for each parameter; `None` for an optional one that is not given.
    pub values: Vec<Option<Literal>>,
    /// As it is written, in one line, without the `@`.
    pub text: String,
}

/// `@deprecated`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// One line of text.
    pub reason: String,
    /// The version since when, one line of text.
    pub since: Option<String>,
}

impl From<Vec<String>> for Docs {
    fn from(lines: Vec<String>) -> Self {
        Self { lines, ..Self::default() }
    }
}

impl Docs {
    /// The comment, and declared annotations as they are written.
    pub fn text(&self) -> Vec<String> {
        let between = (!self.lines.is_empty() && !self.annotations.is_empty()).then(String::new);
        let annotations = self.annotations.iter().map(|annotated| format!("`{}`", annotated.text));
        self.lines.iter().cloned().chain(between).chain(annotations).collect()
    }

    /// Does it say nothing?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is said of other things that are generated for the same declaration.
    pub fn marks(&self) -> Self {
        Self { deprecated: self.deprecated.clone(), ..Self::default() }
    }
}

impl Deprecated {
    /// Reason and version in one line.
    pub fn sentence(&self) -> String {
        match &self.since {
            Some(since) => format!("{} (since {since})", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// All files that say `package NAME`.
#[derive(Clone, Debug)]
pub struct Package {
    /// Dotted name, e.g. `game.board.v1`.
    pub name: String,
    /// `//!` lines of its files, in order, without the marker.
    pub docs: Docs,
    /// Paths of its files relative to the input root, with `/`, sorted.
    pub files: Vec<String>,
    /// Its items in declaration order.
    pub items: Vec<Item>,
}

/// One top-level declaration that is emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    Struct(StructId),
    Enum(EnumId),
    Union(UnionId),
    Unit(UnitId),
    Alias(AliasId),
    Const(ConstId),
    Newtype(NewtypeId),
    Annotation(AnnotationId),
}

/// An access level.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    pub name: String,
    pub number: u32,
    pub docs: Docs,
}

/// The evolution contract of a struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StructLevel {
    /// Declaration order, no ids, no presence.
    Serializers,
    /// Stable ids, evolvable.
    Fields,
    /// Like `Fields`, with a delta type.
    Partials,
}

/// A named struct.
#[derive(Clone, Debug)]
pub struct Struct {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    pub level: StructLevel,
    /// Empty unless it is generic.
    pub params: Vec<Param>,
    pub body: Body,
    /// The struct whose fields these are, for a type of a view. `retired` then holds what the view does not show.
    pub projects: Option<Type>,
    /// Digest of the wire descriptor; used for `Serializers` only.
    pub digest: [u8; 16],
    /// Whether values of it can break a constraint.
    pub constrained: bool,
}

/// A parameter of a generic declaration. Arguments are never `Optional`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: String,
    pub bounds: Bounds,
    /// What it stands for where no argument is written; may hold parameters in front of it.
    pub default: Option<Type>,
}

/// What every argument of a parameter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Usable as the key of a map.
    pub key: bool,
    /// Has an admissible zero.
    pub zero: bool,
    /// A struct of any level.
    pub strukt: bool,
    /// A `partials` struct.
    pub partials: bool,
}

/// A row: the fields of a struct, of a union case, or of the implicit struct of parameters, keys and bare results.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// In declaration order. In `Serializers` the ids are 1, 2, 3 .. by position and do not travel.
    pub fields: Vec<Field>,
    /// Ids whose field is gone; only the shape is kept so that old bytes can be skipped.
    pub retired: Vec<Retired>,
    /// Highest id ever declared (fields and retired, 0 if none): the slot count a writer puts in front.
    pub slots: u32,
}

impl Body {
    /// The ids below the highest one that nobody ever used, as runs of the first and the last.
    pub fn unused(&self) -> Vec<(u32, u32)> {
        let taken = self.fields.iter().map(|field| field.id).chain(self.retired.iter().map(|retired| retired.id));
        let mut taken: Vec<u32> = taken.collect();
        taken.sort_unstable();
        let before = std::iter::once(0).chain(taken.iter().copied());
        before.zip(&taken).filter(|(before, id)| before + 1 < **id).map(|(before, id)| (before + 1, id - 1)).collect()
    }
}

/// One field or parameter.
#[derive(Clone, Debug)]
pub struct Field {
    pub id: u32,
    pub name: String,
    pub docs: Docs,
    pub ty: Type,
    /// The declared default, `None` for the type's zero. Never set for `T?` and containers.
    pub default: Option<Literal>,
    /// Number of the lowest level that may see the field; `None` if everybody may. Only on `T?` and collections.
    pub access: Option<u32>,
    /// What a value must be, in the order in which they are written. Of a `T?`: if it is there.
    pub constraints: Vec<constraints::Constraint>,
}

/// A retired id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
    pub id: u32,
    pub shape: Shape,
}

/// How a value is delimited in a row, which is all a reader must know to skip it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Lives in the presence bitmap.
    Bit,
    Varint,
    Fixed4,
    Fixed8,
    Fixed16,
    Len,
}

/// A resolved type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    Bool,
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    String,
    Bytes,
    Timestamp,
    Duration,
    Uuid,
    /// `precision` 1 to 38 digits in all, `scale` of them behind the point.
    Decimal {
        precision: u8,
        scale: u8,
    },
    BigInt,
    List(Box<Type>),
    Map(Box<Type>, Box<Type>),
    /// Of key types.
    Set(Box<Type>),
    /// `[T; N]`
    Array(Box<Type>, u32),
    /// Never directly inside another `Optional`.
    Optional(Box<Type>),
    /// With an argument for each of its parameters.
    Struct(StructId, Vec<Type>),
    Enum(EnumId),
    /// With an argument for each of its parameters.
    Union(UnionId, Vec<Type>),
    /// A parameter of the declaration that it stands in, by position.
    Param(u32),
    /// With its base, a scalar other than `Bool`: the wire sees nothing else.
    Newtype(NewtypeId, Box<Type>),
}

/// A constant, already checked against the type of its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Bool(bool),
    /// For every integer type.
    Int(i128),
    Float(f64),
    String(String),
    /// The number of a declared member.
    Member(u64),
}

/// An enum. A member with number 0 exists wherever the enum is used without `?` and without a default.
#[derive(Clone, Debug)]
pub struct Enum {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    /// Open: a reader keeps numbers it does not know. Closed: it refuses them.
    pub open: bool,
    /// One of `U8`, `U16`, `U32`, `U64`.
    pub repr: Type,
    pub members: Vec<Member>,
}

/// One enum member.
#[derive(Clone, Debug)]
pub struct Member {
    pub name: String,
    pub number: u64,
    pub docs: Docs,
}

/// A union or an error.
#[derive(Clone, Debug)]
pub struct Union {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    /// Declared as `error`: always open.
    pub is_error: bool,
    pub open: bool,
    /// Empty unless it is generic.
    pub params: Vec<Param>,
    pub cases: Vec<Case>,
    /// Whether values of it can break a constraint.
    pub constrained: bool,
}

/// One union case; no fields: no payload.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: u32,
    pub name: String,
    pub docs: Docs,
    pub body: Body,
}

/// Another name of a type. Types that use it hold its target.
#[derive(Clone, Debug)]
pub struct Alias {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    /// Empty unless it is generic.
    pub params: Vec<Param>,
    /// Without aliases in it, never an `Optional`.
    pub ty: Type,
}

/// A constant. Defaults that name it hold its value.
#[derive(Clone, Debug)]
pub struct Const {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    /// A type that a literal can have: bool, an integer, a float, string or an enum.
    pub ty: Type,
    pub value: Literal,
}

/// A type of its own in both languages that travels like its base.
#[derive(Clone, Debug)]
pub struct Newtype {
    pub package: PackageId,
    pub name: String,
    pub docs: Docs,
    /// A scalar other than `Bool`.
    pub base: Type,
    /// Like [`Field::constraints`].
    pub constraints: Vec<constraints::Constraint>,
}

/// A store, a store family or a service: what a client opens.
#[derive(Clone, Debug)]
pub struct Unit {
    pub package: PackageId,
    /// Short name, e.g. `Board`. The wire name is `package.name`.
    pub name: String,
    pub docs: Docs,
    pub kind: UnitKind,
    /// Number of the lowest level that may open it (the lowest level if none was declared).
    pub access: u32,
    pub methods: Vec<Method>,
    pub events: Vec<Event>,
    pub digest: [u8; 16],
    /// Digests of released generations that this one can serve, newest first.
    pub ancestors: Vec<[u8; 16]>,
    /// The store that it is a view of: it has that store's key, and nothing to call or listen to.
    pub of: Option<UnitId>,
}

/// What a unit holds.
#[derive(Clone, Debug)]
pub enum UnitKind {
    /// State and, for a family, a key (`None`: one instance).
    Store {
        /// Always a `Partials` struct.
        state: Type,
        key: Option<Body>,
    },
    Service,
}

/// An `rpc` or a `send`.
#[derive(Clone, Debug)]
pub struct Method {
    pub name: String,
    pub docs: Docs,
    /// First 4 bytes (little-endian) of BLAKE3(`Unit.method`).
    pub id: u32,
    pub access: u32,
    /// The implicit struct of the parameters.
    pub params: Body,
    pub kind: MethodKind,
    /// What travels besides parameters and result; only an rpc has any.
    pub streams: Streams,
}

/// The items of an rpc. They travel as results do.
#[derive(Clone, Debug, Default)]
pub struct Streams {
    /// What the caller sends: the name of the parameter and the type of an item.
    pub takes: Option<(String, Type)>,
    /// The result is the type of an item, of which there are many, and there is no other result.
    pub gives: bool,
}

impl Streams {
    /// Whether there are items.
    pub fn any(&self) -> bool {
        self.takes.is_some() || self.gives
    }
}

/// How a method answers.
#[derive(Clone, Debug)]
pub enum MethodKind {
    /// `result` is `None` for unit. A struct travels as its row, anything else as the row `{ 1 value }`.
    Rpc { result: Option<Type>, error: Option<UnionId> },
    /// No reply.
    Send,
}

/// An event without key: to all subscribers of the instance.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: String,
    pub docs: Docs,
    /// Like [`Method::id`].
    pub id: u32,
    pub access: u32,
    /// Of a keyed event: who listens names one key.
    pub key: Option<Body>,
    pub params: Body,
}
