//! The TypeScript emitter: one ES module per package.

mod aliases;
mod annotations;
mod checks;
mod columns;
mod constants;
mod deltas;
mod docs;
mod enums;
mod expr;
mod generics;
mod inits;
mod module;
mod names;
mod newtypes;
mod rows;
mod structs;
mod types;
mod unions;
mod units;
mod used;

use super::writer::{Internal, Writer};
use super::{Files, Options};
use crate::ir;
use module::Module;
use names::Names;

/// Writes the TypeScript of a schema: one file per package.
pub fn emit(schema: &ir::Schema, options: &Options) -> Files {
    let names = Names::new(schema, options);
    let mut files = Files::new();
    for (n, package) in schema.packages.iter().enumerate() {
        let id = ir::PackageId(n as u32);
        files.insert(names.file(id), file(&Module::new(schema, &names, id), package, options));
    }
    files
}

/// A package, and an integer in it, that is beyond what a `number` holds although it should hold 64-bit integers.
pub fn beyond_numbers<'a>(schema: &'a ir::Schema, options: &Options) -> Option<(&'a str, i128)> {
    let names = Names::new(schema, options);
    schema.packages.iter().zip(0..).find_map(|(package, n)| {
        let m = Module::new(schema, &names, ir::PackageId(n));
        file(&m, package, options);
        Some((package.name.as_str(), m.beyond.get()?))
    })
}

fn file(m: &Module<'_>, package: &ir::Package, options: &Options) -> String {
    let mut body = Writer::new("  ");
    for &item in &package.items {
        body.blank();
        body.set_internal(m.schema.internal.contains(&item).then_some(Internal::Tag));
        self::item(m, &mut body, item);
        body.set_internal(None);
    }
    generics::emit(m, &mut body);
    annotations::uses(m, &mut body, package);
    let mut w = Writer::new("  ");
    w.line(super::header(package, options));
    docs::of_file(&mut w, &package.docs);
    m.imports(&mut w, &options.runtime);
    if package.items.is_empty() {
        w.line("export {};");
    }
    w.into_text() + &body.into_text()
}

fn item(m: &Module<'_>, w: &mut Writer, item: ir::Item) {
    match item {
        ir::Item::Enum(id) => enums::emit(m, w, id),
        ir::Item::Union(id) => unions::emit(m, w, id),
        ir::Item::Unit(id) => units::emit(m, w, id),
        ir::Item::Alias(id) => aliases::emit(m, w, id),
        ir::Item::Const(id) => constants::emit(m, w, id),
        ir::Item::Annotation(id) => annotations::emit(m, w, id),
        ir::Item::Newtype(id) => newtypes::emit(m, w, id),
        ir::Item::Struct(id) => {
            structs::emit(m, w, id);
            if m.schema[id].level == ir::StructLevel::Partials && m.schema[id].params.is_empty() {
                w.blank();
                deltas::emit(m, w, id, &[]);
            }
        }
    }
}
