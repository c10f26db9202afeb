//! Wire decisions, made once for both languages: method ids, shapes, descriptors and digests.

use super::{
    Body, Enum, EnumId, Event, Literal, Method, MethodKind, Retired, Schema, Shape, Struct, StructId, StructLevel,
    Type, Union, UnionId, Unit, UnitId, UnitKind,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What decides about the bytes of a unit or of a `serializers` struct: names of fields and types, documentation, access
/// and declaration order are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The unit, or `None` for the struct that is type 0.
    pub unit: Option<UnitDescriptor>,
    /// Types, numbered by first visit.
    pub types: Vec<TypeDescriptor>,
}

/// A store or service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitDescriptor {
    /// Number of the state's type; `None` for a service.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub state: Option<usize>,
    /// The key of a family.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<RowDescriptor>,
    /// Methods and events by name.
    pub methods: BTreeMap<String, MethodDescriptor>,
}

/// A method or event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodDescriptor {
    /// `rpc`, `send` or `event`.
    pub kind: MethodWord,
    /// The key of an event.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<RowDescriptor>,
    /// Its parameters.
    pub params: RowDescriptor,
    /// What an rpc answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub result: Option<TypeRef>,
    /// The answer is a stream of these.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub stream: bool,
    /// What the caller streams.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub items: Option<TypeRef>,
    /// Number of the error's type.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<usize>,
}

impl MethodDescriptor {
    /// Without answer and streams.
    fn new(kind: MethodWord, params: RowDescriptor) -> Self {
        Self { kind, key: None, params, result: None, stream: false, items: None, error: None }
    }
}

/// The three kinds of methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MethodWord {
    /// A call with a reply.
    Rpc,
    /// A call without.
    Send,
    /// From the server to subscribers.
    Event,
}

/// A type with a declaration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TypeDescriptor {
    /// Members in the order of declaration.
    Serializers(RowDescriptor),
    /// Members by id.
    Fields(RowDescriptor),
    /// Members by id, with deltas.
    Partials(RowDescriptor),
    /// What it is stored as.
    OpenEnum(String),
    /// What it is stored as, and its numbers.
    ClosedEnum(String, Vec<u64>),
    /// Payloads by id.
    OpenUnion(BTreeMap<u32, RowDescriptor>),
    /// Payloads by id.
    ClosedUnion(BTreeMap<u32, RowDescriptor>),
}

/// The members of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowDescriptor {
    /// Fields.
    pub members: Vec<MemberDescriptor>,
    /// Shapes of ids that are gone.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub retired: BTreeMap<u32, ShapeName>,
    /// What a view shows of a struct: what is retired may be shown later, and the reverse.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub projected: bool,
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDescriptor {
    /// Its id.
    pub id: u32,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: TypeRef,
    /// Its default, unless it is the zero of its type.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub default: Option<String>,
}

/// The name of a shape as it is written in schemas.
pub type ShapeName = String;

/// A use of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TypeRef {
    /// `list<T>`
    List(Box<TypeRef>),
    /// `map<K, V>`
    Map(Box<(TypeRef, TypeRef)>),
    /// `set<T>`
    Set(Box<TypeRef>),
    /// `[T; N]`
    Array(Box<TypeRef>, u32),
    /// `T?`
    Optional(Box<TypeRef>),
    /// A type with a declaration, by its number.
    Type(usize),
    /// A built-in type without arguments, or a decimal.
    #[serde(untagged)]
    Scalar(String),
}

/// A declared type behind a number of a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeId {
    /// A struct.
    Struct(StructId),
    /// An enum.
    Enum(EnumId),
    /// A union.
    Union(UnionId),
}

impl Descriptor {
    /// The canonical text: the unit on the first line, then one type a line.
    pub fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines of the canonical text.
    pub fn lines(&self) -> Vec<String> {
        fn line(value: &impl Serialize) -> String {
            serde_json::to_string(value).expect("maps with plain keys, no floats: always JSON")
        }
        std::iter::once(line(&self.unit)).chain(self.types.iter().map(line)).collect()
    }

