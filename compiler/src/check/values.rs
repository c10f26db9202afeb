//! Values: literals, names and expressions, against the type of their place.

use super::Cx;
use crate::diag::{Diagnostic, codes, suggest};
use crate::ir::{EnumId, Literal, Type};
use crate::source::Span;
use crate::syntax::ast::{Op, Path, Step, Value, ValueKind};

/// Bits of what expressions are computed in, without the sign.
const BITS: i128 = 126;

/// A number while it is computed.
#[derive(Clone, Copy, Debug)]
enum Num {
    Int(i128),
    Float(f64),
}

/// Does the type have literals?
pub(super) fn has_literals(ty: &Type) -> bool {
    let ty = base(ty);
    is_number(ty) || matches!(ty, Type::Bool | Type::String | Type::Enum(_))
}

/// The base of a newtype, else the type.
pub(super) fn base(ty: &Type) -> &Type {
    if let Type::Newtype(_, base) = ty { base } else { ty }
}

pub(super) fn is_number(ty: &Type) -> bool {
    int_range(ty).is_some() || matches!(ty, Type::F32 | Type::F64)
}

impl<'a> Cx<'a> {
    /// The value in the checked model, of a type that has literals. `what` it is stands in front of messages.
    pub(super) fn literal(&mut self, what: &str, ty: &Type, value: &'a Value) -> Option<Literal> {
        let ty = base(ty);
        match (ty, &value.kind) {
            (_, ValueKind::Error) => None,
            (ty, _) if is_number(ty) => self.number(what, ty, value),
            (Type::String, ValueKind::String(text)) => Some(Literal::String(text.clone())),
            (Type::Bool, ValueKind::Path(path)) if path.dotted() == "true" => Some(Literal::Bool(true)),
            (Type::Bool, ValueKind::Path(path)) if path.dotted() == "false" => Some(Literal::Bool(false)),
            (Type::Enum(id), ValueKind::Path(path)) => self.member(what, *id, path, value),
            (_, ValueKind::Path(path)) => self.named(what, ty, path, value),
            _ => self.unfit(what, value, &expected(ty)),
        }
    }

    /// A constant of the same type.
    fn named(&mut self, what: &str, ty: &Type, path: &Path, value: &Value) -> Option<Literal> {
        let expected = expected(ty);
        let (other, literal) = self.named_constant(path, &expected)?;
        if other == *ty { Some(literal) } else { self.unfit(what, value, &expected) }
    }

    fn number(&mut self, what: &str, ty: &Type, value: &'a Value) -> Option<Literal> {
        let num = match &value.kind {
            ValueKind::Expr(steps) => self.expression(what, ty, steps, value)?,
            _ => self.operand(what, ty, value)?,
        };
        let fits = match (num, int_range(ty)) {
            (Num::Int(int), Some((low, high))) => (low..=high).contains(&int).then_some(Literal::Int(int)),
            (Num::Float(float), _) if *ty == Type::F64 || (float as f32).is_finite() => Some(Literal::Float(float)),
            _ => None,
        };
        if fits.is_some() {
            return fits;
        }
        let expected = expected(ty);
        match (num, &value.kind) {
            (Num::Int(int), ValueKind::Expr(_) | ValueKind::Path(_)) => {
                let label = format!("this is {int}; expected {expected}");
                self.report(Diagnostic::new(&codes::DEFAULT_VALUE, does_not_fit(what), value.span, label));
                None
            }
            (Num::Float(_), _) => self.unfit(what, value, "a number that an `f32` holds, at most 3.4028235e38"),
            _ => self.unfit(what, value, &expected),
        }
    }

    /// A literal or constant in a place for numbers.
    fn operand(&mut self, what: &str, ty: &Type, value: &Value) -> Option<Num> {
        let is_float = int_range(ty).is_none();
        let literal = match &value.kind {
            ValueKind::Int(int) => Literal::Int(*int),
            ValueKind::Float(float) => Literal::Float(*float),
            ValueKind::Path(path) if !matches!(path.dotted().as_str(), "true" | "false") => {
                self.named_constant(path, &expected(ty))?.1
            }
            _ => return self.unfit(what, value, &expected(ty)).and(None),
        };
        match literal {
            Literal::Int(int) if is_float => Some(Num::Float(int as f64)),
            Literal::Int(int) => Some(Num::Int(int)),
            Literal::Float(float) if is_float => Some(Num::Float(float)),
            _ => self.unfit(what, value, &expected(ty)).and(None),
        }
    }

    fn expression(&mut self, what: &str, ty: &Type, steps: &'a [Step], whole: &Value) -> Option<Num> {
        let mut stack: Vec<Num> = Vec::new();
        for step in steps {
            let (result, span) = match step {
                Step::Value(value) => (Ok(self.operand(what, ty, value)?), value.span),
                Step::Neg(span) => (negative(stack.pop()?), *span),
                Step::Op(op, span) => {
                    let right = stack.pop()?;
                    (combined(*op, stack.pop()?, right), *span)
                }
            };
            match result {
                Ok(num) => stack.push(num),
                Err(why) => {
                    self.no_value(what, span, why);
                    return None;
                }
            }
        }
        debug_assert_eq!(stack.len(), 1, "{whole:?}");
        stack.pop()
    }

    fn no_value(&mut self, what: &str, span: Span, why: &str) {
        self.report(Diagnostic::new(&codes::EXPRESSION, format!("{what} cannot be computed"), span, why));
    }

