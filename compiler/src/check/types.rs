//! Types: arguments, keys, zeros.

use super::Cx;
use crate::diag::{Diagnostic, Fix, codes};
use crate::ir::{self, Literal, Type};
use crate::resolve::{Builtin, Target};
use crate::source::Span;
use crate::syntax::ast::{self, TypeKind};

impl<'a> Cx<'a> {
    /// The type in the checked model; `None` if something about it has been reported.
    pub(super) fn ty(&mut self, ty: &'a ast::Type) -> Option<Type> {
        match &ty.kind {
            TypeKind::Error => {
                self.unclear();
                None
            }
            TypeKind::Optional(inner) => self.optional(ty, inner),
            TypeKind::Array { element, len } => self.array(ty, element, len),
            TypeKind::Named { path, args, numbers } => match self.resolved.target(path) {
                Target::Error => {
                    self.unclear();
                    args.iter().for_each(|arg| drop(self.ty(arg)));
                    None
                }
                Target::Item(idx) => self.declared(ty, idx, args, numbers),
                Target::Param(n) => self.plain_param(ty, n, args, numbers),
                Target::Builtin(builtin) => self.builtin(ty, builtin, args, numbers),
            },
        }
    }

    fn optional(&mut self, ty: &ast::Type, inner: &'a ast::Type) -> Option<Type> {
        if let TypeKind::Optional(_) = inner.kind {
            let second = Span { start: ty.span.end - 1, ..ty.span };
            let d =
                Diagnostic::new(&codes::DOUBLE_OPTIONAL, "`??` does not exist", second, "the type is optional already");
            self.report(
                d.fix(Fix::safe("remove `?`").edit(second, ""))
                    .note("A value is there or absent; there is no third case."),
            );
            return self.ty(inner);
        }
        Some(Type::Optional(Box::new(self.ty(inner)?)))
    }

    fn array(&mut self, ty: &ast::Type, element: &'a ast::Type, len: &'a ast::Value) -> Option<Type> {
        let element = self.ty(element);
        let Literal::Int(n) = self.literal("the length of the array", &Type::U32, len)? else { return None };
        if !(1..=MAX_ARRAY).contains(&n) {
            let message = format!("an array has 1 to {MAX_ARRAY} elements");
            self.report(Diagnostic::new(&codes::TYPE_ARGUMENTS, message, len.span, format!("this is {n}")));
            return None;
        }
        let array = Type::Array(Box::new(element?), n as u32);
        let whole = array_elements(&array);
        if whole > MAX_ARRAY {
            let message = format!("an array has at most {MAX_ARRAY} elements, those of arrays in it counted");
            let label = format!("this one has {whole}");
            self.report(Diagnostic::new(&codes::TYPE_ARGUMENTS, message, ty.span, label));
            return None;
        }
        Some(array)
    }

    fn declared(&mut self, ty: &ast::Type, idx: usize, args: &'a [ast::Type], numbers: &[ast::Number]) -> Option<Type> {
        if !numbers.is_empty() {
            self.wrong_arguments(ty.span, "takes no numbers", "only `decimal` does: `decimal(18, 4)`");
            args.iter().for_each(|arg| drop(self.ty(arg)));
            return None;
        }
        let args = self.type_arguments(ty, idx, args)?;
        match self.resolved.items[idx].id {
            ir::Item::Struct(id) => self.of_sound_size(Type::Struct(id, args), ty.span),
            ir::Item::Enum(id) => Some(Type::Enum(id)),
            ir::Item::Union(id) => self.of_sound_size(Type::Union(id, args), ty.span),
            ir::Item::Alias(_) if !args.is_empty() => {
                let target = self.alias(idx, ty.span)?.substitute(&args);
                self.of_sound_size(target, ty.span)
            }
            ir::Item::Alias(_) | ir::Item::Newtype(_) => self.alias(idx, ty.span),
            ir::Item::Unit(_) | ir::Item::Const(_) | ir::Item::Annotation(_) => None,
        }
    }

