//! Types, constants and the questions asked of them.

use super::Package;
use super::docs::string;
use crate::ir::{self, Literal, Type};

/// Which collections a type uses: those that share structure inside of `partials` structs, plain ones elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collections {
    Plain,
    Shared,
}

/// The collections of a struct's fields.
pub(super) fn collections(level: ir::StructLevel) -> Collections {
    match level {
        ir::StructLevel::Partials => Collections::Shared,
        ir::StructLevel::Fields | ir::StructLevel::Serializers => Collections::Plain,
    }
}

/// A type as it is written in a declaration.
pub(super) fn rust_type(g: &Package<'_>, ty: &Type, collections: Collections) -> String {
    let inner = |ty: &Type| rust_type(g, ty, collections);
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::U8 => "u8".to_owned(),
        Type::U16 => "u16".to_owned(),
        Type::U32 => "u32".to_owned(),
        Type::U64 => "u64".to_owned(),
        Type::I8 => "i8".to_owned(),
        Type::I16 => "i16".to_owned(),
        Type::I32 => "i32".to_owned(),
        Type::I64 => "i64".to_owned(),
        Type::F32 => "f32".to_owned(),
        Type::F64 => "f64".to_owned(),
        Type::String => g.prelude("String").to_owned(),
        Type::Bytes => g.rt("Bytes"),
        Type::Timestamp => g.rt("Timestamp"),
        Type::Duration => g.rt("Duration"),
        Type::Uuid => g.rt("Uuid"),
        Type::Decimal { precision, scale } => g.rt(&format!("Decimal<{precision}, {scale}>")),
        Type::BigInt => g.rt("BigInt"),
        Type::List(item) if collections == Collections::Shared => g.rt(&format!("List<{}>", inner(item))),
        Type::List(item) => format!("{}<{}>", g.prelude("Vec"), inner(item)),
        Type::Map(key, value) => {
            let map = if collections == Collections::Shared { "Map" } else { "IndexMap" };
            g.rt(&format!("{map}<{}, {}>", inner(key), inner(value)))
        }
        Type::Set(item) => {
            let set = if collections == Collections::Shared { "Set" } else { "IndexSet" };
            g.rt(&format!("{set}<{}>", inner(item)))
        }
        Type::Array(item, len) => format!("[{}; {len}]", inner(item)),
        Type::Optional(item) => format!("{}<{}>", g.prelude("Option"), inner(item)),
        Type::Struct(id, args) => {
            let own = self::collections(g.schema[*id].level);
            with_arguments(g, struct_path(g, *id), args, own)
        }
        Type::Enum(id) => enum_path(g, *id),
        Type::Newtype(id, _) => newtype_path(g, *id),
        Type::Union(id, args) => {
            let path = g.names.path(g.id, g.schema[*id].package, &g.names.unions[id.0 as usize].name);
            with_arguments(g, path, args, Collections::Plain)
        }
        Type::Param(n) => g.params.get(*n as usize).cloned().unwrap_or_default(),
    }
}

/// The path of a generic type with its arguments, whose collections are those of the type's own fields.
pub(super) fn with_arguments(g: &Package<'_>, path: String, args: &[Type], collections: Collections) -> String {
    if args.is_empty() {
        return path;
    }
    let args: Vec<String> = args.iter().map(|ty| rust_type(g, ty, collections)).collect();
    format!("{path}<{}>", args.join(", "))
}

/// The path of a struct.
pub(super) fn struct_path(g: &Package<'_>, id: ir::StructId) -> String {
    g.names.path(g.id, g.schema[id].package, &g.names.structs[id.0 as usize].name)
}

/// The path of an enum.
pub(super) fn enum_path(g: &Package<'_>, id: ir::EnumId) -> String {
    g.names.path(g.id, g.schema[id].package, &g.names.enums[id.0 as usize].name)
}

/// The path of a newtype.
fn newtype_path(g: &Package<'_>, id: ir::NewtypeId) -> String {
    g.names.path(g.id, g.schema[id].package, &g.names.newtypes[id.0 as usize])
}