    fn member(&mut self, what: &str, id: EnumId, path: &Path, value: &Value) -> Option<Literal> {
        let e = &self.schema.enums[id.0 as usize];
        let name = member_name(path, &e.name)?;
        if let Some(member) = e.members.iter().find(|m| m.name == name && path.segments.len() < 3) {
            return Some(Literal::Member(member.number));
        }
        if self.resolved.constant(path).is_some() {
            return self.named(what, &Type::Enum(id), path, value);
        }
        if self.broken_enum(id) {
            return None;
        }
        let right = suggest::closest(name, e.members.iter().map(|m| m.name.as_str())).map(str::to_owned);
        let message = format!("enum `{}` has no member `{name}`", e.name);
        let span = path.segments.last().map_or(path.span, |s| s.span);
        let d = Diagnostic::new(&codes::UNKNOWN_MEMBER, message, span, "not one of its members")
            .did_you_mean(name, right.as_deref());
        let d = match (e.members.len(), &right) {
            (1..=12, None) => {
                let list: Vec<String> = e.members.iter().map(|m| format!("`{}`", m.name)).collect();
                d.note(format!("Its members are {}.", list.join(", ")))
            }
            _ => d,
        };
        let d = match self.places.enums[id.0 as usize].0 {
            Some(declared) => d.label(declared, "declared here"),
            None => d,
        };
        self.report(d);
        None
    }

    fn unfit(&mut self, what: &str, value: &Value, expected: &str) -> Option<Literal> {
        if !matches!(value.kind, ValueKind::Error) {
            let label = format!("expected {expected}");
            self.report(Diagnostic::new(&codes::DEFAULT_VALUE, does_not_fit(what), value.span, label));
        }
        None
    }
}

fn does_not_fit(what: &str) -> String {
    format!("{what} does not fit its type")
}

/// What a type takes, in words.
fn expected(ty: &Type) -> String {
    match (ty, int_range(ty)) {
        (_, Some((low, high))) => format!("a whole number from {low} to {high}"),
        (Type::Bool, _) => "`true` or `false`".to_owned(),
        (Type::String, _) => "a string, e.g. `\"text\"`".to_owned(),
        (Type::Enum(_), _) => "the name of a member".to_owned(),
        _ => "a number, e.g. `0.5`".to_owned(),
    }
}

fn negative(num: Num) -> Result<Num, &'static str> {
    match num {
        Num::Int(int) => int.checked_neg().map(Num::Int).ok_or(TOO_LARGE),
        Num::Float(float) => Ok(Num::Float(-float)),
    }
}

const TOO_LARGE: &str = "the result is too large";

fn combined(op: Op, left: Num, right: Num) -> Result<Num, &'static str> {
    match (left, right) {
        (Num::Int(left), Num::Int(right)) => int(op, left, right).map(Num::Int),
        (Num::Float(left), Num::Float(right)) => float(op, left, right).map(Num::Float),
        // Operands have been converted to the kind of their place.
        _ => Err("these are numbers of two kinds"),
    }
}

fn int(op: Op, left: i128, right: i128) -> Result<i128, &'static str> {
    let by = || (0..=BITS).contains(&right).then_some(right as u32).ok_or("shifts are by 0 to 126 bits");
    let result = match op {
        Op::Add => left.checked_add(right),
        Op::Sub => left.checked_sub(right),
        Op::Mul => left.checked_mul(right),
        Op::Div | Op::Rem if right == 0 => return Err("division by zero"),
        Op::Div => left.checked_div(right),
        Op::Rem => left.checked_rem(right),
        Op::Shl => left.checked_mul(1 << by()?),
        Op::Shr => Some(left >> by()?),
        Op::And => Some(left & right),
        Op::Or => Some(left | right),
    };
    result.ok_or(TOO_LARGE)
}

fn float(op: Op, left: f64, right: f64) -> Result<f64, &'static str> {
    let result = match op {
        Op::Add => left + right,
        Op::Sub => left - right,
        Op::Mul => left * right,
        Op::Div | Op::Rem if right == 0.0 => return Err("division by zero"),
        Op::Div => left / right,
        Op::Rem => left % right,
        Op::Shl | Op::Shr | Op::And | Op::Or => return Err("only whole numbers have bits"),
    };
    if result.is_finite() { Ok(result) } else { Err(TOO_LARGE) }
}

/// `X` or `Mark.X`.
fn member_name<'p>(path: &'p Path, owner: &str) -> Option<&'p str> {
    match path.segments.as_slice() {
        [name] => Some(&name.text),
        [first, name] if first.text == owner => Some(&name.text),
        // Whatever it is, its last part cannot be a member; it is reported under the whole name.
        [first, ..] => Some(&first.text),
        [] => None,
    }
}

fn int_range(ty: &Type) -> Option<(i128, i128)> {
    Some(match ty {
        Type::U8 => (0, u8::MAX.into()),
        Type::U16 => (0, u16::MAX.into()),
        Type::U32 => (0, u32::MAX.into()),
        Type::U64 => (0, u64::MAX.into()),
        Type::I8 => (i8::MIN.into(), i8::MAX.into()),
        Type::I16 => (i16::MIN.into(), i16::MAX.into()),
        Type::I32 => (i32::MIN.into(), i32::MAX.into()),
        Type::I64 => (i64::MIN.into(), i64::MAX.into()),
        _ => return None,
    })
}