    fn plain_param(
        &mut self,
        ty: &ast::Type,
        n: usize,
        args: &'a [ast::Type],
        numbers: &[ast::Number],
    ) -> Option<Type> {
        args.iter().for_each(|arg| drop(self.ty(arg)));
        let param = self.param(n);
        if args.is_empty() && numbers.is_empty() {
            return Some(param);
        }
        self.wrong_arguments(ty.span, "takes no arguments", "a parameter stands for a whole type");
        None
    }

    fn builtin(
        &mut self,
        ty: &ast::Type,
        builtin: Builtin,
        args: &'a [ast::Type],
        numbers: &[ast::Number],
    ) -> Option<Type> {
        let lowered: Vec<Option<Type>> = args.iter().map(|arg| self.ty(arg)).collect();
        if builtin != Builtin::Decimal && !numbers.is_empty() {
            self.wrong_arguments(ty.span, "takes no numbers", "only `decimal` does: `decimal(18, 4)`");
            return None;
        }
        match (builtin, lowered.as_slice()) {
            (Builtin::Scalar(name), []) => scalar(name),
            (Builtin::Scalar(_), _) => {
                self.wrong_arguments(ty.span, "takes no arguments", "");
                None
            }
            (Builtin::List, [element]) => Some(Type::List(Box::new(element.clone()?))),
            (Builtin::List, _) => {
                self.wrong_arguments(ty.span, "takes one type", "written `list<string>`");
                None
            }
            (Builtin::Map, [key, value]) => {
                if let Some(key) = key
                    && !self.may_be_key(key)
                {
                    self.bad_key(key, args[0].span, "a map key");
                    return None;
                }
                Some(Type::Map(Box::new(key.clone()?), Box::new(value.clone()?)))
            }
            (Builtin::Map, _) => {
                self.wrong_arguments(ty.span, "takes two types", "written `map<string, u32>`");
                None
            }
            (Builtin::Set, [element]) => {
                if let Some(element) = element
                    && !self.may_be_key(element)
                {
                    self.bad_key(element, args[0].span, "an element of a set");
                    return None;
                }
                Some(Type::Set(Box::new(element.clone()?)))
            }
            (Builtin::Set, _) => {
                self.wrong_arguments(ty.span, "takes one type", "written `set<string>`");
                None
            }
            (Builtin::Decimal, _) => self.decimal(ty.span, numbers, args),
        }
    }

    fn decimal(&mut self, span: Span, numbers: &[ast::Number], args: &[ast::Type]) -> Option<Type> {
        let [precision, scale] = numbers else {
            self.wrong_arguments(span, "takes two numbers", "digits in all and behind the point: `decimal(18, 4)`");
            return None;
        };
        if !args.is_empty() {
            self.wrong_arguments(span, "takes no types", "written `decimal(18, 4)`");
        }
        let (p, s) = (precision.value?, scale.value?);
        if !(1..=38).contains(&p) {
            self.wrong_arguments(precision.span, "has 1 to 38 digits", "digits in all");
            return None;
        }
        if !(0..=p).contains(&s) {
            self.wrong_arguments(
                scale.span,
                "has at most as many digits behind the point as in all",
                "digits behind the point",
            );
            return None;
        }
        Some(Type::Decimal { precision: p as u8, scale: s as u8 })
    }

