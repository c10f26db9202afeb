//! Generic declarations: what they are with arguments in the place of their parameters.

use super::{Body, Case, Field, Item, MethodKind, Schema, StructId, Type, UnionId, UnitKind};
use std::collections::HashSet;

impl Type {
    /// The type with arguments in the place of parameters.
    #[must_use]
    pub fn substitute(&self, args: &[Self]) -> Self {
        let inner = |ty: &Self| Box::new(ty.substitute(args));
        let all = |types: &[Self]| types.iter().map(|ty| ty.substitute(args)).collect();
        match self {
            Self::Param(n) => args.get(*n as usize).cloned().unwrap_or_else(|| self.clone()),
            Self::List(item) => Self::List(inner(item)),
            Self::Set(item) => Self::Set(inner(item)),
            Self::Map(key, value) => Self::Map(inner(key), inner(value)),
            Self::Array(item, len) => Self::Array(inner(item), *len),
            Self::Optional(item) => Self::Optional(inner(item)),
            Self::Struct(id, own) => Self::Struct(*id, all(own)),
            Self::Union(id, own) => Self::Union(*id, all(own)),
            other => other.clone(),
        }
    }

    /// The types that it is written with: element, key and value, arguments.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(item) | Self::Set(item) | Self::Array(item, _) | Self::Optional(item) => vec![item],
            Self::Map(key, value) => vec![key, value],
            Self::Struct(_, args) | Self::Union(_, args) => args.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// How many types it is written with, itself included.
    pub fn n_parts(&self) -> usize {
        1 + self.parts().into_iter().map(Self::n_parts).sum::<usize>()
    }

    /// The parameters that stand in it, each as often as it does.
    pub fn params(&self) -> Vec<u32> {
        match self {
            Self::Param(n) => vec![*n],
            other => other.parts().into_iter().flat_map(Self::params).collect(),
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

    /// The types that values of a declaration are made of; none for a generic one, which has no values by itself.
    pub fn types_of(&self, item: Item) -> Vec<&Type> {
        fn fields(body: &Body) -> impl Iterator<Item = &Type> {
            body.fields.iter().map(|field| &field.ty)
        }
        match item {
            Item::Struct(id) if self[id].params.is_empty() => fields(&self[id].body).collect(),
            Item::Union(id) if self[id].params.is_empty() => {
                self[id].cases.iter().flat_map(|c| fields(&c.body)).collect()
            }
            Item::Unit(id) => {
                let unit = &self[id];
                let mut types: Vec<&Type> = Vec::new();
                if let UnitKind::Store { state, key } = &unit.kind {
                    types.push(state);
                    types.extend(key.iter().flat_map(fields));
                }
                for method in &unit.methods {
                    types.extend(fields(&method.params));
                    types.extend(method.streams.takes.as_ref().map(|(_, ty)| ty));
                    if let MethodKind::Rpc { result, .. } = &method.kind {
                        types.extend(result);
                    }
                }
                types.extend(unit.events.iter().flat_map(|event| fields(&event.params)));
                types
            }
            _ => Vec::new(),
        }
    }

    /// The cases of a union with arguments in the place of its parameters.
    pub fn union_cases(&self, id: UnionId, args: &[Type]) -> Vec<Case> {
        let case = |case: &Case| Case { body: case.body.substitute(args), ..case.clone() };
        self[id].cases.iter().map(case).collect()
    }
}

/// A declaration that can be generic and is not an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A struct.
    Struct(StructId),
    /// A union.
    Union(UnionId),
}

/// Most instances of a project, and most parts of one.
const MAX_INSTANCES: usize = 10_000;
const MAX_PARTS: usize = 1_000;
/// Most parts of the bodies of all instances together.
const MAX_ALL_PARTS: usize = 1_000_000;

/// How many parts the body of an instance has.
fn parts_of(schema: &Schema, instance: &Type) -> usize {
    let (bodies, args): (Vec<&Body>, &[Type]) = match instance {
        Type::Struct(id, args) => (vec![&schema[*id].body], args),
        Type::Union(id, args) => (schema[*id].cases.iter().map(|case| &case.body).collect(), args),
        _ => return 1,
    };
    let sizes: Vec<usize> = args.iter().map(Type::n_parts).collect();
    let fields = bodies.into_iter().flat_map(|body| &body.fields);
    let filled = |ty: &Type| ty.params().iter().map(|n| sizes.get(*n as usize).copied().unwrap_or(1)).sum::<usize>();
    fields.map(|field| field.ty.n_parts() + filled(&field.ty)).sum()
}

/// Generic types with their arguments, each once, in the order of first use; those that they need come behind them.
#[derive(Debug, Default)]
pub struct Instances {
    /// Structs and unions without parameters in them.
    pub all: Vec<Type>,
    seen: HashSet<Type>,
    /// Parts of all bodies that arguments were put into.
    n_parts: usize,
}

impl Instances {
    /// Adds what a type needs; false if that is too much.
    pub fn add(&mut self, schema: &Schema, ty: &Type) -> bool {
        let mut next = self.all.len();
        if !self.collect(ty) {
            return false;
        }
        while let Some(instance) = self.all.get(next).cloned() {
            next += 1;
            // Counted before anything is made of it.
            self.n_parts += parts_of(schema, &instance);
            if self.n_parts > MAX_ALL_PARTS {
                return false;
            }
            let bodies: Vec<Body> = match &instance {
                Type::Struct(id, args) => vec![schema.struct_body(*id, args)],
                Type::Union(id, args) => schema.union_cases(*id, args).into_iter().map(|case| case.body).collect(),
                _ => Vec::new(),
            };
            if !bodies.iter().flat_map(|body| &body.fields).all(|field| self.collect(&field.ty)) {
                return false;
            }
        }
        true
    }

    fn collect(&mut self, ty: &Type) -> bool {
        let parts = ty.parts();
        let is_instance = matches!(ty, Type::Struct(..) | Type::Union(..)) && !parts.is_empty();
        if is_instance && !self.seen.contains(ty) {
            if self.all.len() == MAX_INSTANCES || ty.n_parts() > MAX_PARTS {
                return false;
            }
            self.seen.insert(ty.clone());
            self.all.push(ty.clone());
        }
        parts.into_iter().all(|part| self.collect(part))
    }
}
