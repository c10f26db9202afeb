//! Generic declarations: what they are with arguments in the place of their parameters.

use super::{Body, Case, Field, Schema, StructId, Type, UnionId};

impl Type {
    /// The type with arguments in the place of parameters.
    #[must_use]
    pub fn substitute(&self, args: &[Self]) -> Self {
        let inner = |ty: &Self| Box::new(ty.substitute(args));
        let all = |types: &[Self]| types.iter().map(|ty| ty.substitute(args)).collect();
        match self {
            Self::Param(n) => args.get(*n as usize).cloned().unwrap_or_else(|| self.clone()),
            Self::List(item) => Self::List(inner(item)),
            Self::Map(key, value) => Self::Map(inner(key), inner(value)),
            Self::Optional(item) => Self::Optional(inner(item)),
            Self::Struct(id, own) => Self::Struct(*id, all(own)),
            Self::Union(id, own) => Self::Union(*id, all(own)),
            other => other.clone(),
        }
    }

    /// The types that it is written with: element, key and value, arguments.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(item) | Self::Optional(item) => vec![item],
            Self::Map(key, value) => vec![key, value],
            Self::Struct(_, args) | Self::Union(_, args) => args.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a parameter stands in it.
    pub fn has_params(&self) -> bool {
        matches!(self, Self::Param(_)) || self.parts().into_iter().any(Self::has_params)
    }
}

impl Body {
    /// The body with arguments in the place of parameters.
    #[must_use]
    pub fn substitute(&self, args: &[Type]) -> Self {
        let field = |field: &Field| Field { ty: field.ty.substitute(args), ..field.clone() };
        Self { fields: self.fields.iter().map(field).collect(), ..self.clone() }
    }
}

impl Schema {
    /// The body of a struct with arguments in the place of its parameters.
    pub fn struct_body(&self, id: StructId, args: &[Type]) -> Body {
        self[id].body.substitute(args)
    }

    /// The cases of a union with arguments in the place of its parameters.
    pub fn union_cases(&self, id: UnionId, args: &[Type]) -> Vec<Case> {
        let case = |case: &Case| Case { body: case.body.substitute(args), ..case.clone() };
        self[id].cases.iter().map(case).collect()
    }
}