/// Whether values are copied rather than cloned.
pub(super) fn is_copy(ty: &Type) -> bool {
    match ty {
        Type::Optional(inner) | Type::Newtype(_, inner) | Type::Array(inner, _) => is_copy(inner),
        Type::String | Type::Bytes | Type::BigInt | Type::List(_) | Type::Map(..) | Type::Set(_) => false,
        Type::Struct(..) | Type::Union(..) | Type::Param(_) => false,
        _ => true,
    }
}

/// The declared default if it differs from the zero of the type.
pub(super) fn declared(field: &ir::Field) -> Option<&Literal> {
    field.default.as_ref().filter(|literal| match literal {
        Literal::Bool(value) => *value,
        Literal::Int(value) => *value != 0,
        Literal::Float(value) => value.to_bits() != 0,
        Literal::String(value) => !value.is_empty(),
        Literal::Member(number) => *number != 0,
    })
}

/// The default of a field as an expression.
pub(super) fn default_value(g: &Package<'_>, field: &ir::Field) -> String {
    match (&field.ty, declared(field)) {
        (ty, Some(literal)) => literal_value(g, ty, literal),
        (Type::Bool, None) => "false".to_owned(),
        (Type::F32 | Type::F64, None) => "0.0".to_owned(),
        (Type::String, None) => "::std::string::String::new()".to_owned(),
        (Type::Optional(_), None) => g.prelude("None").to_owned(),
        (Type::Enum(id), None) => member(g, *id, 0),
        (ty, None) if is_integer(ty) => "0".to_owned(),
        (ty @ Type::Array(..), None) if !derives_default(ty) => long_array(ty),
        (_, None) => "::core::default::Default::default()".to_owned(),
    }
}

/// Whether the standard library knows the default of the type: that of arrays only up to 32 elements.
pub(super) fn derives_default(ty: &Type) -> bool {
    if let Type::Array(item, len) = ty { *len <= 32 && derives_default(item) } else { true }
}

/// The default of an array, element by element.
fn long_array(ty: &Type) -> String {
    match ty {
        Type::Array(item, _) if !derives_default(ty) => {
            format!("::core::array::from_fn(|_| {})", long_array(item))
        }
        _ => "::core::default::Default::default()".to_owned(),
    }
}

/// The default of a field as something that is called without arguments.
pub(super) fn default_maker(g: &Package<'_>, field: &ir::Field) -> String {
    let value = default_value(g, field);
    match value.strip_suffix("()") {
        Some(function) => function.to_owned(),
        None => format!("|| {value}"),
    }
}

/// A literal as an expression of its type.
pub(super) fn literal_value(g: &Package<'_>, ty: &Type, literal: &Literal) -> String {
    match (literal, ty) {
        (literal, Type::Newtype(id, base)) => format!("{}({})", newtype_path(g, *id), literal_value(g, base, literal)),
        (Literal::Bool(value), _) => value.to_string(),
        (Literal::Int(value), _) => value.to_string(),
        (Literal::Float(value), Type::F32) => float(f64::from(*value as f32), format!("{:?}", *value as f32), "f32"),
        (Literal::Float(value), _) => float(*value, format!("{value:?}"), "f64"),
        (Literal::String(value), _) => format!("::std::string::String::from({})", string(value)),
        (Literal::Member(number), Type::Enum(id)) => member(g, *id, *number),
        (Literal::Member(number), _) => number.to_string(),
    }
}

fn float(value: f64, text: String, ty: &str) -> String {
    if value.is_nan() {
        format!("{ty}::NAN")
    } else if value.is_infinite() {
        format!("{ty}::{}", if value > 0.0 { "INFINITY" } else { "NEG_INFINITY" })
    } else {
        text
    }
}

/// An enum's value with this number.
fn member(g: &Package<'_>, id: ir::EnumId, number: u64) -> String {
    let path = enum_path(g, id);
    match g.schema[id].members.iter().position(|member| member.number == number) {
        Some(n) => format!("{path}::{}", g.names.enums[id.0 as usize].members[n]),
        None if g.schema[id].open => format!("{path}::Unrecognized({number})"),
        None => "::core::default::Default::default()".to_owned(),
    }
}

/// Whether the type is one of the eight integer types.
pub(super) fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64)
}