    /// Reads the lines of a canonical text; `None` if they are none.
    pub fn from_lines<'l>(lines: impl IntoIterator<Item = &'l str>) -> Option<Self> {
        let mut lines = lines.into_iter();
        let unit = serde_json::from_str(lines.next()?).ok()?;
        let types = lines.map(|l| serde_json::from_str(l).ok()).collect::<Option<Vec<_>>>()?;
        Some(Self { unit, types })
    }

    /// The first 16 bytes of the text's BLAKE3.
    pub fn digest(&self) -> [u8; 16] {
        let hash = blake3::hash(self.text().as_bytes());
        let mut digest = [0; 16];
        digest.copy_from_slice(&hash.as_bytes()[..16]);
        digest
    }
}

/// A digest as text: 32 digits.
pub fn hex(digest: [u8; 16]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of a method or event: the first 4 bytes, little-endian, of BLAKE3(`Unit.method`).
pub fn method_id(unit: &str, method: &str) -> u32 {
    let hash = blake3::hash(format!("{unit}.{method}").as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// How a value of a type is delimited in a row. Source: docs/wire-format.md, "Shapes".
pub fn shape(ty: &Type) -> Shape {
    match ty {
        Type::Bool => Shape::Bit,
        Type::F32 => Shape::Fixed4,
        Type::F64 => Shape::Fixed8,
        Type::Uuid => Shape::Fixed16,
        Type::Decimal { precision, .. } if *precision > 18 => Shape::Fixed16,
        Type::String | Type::Bytes | Type::BigInt | Type::List(_) | Type::Map(..) | Type::Set(_) | Type::Array(..) => {
            Shape::Len
        }
        Type::Struct(..) | Type::Union(..) => Shape::Len,
        Type::Newtype(_, base) => shape(base),
        // An absent optional is a cleared bit, so a present bool needs bytes.
        Type::Optional(inner) if **inner == Type::Bool => Shape::Varint,
        Type::Optional(inner) => shape(inner),
        _ => Shape::Varint,
    }
}

/// A shape as it is written in schemas.
pub fn shape_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Bit => "bit",
        Shape::Varint => "varint",
        Shape::Fixed4 => "fixed4",
        Shape::Fixed8 => "fixed8",
        Shape::Fixed16 => "fixed16",
        Shape::Len => "len",
    }
}

/// Computes the digests of all units and `serializers` structs.
pub fn set_digests(schema: &mut Schema) {
    for i in 0..schema.units.len() {
        schema.units[i].digest = describe_unit(schema, UnitId(i as u32)).0.digest();
    }
    for i in 0..schema.structs.len() {
        if schema.structs[i].level == StructLevel::Serializers {
            schema.structs[i].digest = describe_struct(schema, StructId(i as u32)).0.digest();
        }
    }
}

/// The descriptor of a unit, and what its numbers stand for.
pub fn describe_unit(schema: &Schema, id: UnitId) -> (Descriptor, Vec<TypeId>) {
    let mut describer = Describer { schema, numbers: HashMap::new(), order: Vec::new() };
    let unit = describer.unit(&schema[id]);
    describer.finish(Some(unit))
}

/// The descriptor of a struct, and what its numbers stand for.
pub fn describe_struct(schema: &Schema, id: StructId) -> (Descriptor, Vec<TypeId>) {
    let mut describer = Describer { schema, numbers: HashMap::new(), order: Vec::new() };
    describer.number(TypeId::Struct(id), &[]);
    describer.finish(None)
}

enum Declared<'a> {
    Method(&'a Method),
    Event(&'a Event),
}

struct Describer<'a> {
    schema: &'a Schema,
    numbers: HashMap<Instance, usize>,
    order: Vec<Instance>,
}

/// A declared type with its arguments.
type Instance = (TypeId, Vec<Type>);

impl Describer<'_> {
    fn finish(mut self, unit: Option<UnitDescriptor>) -> (Descriptor, Vec<TypeId>) {
        let mut types = Vec::new();
        // Describing a type may number more of them.
        while let Some((id, args)) = self.order.get(types.len()).cloned() {
            let described = match id {
                TypeId::Struct(id) => self.strukt(&self.schema[id], &args),
                TypeId::Enum(id) => enum_(&self.schema[id]),
                TypeId::Union(id) => self.union(&self.schema[id], &args),
            };
            types.push(described);
        }
        (Descriptor { unit, types }, self.order.into_iter().map(|(id, _)| id).collect())
    }

    fn number(&mut self, id: TypeId, args: &[Type]) -> usize {
        let (order, instance) = (&mut self.order, (id, args.to_vec()));
        *self.numbers.entry(instance.clone()).or_insert_with(|| {
            order.push(instance);
            order.len() - 1
        })
    }

    fn unit(&mut self, unit: &Unit) -> UnitDescriptor {
        let (state, key) = match &unit.kind {
            UnitKind::Store { state, key } => (self.declared(state), key.as_ref().map(|key| self.row(key, &[]))),
            UnitKind::Service => (None, None),
        };
        // By name, so that the order of declaration plays no part.
        let methods = unit.methods.iter().map(|method| (method.name.as_str(), Declared::Method(method)));
        let events = unit.events.iter().map(|event| (event.name.as_str(), Declared::Event(event)));
        let mut all: Vec<_> = methods.chain(events).collect();
        all.sort_by_key(|(name, _)| *name);
        let methods = all.into_iter().map(|(name, declared)| (name.to_owned(), self.method(declared))).collect();
        UnitDescriptor { state, key, methods }
    }

    /// The number of a store's state.
    fn declared(&mut self, ty: &Type) -> Option<usize> {
        match self.ty(ty, &[]) {
            TypeRef::Type(number) => Some(number),
            _ => None,
        }
    }

    fn method(&mut self, declared: Declared<'_>) -> MethodDescriptor {
        let method = match declared {
            Declared::Method(method) => method,
            Declared::Event(event) => {
                let params = self.row(&event.params, &[]);
                let key = event.key.as_ref().map(|key| self.row(key, &[]));
                return MethodDescriptor { key, ..MethodDescriptor::new(MethodWord::Event, params) };
            }
        };
        let params = self.row(&method.params, &[]);
        let MethodKind::Rpc { result, error } = &method.kind else {
            return MethodDescriptor::new(MethodWord::Send, params);
        };
        let result = result.as_ref().map(|ty| self.ty(ty, &[]));
        let error = error.map(|id| self.number(TypeId::Union(id), &[]));
        let items = method.streams.takes.as_ref().map(|(_, ty)| self.ty(ty, &[]));
        let stream = method.streams.gives;
        MethodDescriptor { result, error, stream, items, ..MethodDescriptor::new(MethodWord::Rpc, params) }
    }

    fn strukt(&mut self, strukt: &Struct, args: &[Type]) -> TypeDescriptor {
        let projected = strukt.projects.is_some();
        let row = RowDescriptor { projected, ..self.row(&strukt.body, args) };
        match strukt.level {
            StructLevel::Serializers => TypeDescriptor::Serializers(row),
            StructLevel::Fields => TypeDescriptor::Fields(row),
            StructLevel::Partials => TypeDescriptor::Partials(row),
        }
    }

    fn union(&mut self, union: &Union, args: &[Type]) -> TypeDescriptor {
        let mut cases: Vec<_> = union.cases.iter().collect();
        cases.sort_unstable_by_key(|c| c.id);
        let cases = cases.into_iter().map(|c| (c.id, self.row(&c.body, args))).collect();
        if union.open { TypeDescriptor::OpenUnion(cases) } else { TypeDescriptor::ClosedUnion(cases) }
    }

    fn row(&mut self, body: &Body, args: &[Type]) -> RowDescriptor {
        let mut fields: Vec<_> = body.fields.iter().collect();
        fields.sort_by_key(|f| f.id);
        let members = fields
            .into_iter()
            .map(|f| {
                let ty = self.ty(&f.ty, args);
                MemberDescriptor { id: f.id, ty, default: f.default.as_ref().and_then(default) }
            })
            .collect();
        let retired = body.retired.iter().map(|Retired { id, shape }| (*id, shape_name(*shape).to_owned())).collect();
        RowDescriptor { members, retired, projected: false }
    }

    /// A type as it stands in the body of a declaration that has these arguments.
    fn ty(&mut self, ty: &Type, args: &[Type]) -> TypeRef {
        if ty.has_params() {
            return self.ty(&ty.substitute(args), &[]);
        }
        match ty {
            Type::List(element) => TypeRef::List(Box::new(self.ty(element, &[]))),
            Type::Map(key, value) => TypeRef::Map(Box::new((self.ty(key, &[]), self.ty(value, &[])))),
            Type::Set(element) => TypeRef::Set(Box::new(self.ty(element, &[]))),
            Type::Array(element, len) => TypeRef::Array(Box::new(self.ty(element, &[])), *len),
            Type::Optional(inner) => TypeRef::Optional(Box::new(self.ty(inner, &[]))),
            Type::Struct(id, args) => TypeRef::Type(self.number(TypeId::Struct(*id), args)),
            Type::Enum(id) => TypeRef::Type(self.number(TypeId::Enum(*id), &[])),
            Type::Union(id, args) => TypeRef::Type(self.number(TypeId::Union(*id), args)),
            Type::Newtype(_, base) => self.ty(base, &[]),
            Type::Decimal { precision, scale } => TypeRef::Scalar(format!("decimal({precision}, {scale})")),
            scalar => TypeRef::Scalar(format!("{scalar:?}").to_lowercase()),
        }
    }
}