    fn wrong_arguments(&mut self, span: Span, what: &str, label: &str) {
        let text = self.sources.slice(span);
        let name = match text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            true => "decimal",
            false => text.split(['<', '(']).next().unwrap_or(text).trim(),
        };
        let message = format!("`{name}` {what}");
        self.report(Diagnostic::new(&codes::TYPE_ARGUMENTS, message, span, label));
    }

    pub(super) fn bad_key(&mut self, ty: &Type, span: Span, what: &str) {
        let message = format!("`{}` cannot be {what}", self.sources.slice(span));
        let d = Diagnostic::new(&codes::MAP_KEY, message, span, "not a key type");
        let d = d.note("Keys are bool, integers, string, uuid, enums and newtypes of these.");
        self.report(match ty {
            Type::Param(n) => self.with_bound(d, *n, "key"),
            _ => d,
        });
    }

    /// Does an absent value of this type have a meaning?
    pub(super) fn has_zero(&self, ty: &Type) -> bool {
        match ty {
            Type::Enum(id) => {
                // Enums come first, so every one is there, unless its own declaration is at fault.
                self.schema.enums.get(id.0 as usize).is_none_or(|e| e.members.iter().any(|m| m.number == 0))
                    || self.broken_enum(*id)
            }
            Type::Union(..) => false,
            Type::Param(n) => {
                let bounds = self.bounds(*n);
                bounds.zero || bounds.strukt || bounds.partials
            }
            Type::Array(element, _) => self.has_zero(element),
            _ => true,
        }
    }

    /// Refuses types whose absence would mean nothing.
    pub(super) fn check_zero(&mut self, what: &str, ty: &Type, span: Span) {
        if self.has_zero(ty) {
            return;
        }
        let in_array = matches!(ty, Type::Array(..));
        let mut ty = ty;
        while let Type::Array(element, _) = ty {
            ty = element;
        }
        if let Type::Param(n) = ty {
            return self.param_without_zero(what, *n, span);
        }
        let (name, why, declared) = match ty {
            Type::Enum(id) => {
                let e = &self.schema.enums[id.0 as usize];
                (e.name.clone(), "has no member 0", self.places.enums[id.0 as usize].0)
            }
            Type::Union(id, _) => {
                let item = self.unions.get(id.0 as usize).map(|idx| self.resolved.items[*idx].item);
                (item.map(|i| i.name.text.clone()).unwrap_or_default(), "is a union", item.map(|i| i.name.span))
            }
            _ => return,
        };
        let mut d = Diagnostic::new(
            &codes::NO_ZERO,
            format!(
                "{what} must be optional{}",
                if matches!(ty, Type::Enum(_)) && !in_array { " or have a default" } else { "" }
            ),
            span,
            format!("`{name}` {why}, so its absence would have no value"),
        );
        if let Some(declared) = declared {
            d = d.label(declared, "declared here");
        }
        let text = self.sources.slice(span).to_owned();
        let fix = Fix::guess(format!("{text} -> {text}?")).edit(span.after(), "?");
        self.report(
            d.note("Programs may leave a field out; readers then take the default or the zero of its type.").fix(fix),
        );
    }

    /// A field whose parameter may stand for a union.
    fn param_without_zero(&mut self, what: &str, n: u32, span: Span) {
        let Some(param) = self.written_param(n) else { return };
        let name = &param.name.text;
        let message = format!("{what} must be optional, or `{name}` have a zero");
        let label = format!("`{name}` may stand for a union, whose absence would have no value");
        let d = Diagnostic::new(&codes::NO_ZERO, message, span, label).label(param.name.span, "declared here");
        let d = d.note("Programs may leave a field out; readers then take the default or the zero of its type.");
        self.report(self.with_bound(d, n, "zero"));
    }
}

/// Most elements of an array: it lies in the values that hold it, on the stack included.
const MAX_ARRAY: i128 = 4096;

/// Elements of an array, those of arrays in it counted.
fn array_elements(ty: &Type) -> i128 {
    if let Type::Array(element, n) = ty { i128::from(*n) * array_elements(element) } else { 1 }
}

/// May it be the key of a map or a family?
pub(super) fn is_key(ty: &Type) -> bool {
    let ty = if let Type::Newtype(_, base) = ty { base } else { ty };
    use Type::{Bool, Enum, I8, I16, I32, I64, String, U8, U16, U32, U64, Uuid};
    matches!(ty, Bool | U8 | U16 | U32 | U64 | I8 | I16 | I32 | I64 | String | Uuid | Enum(_))
}

fn scalar(name: &str) -> Option<Type> {
    Some(match name {
        "bool" => Type::Bool,
        "u8" => Type::U8,
        "u16" => Type::U16,
        "u32" => Type::U32,
        "u64" => Type::U64,
        "i8" => Type::I8,
        "i16" => Type::I16,
        "i32" => Type::I32,
        "i64" => Type::I64,
        "f32" => Type::F32,
        "f64" => Type::F64,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "timestamp" => Type::Timestamp,
        "duration" => Type::Duration,
        "uuid" => Type::Uuid,
        "bigint" => Type::BigInt,
        _ => return None,
    })
}
