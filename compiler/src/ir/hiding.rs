//! Structs of which some readers see less than others: whether such a struct is its default depends on who reads it.

use std::collections::BTreeSet;

use super::{Body, Schema, StructId, Type};

/// Finds the structs that hide fields, their own or those of structs that are always inside them.
pub fn find(schema: &Schema) -> BTreeSet<StructId> {
    let mut holders = vec![Vec::new(); schema.structs.len()];
    let mut open = Vec::new();
    for (i, strukt) in schema.structs.iter().enumerate() {
        let holder = StructId(i as u32);
        for field in &strukt.body.fields {
            match always_inside(&field.ty) {
                Type::Struct(id, _) => holders[id.0 as usize].push(holder),
                // What stands for a parameter may hide fields.
                Type::Param(_) => open.push(holder),
                _ if field.access.is_some() => open.push(holder),
                _ => {}
            }
        }
    }
    let mut hiding = BTreeSet::new();
    while let Some(id) = open.pop() {
        if hiding.insert(id) {
            open.extend(&holders[id.0 as usize]);
        }
    }
    hiding
}

/// The elements of arrays, which are always there.
fn always_inside(ty: &Type) -> &Type {
    match ty {
        Type::Array(item, _) => always_inside(item),
        other => other,
    }
}

impl Schema {
    /// Whether it depends on the reader which values of this type are default.
    pub fn hides(&self, ty: &Type) -> bool {
        match always_inside(ty) {
            Type::Struct(id, _) => self.hiding.contains(id),
            Type::Param(_) => true,
            _ => false,
        }
    }

    /// The same for a row of these fields.
    pub fn body_hides(&self, body: &Body) -> bool {
        body.fields.iter().any(|field| field.access.is_some() || self.hides(&field.ty))
    }
}
