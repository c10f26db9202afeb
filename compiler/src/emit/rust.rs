//! The Rust emitter: one module per package and a `mod.rs` that ties them together.

mod aliases;
mod annotations;
mod checks;
mod constants;
mod dispatch;
mod docs;
mod drafts;
mod enums;
mod generics;
mod handler;
mod modules;
mod names;
mod newtypes;
mod partials;
mod paths;
mod projections;
mod rows;
mod structs;
mod types;
mod unions;
mod units;

use super::writer::{Internal, Writer};
use super::{Files, Options};
use crate::ir;
use modules::Tree;
use names::Names;

/// Writes the Rust of a schema: `mod.rs` and one file per package.
pub fn emit(schema: &ir::Schema, options: &Options) -> Files {
    let names = Names::new(schema, options);
    let tree = Tree::new(&names);
    let mut files = Files::new();
    files.insert("mod.rs".to_owned(), modules::root(schema, &tree, options));
    for (n, package) in schema.packages.iter().enumerate() {
        let id = ir::PackageId(n as u32);
        let g = Package { schema, names: &names, rt: &options.runtime, id, params: &[] };
        files.insert(names.file(id), g.file(package, &tree, options));
    }
    files
}

/// What the emitters of one package look at.
#[derive(Clone, Copy)]
struct Package<'a> {
    schema: &'a ir::Schema,
    names: &'a Names,
    /// The path of the runtime crate.
    rt: &'a str,
    id: ir::PackageId,
    /// The parameters of the generic declaration that is being written.
    params: &'a [String],
}

impl Package<'_> {
    fn file(&self, package: &ir::Package, tree: &Tree, options: &Options) -> String {
        let mut w = Writer::new("    ");
        w.line(super::header(package, options));
        modules::children(&mut w, self.names, self.schema, tree, self.id);
        for &item in &package.items {
            w.blank();
            w.set_internal(self.schema.internal.contains(&item).then_some(Internal::Crate));
            self.item(&mut w, item);
            w.set_internal(None);
        }
        annotations::uses(self, &mut w, package);
        w.into_text()
    }

    fn item(&self, w: &mut Writer, item: ir::Item) {
        match item {
            ir::Item::Enum(id) => enums::emit(self, w, id),
            ir::Item::Union(id) => unions::emit(self, w, id),
            ir::Item::Unit(id) => units::emit(self, w, id),
            ir::Item::Alias(id) => aliases::emit(self, w, id),
            ir::Item::Const(id) => constants::emit(self, w, id),
            ir::Item::Annotation(id) => annotations::emit(self, w, id),
            ir::Item::Newtype(id) => newtypes::emit(self, w, id),
            ir::Item::Struct(id) => {
                structs::emit(self, w, id);
                if self.schema[id].level == ir::StructLevel::Partials {
                    partials::emit(self, w, id);
                }
                if let Some(of) = &self.schema[id].projects {
                    w.blank();
                    projections::emit(self, w, id, of);
                }
            }
        }
    }

    /// The same package inside of a declaration with these parameters.
    fn within<'b>(&'b self, params: &'b [String]) -> Package<'b> {
        Package { params, ..*self }
    }

    /// A path of the runtime, e.g. `codec::Value`.
    fn rt(&self, path: &str) -> String {
        format!("{}::{path}", self.rt)
    }

    /// The short name of something in the prelude, or its path if the package declares that name.
    fn prelude(&self, name: &'static str) -> &'static str {
        if !self.names.declares(self.id, name) {
            return name;
        }
        match name {
            "Option" => "::core::option::Option",
            "Some" => "::core::option::Option::Some",
            "None" => "::core::option::Option::None",
            "Result" => "::core::result::Result",
            "Ok" => "::core::result::Result::Ok",
            "Err" => "::core::result::Result::Err",
            "Send" => "::core::marker::Send",
            "Sync" => "::core::marker::Sync",
            "String" => "::std::string::String",
            "Vec" => "::std::vec::Vec",
            _ => name,
        }
    }
}
