//! Which functions something refers to: those of value forms are written only where a value stands in another.

use std::collections::HashSet;

use super::generics::Uses;
use crate::ir::{self, Body, MethodKind, Type, UnitKind};

/// The structs and unions, with their arguments, whose functions are used.
#[derive(Default)]
pub(super) struct Used {
    /// `readTValue`
    read: HashSet<Type>,
    /// `writeTValue`
    write: HashSet<Type>,
    /// `isDefaultT`
    test: HashSet<Type>,
}

impl Used {
    /// Looks at everything that a schema declares and at the generic types that its packages use.
    pub(super) fn new(schema: &ir::Schema, uses: &[Uses]) -> Self {
        let mut used = Self::default();
        let structs = schema.structs.iter().filter(|decl| decl.params.is_empty());
        structs.for_each(|decl| used.body(&decl.body));
        let unions = schema.unions.iter().filter(|decl| decl.params.is_empty());
        unions.flat_map(|decl| &decl.cases).for_each(|case| used.body(&case.body));
        for ty in uses.iter().flat_map(Uses::all) {
            match ty {
                Type::Struct(id, args) => used.body(&schema.struct_body(*id, args)),
                Type::Union(id, args) => {
                    schema.union_cases(*id, args).iter().for_each(|case| used.body(&case.body));
                }
                _ => {}
            }
        }
        schema.units.iter().for_each(|unit| used.unit(unit));
        used
    }

    /// Whether `readTValue` is used.
    pub(super) fn reads(&self, ty: &Type) -> bool {
        self.read.contains(ty)
    }

    /// Whether `writeTValue` is used.
    pub(super) fn writes(&self, ty: &Type) -> bool {
        self.write.contains(ty)
    }

    /// Whether `isDefaultT` is used.
    pub(super) fn tests(&self, ty: &Type) -> bool {
        self.test.contains(ty)
    }

    fn unit(&mut self, unit: &ir::Unit) {
        if let UnitKind::Store { key: Some(key), .. } = &unit.kind {
            self.written(key);
        }
        for method in &unit.methods {
            self.written(&method.params);
            // A bare struct travels as its row.
            match &method.streams.takes {
                None | Some((_, Type::Struct(..))) => {}
                Some((_, ty)) => collect(ty, &mut self.write),
            }
            match &method.kind {
                MethodKind::Send | MethodKind::Rpc { result: None | Some(Type::Struct(..)), .. } => {}
                MethodKind::Rpc { result: Some(ty), .. } => collect(ty, &mut self.read),
            }
        }
        for field in unit.events.iter().flat_map(|event| &event.params.fields) {
            collect(&field.ty, &mut self.read);
        }
    }

    fn body(&mut self, body: &Body) {
        self.written(body);
        body.fields.iter().for_each(|field| collect(&field.ty, &mut self.read));
    }

    fn written(&mut self, body: &Body) {
        for field in &body.fields {
            collect(&field.ty, &mut self.write);
            let mut ty = &field.ty;
            while let Type::Array(item, _) = ty {
                ty = item;
            }
            if matches!(ty, Type::Struct(..)) {
                self.test.insert(ty.clone());
            }
        }
    }
}

/// The structs and unions that stand in a type, not those that stand in its arguments.
fn collect(ty: &Type, into: &mut HashSet<Type>) {
    match ty {
        Type::Struct(..) | Type::Union(..) => {
            into.insert(ty.clone());
        }
        other => other.parts().into_iter().for_each(|part| collect(part, into)),
    }
}