/// A value as the three kinds of expressions need it.
pub(super) struct Place {
    /// The value itself: `self.x` or `*x`.
    pub(super) value: String,
    /// What a method is called on: `self.x` or `x`.
    pub(super) receiver: String,
    /// A reference to it: `&self.x` or `x`.
    pub(super) reference: String,
}

impl Place {
    /// A field of `owner`.
    pub(super) fn field(owner: &str, name: &str) -> Self {
        let value = format!("{owner}.{name}");
        Self { receiver: value.clone(), reference: format!("&{value}"), value }
    }

    /// A variable that holds a reference.
    pub(super) fn reference(name: &str) -> Self {
        Self { value: format!("*{name}"), receiver: name.to_owned(), reference: name.to_owned() }
    }
}

/// A condition and its opposite.
pub(super) struct Test {
    pub(super) is: String,
    pub(super) is_not: String,
}

/// Whether a field equals its default.
pub(super) fn default_test(g: &Package<'_>, field: &ir::Field, place: &Place) -> Test {
    let Place { value, receiver, reference } = place;
    if let Type::Newtype(_, base) = &field.ty {
        let field = ir::Field { ty: (**base).clone(), ..field.clone() };
        return default_test(g, &field, &Place::field(receiver, "0"));
    }
    let call = |is: String| Test { is_not: format!("!{is}"), is };
    let compare = |to: String| Test { is: format!("{value} == {to}"), is_not: format!("{value} != {to}") };
    match (&field.ty, declared(field)) {
        (Type::Bool, None) => Test { is: format!("!{value}"), is_not: value.clone() },
        (Type::Bool, Some(_)) => Test { is: value.clone(), is_not: format!("!{value}") },
        (Type::F32 | Type::F64, default) => {
            let bits = match default {
                None => "0".to_owned(),
                Some(literal) => bits(&field.ty, literal),
            };
            let left = format!("{receiver}.to_bits()");
            Test { is: format!("{left} == {bits}"), is_not: format!("{left} != {bits}") }
        }
        (Type::String, Some(Literal::String(text))) => compare(string(text)),
        (Type::Optional(_), _) => Test { is: format!("{receiver}.is_none()"), is_not: format!("{receiver}.is_some()") },
        (Type::Enum(_), _) => compare(default_value(g, field)),
        (ty, _) if is_integer(ty) => compare(default_value(g, field)),
        (_, Some(literal)) => compare(literal_value(g, &field.ty, literal)),
        (Type::String | Type::Bytes | Type::List(_) | Type::Map(..) | Type::Set(_), None) => {
            call(format!("{receiver}.is_empty()"))
        }
        (Type::Struct(..), None) => call(format!("{}({reference})", g.rt("codec::Row::is_default_row"))),
        (_, None) => call(format!("{}({reference})", g.rt("codec::Value::is_default"))),
    }
}

/// The same for a reader of `level`, to whom a struct is its default if everything that it may see of it is.
pub(super) fn default_test_for(g: &Package<'_>, field: &ir::Field, place: &Place, level: &str) -> Test {
    if !g.schema.hides(&field.ty) {
        return default_test(g, field, place);
    }
    let is = format!("{}({}, {level})", g.rt("codec::Value::is_default_for"), place.reference);
    Test { is_not: format!("!{is}"), is }
}

/// The bits of a float's default: the same on every machine, NaN included.
fn bits(ty: &Type, literal: &Literal) -> String {
    match (ty, literal) {
        (Type::F32, Literal::Float(value)) => format!("{:#x}", canonical_f32(*value as f32).to_bits()),
        (_, Literal::Float(value)) => format!("{:#x}", canonical_f64(*value).to_bits()),
        _ => "0".to_owned(),
    }
}

fn canonical_f32(value: f32) -> f32 {
    if value.is_nan() { f32::from_bits(0x7fc0_0000) } else { value }
}

fn canonical_f64(value: f64) -> f64 {
    if value.is_nan() { f64::from_bits(0x7ff8_0000_0000_0000) } else { value }
}

/// A digest as an array expression on one line.
pub(super) fn digest(digest: [u8; 16]) -> String {
    format!("{:#034x}_u128.to_be_bytes()", u128::from_be_bytes(digest))
}

/// An id of a method or event.
pub(super) fn wire_id(id: u32) -> String {
    format!("{:#06x}_{:04x}", id >> 16, id & 0xffff)
}