fn enum_(e: &Enum) -> TypeDescriptor {
    let repr = format!("{:?}", e.repr).to_lowercase();
    if e.open {
        return TypeDescriptor::OpenEnum(repr);
    }
    let mut numbers: Vec<u64> = e.members.iter().map(|m| m.number).collect();
    numbers.sort_unstable();
    TypeDescriptor::ClosedEnum(repr, numbers)
}

/// A default as text; `None` if it is what an absent value means anyway.
fn default(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Bool(false) | Literal::Int(0) | Literal::Member(0) => None,
        Literal::Bool(true) => Some("true".to_owned()),
        Literal::Int(int) => Some(int.to_string()),
        Literal::Float(float) => (float.to_bits() != 0).then(|| format!("{:016x}", float.to_bits())),
        Literal::String(text) => (!text.is_empty()).then(|| text.clone()),
        Literal::Member(number) => Some(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back() {
        let row = RowDescriptor {
            members: vec![
                MemberDescriptor { id: 1, ty: TypeRef::List(Box::new(TypeRef::Type(1))), default: None },
                MemberDescriptor {
                    id: 2,
                    ty: TypeRef::Map(Box::new((
                        TypeRef::Scalar("string".to_owned()),
                        TypeRef::Optional(Box::new(TypeRef::Scalar("u8".to_owned()))),
                    ))),
                    default: Some("a\n'''\"".to_owned()),
                },
            ],
            retired: BTreeMap::from([(3, "bit".to_owned())]),
            projected: true,
        };
        let types = vec![TypeDescriptor::Partials(row), TypeDescriptor::ClosedEnum("u8".to_owned(), vec![0, 4])];
        let methods =
            BTreeMap::from([("go".to_owned(), MethodDescriptor::new(MethodWord::Rpc, RowDescriptor::default()))]);
        let unit = Some(UnitDescriptor { state: Some(0), key: None, methods });
        let descriptor = Descriptor { unit, types };
        let lines = descriptor.lines();
        assert_eq!(Descriptor::from_lines(lines.iter().map(String::as_str)), Some(descriptor));
    }

    #[test]
    fn ids_come_from_names() {
        assert_eq!(method_id("Board", "placeToken"), method_id("Board", "placeToken"));
        assert_ne!(method_id("Board", "placeToken"), method_id("Board", "hover"));
    }
}
