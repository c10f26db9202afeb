//! Constraints of values: what they allow, and which types have some in them.

use super::{Body, Literal, Schema, Type};

/// What a value must be where it enters. The wire knows nothing of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// A number between limits of its own type: `Int`, or `Float` (of an `f32` already rounded to one).
    Range { low: Option<Literal>, high: Option<Literal> },
    /// Unicode scalars of a string, or bytes.
    Len { low: Option<u32>, high: Option<u32> },
    /// Elements of a collection.
    Count { low: Option<u32>, high: Option<u32> },
    /// The whole of a string matches. In the common subset of both targets' regular expressions, without anchors.
    Pattern(String),
}

impl Schema {
    /// Whether values of this type can break a constraint.
    pub fn is_constrained(&self, ty: &Type) -> bool {
        let own = match ty {
            Type::Struct(id, _) => self[*id].constrained,
            Type::Union(id, _) => self[*id].constrained,
            Type::Newtype(id, _) => !self[*id].constraints.is_empty(),
            _ => false,
        };
        own || ty.parts().into_iter().any(|part| self.is_constrained(part))
    }

    /// Whether values of this row can break a constraint.
    pub fn is_body_constrained(&self, body: &Body) -> bool {
        body.fields.iter().any(|field| !field.constraints.is_empty() || self.is_constrained(&field.ty))
    }

    /// Finds the structs and unions that have constraints in them, through all that they hold.
    pub(crate) fn set_constrained(&mut self) {
        loop {
            let structs: Vec<bool> = self.structs.iter().map(|s| self.is_body_constrained(&s.body)).collect();
            let case = |case: &super::Case| self.is_body_constrained(&case.body);
            let unions: Vec<bool> = self.unions.iter().map(|u| u.cases.iter().any(case)).collect();
            let mut changed = false;
            for (strukt, constrained) in self.structs.iter_mut().zip(structs) {
                changed |= std::mem::replace(&mut strukt.constrained, constrained) != constrained;
            }
            for (union, constrained) in self.unions.iter_mut().zip(unions) {
                changed |= std::mem::replace(&mut union.constrained, constrained) != constrained;
            }
            if !changed {
                return;
            }
        }
    }
}
