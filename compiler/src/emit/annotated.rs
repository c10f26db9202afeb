//! Uses of declared annotations: where they stand, for both languages alike.

use crate::ir::{Annotated, Annotation, Body, Docs, Field, Item, Schema, Unit, UnitKind};

/// A use of a declared annotation.
pub(super) struct Use<'a> {
    /// Names from the declaration inwards, e.g. `Move`, `cell`.
    pub(super) path: Vec<&'a str>,
    pub(super) annotated: &'a Annotated,
    item: Item,
}

impl Use<'_> {
    /// The name of its constant, before conversion of case.
    pub(super) fn name(&self, schema: &Schema) -> String {
        format!("{}_{}", self.path.join("_"), schema[self.annotated.annotation].name)
    }

    /// Is the annotation internal, or what it stands on?
    pub(super) fn is_internal(&self, schema: &Schema) -> bool {
        [self.item, Item::Annotation(self.annotated.annotation)].iter().any(|item| schema.internal.contains(item))
    }

    /// What its constant is, in a sentence.
    pub(super) fn sentence(&self, schema: &Schema) -> String {
        format!("The annotation `{}` of `{}`.", schema[self.annotated.annotation].name, self.path.join("."))
    }
}

/// The uses in an item, from its head to its end.
pub(super) fn uses(schema: &Schema, item: Item) -> Vec<Use<'_>> {
    let mut uses = Uses { uses: Vec::new(), item };
    match item {
        Item::Struct(id) => {
            let item = &schema[id];
            uses.add(&[&item.name], &item.docs);
            uses.fields(&[&item.name], &item.body);
        }
        Item::Enum(id) => {
            let item = &schema[id];
            uses.add(&[&item.name], &item.docs);
            item.members.iter().for_each(|member| uses.add(&[&item.name, &member.name], &member.docs));
        }
        Item::Union(id) => {
            let item = &schema[id];
            uses.add(&[&item.name], &item.docs);
            for case in &item.cases {
                uses.add(&[&item.name, &case.name], &case.docs);
                uses.fields(&[&item.name, &case.name], &case.body);
            }
        }
        Item::Unit(id) => uses.unit(&schema[id]),
        Item::Alias(id) => uses.add(&[&schema[id].name], &schema[id].docs),
        Item::Const(id) => uses.add(&[&schema[id].name], &schema[id].docs),
        Item::Newtype(id) => uses.add(&[&schema[id].name], &schema[id].docs),
        Item::Annotation(_) => {}
    }
    uses.uses
}

struct Uses<'a> {
    uses: Vec<Use<'a>>,
    item: Item,
}

impl<'a> Uses<'a> {
    fn add(&mut self, path: &[&'a str], docs: &'a Docs) {
        let item = self.item;
        self.uses.extend(docs.annotations.iter().map(|annotated| Use { path: path.to_vec(), annotated, item }));
    }

    fn fields(&mut self, path: &[&'a str], body: &'a Body) {
        for field in &body.fields {
            self.add(&[path, &[&field.name]].concat(), &field.docs);
        }
    }

    fn unit(&mut self, unit: &'a Unit) {
        self.add(&[&unit.name], &unit.docs);
        if let UnitKind::Store { key: Some(key), .. } = &unit.kind {
            self.fields(&[&unit.name], key);
        }
        for method in &unit.methods {
            self.add(&[&unit.name, &method.name], &method.docs);
            self.fields(&[&unit.name, &method.name], &method.params);
        }
        for event in &unit.events {
            self.add(&[&unit.name, &event.name], &event.docs);
            self.fields(&[&unit.name, &event.name], &event.params);
        }
    }
}

/// What an annotation takes, as a body of fields.
pub(super) fn body(annotation: &Annotation) -> Body {
    let field = |(n, (name, ty)): (usize, &(String, crate::ir::Type))| Field {
        id: n as u32 + 1,
        name: name.clone(),
        docs: Docs::default(),
        ty: ty.clone(),
        default: None,
        access: None,
        constraints: Vec::new(),
    };
    Body { fields: annotation.params.iter().enumerate().map(field).collect(), ..Body::default() }
}
