//! Views: how the types of what they show are made from a store's state, and the units that clients open.

use super::Package;
use super::generics::impl_block;
use super::names::field_names;
use super::types::{Collections, rust_type, with_arguments};
use crate::emit::writer::Writer;
use crate::ir::{self, StructLevel, Type};

/// Writes how a struct of a view is made from the one that it shows a part of.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::StructId, of: &Type) {
    let Type::Struct(source, args) = of else { return };
    let decl = &g.schema[id];
    let names = &g.names.structs[id.0 as usize];
    let from = rust_type(g, of, Collections::Shared);
    let project = g.rt("delta::Project");
    let fields: Vec<Shown> = shown(decl, &g.schema.struct_body(*source, args));
    impl_block(w, &format!("impl {project}<{from}>"), &names.name, &[], |w| {
        w.block(format_args!("fn project(source: &{from}) -> Self"), |w| {
            let fields = fields.iter().map(|field| match field.whole {
                true => format!("{}: ::core::clone::Clone::clone(&source.{})", field.name, field.from),
                false => format!("{}: {project}::project(&source.{})", field.name, field.from),
            });
            w.spaced_list("Self {", &fields.collect::<Vec<_>>(), "}");
        });
        w.blank();
        if decl.level != StructLevel::Partials {
            let never = g.rt("delta::Never");
            return w.block(format_args!("fn project_patch(patch: &{never}) -> {never}"), |w| w.line("*patch"));
        }
        let patch = g.names.path(g.id, g.schema[*source].package, &g.names.structs[source.0 as usize].patch);
        let patch = with_arguments(g, patch, args, Collections::Shared);
        w.block(format_args!("fn project_patch(patch: &{patch}) -> {}", names.patch), |w| {
            let fields = fields.iter().map(|field| match field.whole {
                true => format!("{}: ::core::clone::Clone::clone(&patch.{})", field.name, field.from),
                false => format!("{}: patch.{}.project()", field.name, field.from),
            });
            w.spaced_list(format!("{} {{", names.patch), &fields.collect::<Vec<_>>(), "}");
        });
    });
}

/// A field of a view's struct.
struct Shown {
    name: String,
    /// What it is called in the struct that it is taken from.
    from: String,
    /// Shown with everything in it.
    whole: bool,
}

fn shown(decl: &ir::Struct, source: &ir::Body) -> Vec<Shown> {
    let (own, all) = (field_names(&decl.body), field_names(source));
    let sources = || source.fields.iter().zip(&all);
    let fields = decl.body.fields.iter().zip(own);
    let shown = fields.filter_map(|(field, name)| {
        let (from, source_name) = sources().find(|(other, _)| other.id == field.id)?;
        Some(Shown { name, from: source_name.clone(), whole: from.ty == field.ty })
    });
    shown.collect()
}
