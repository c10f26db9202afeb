//! Paths: a method for each field of a `partials` struct that names its place.

use super::partials::Partial;
use crate::emit::names::Scope;
use crate::emit::writer::Writer;
use crate::ir::{StructLevel, Type};

/// Methods that every path has, and one that linters take for something else.
const PATH_METHODS: [&str; 3] = ["clone", "get", "new"];

impl Partial<'_> {
    pub(super) fn paths(&self, w: &mut Writer) {
        let place = self.g.rt("delta::Place");
        let generics = self.generics.with_bound(&place);
        let vis = if w.is_crate() { ", pub(crate)" } else { "" };
        generics.call_with(w, &self.g.rt("place"), &self.ty, &format!(", {}{vis}", self.path));
        w.blank();
        let own = format!("{}{}", self.path, self.generics.args("Self"));
        generics.block(w, &format!("impl{} {}", self.generics.args(""), self.ty), |w| {
            w.line("/// Names a place inside of the value, to read or to watch it.");
            w.block(format_args!("pub fn path() -> {own}"), |w| {
                w.line(format_args!("{}({}::root())", self.path, self.g.rt("Path")));
            });
        });
        if self.body.fields.is_empty() {
            return;
        }
        w.blank();
        let root = self.root();
        let head = format!(
            "impl{} {}{}",
            self.generics.args(&format!("{root}: 'static")),
            self.path,
            self.generics.args(&root)
        );
        let mut scope = Scope::new(&PATH_METHODS);
        generics.block(w, &head, |w| {
            for (n, (field, name)) in self.fields().enumerate() {
                if n > 0 {
                    w.blank();
                }
                w.line(format_args!("/// The place of `{name}`."));
                let (method, ty) = (scope.claim(name), self.path_type(&field.ty, &root));
                w.list(format!("pub fn {method}("), &["&self".to_owned()], &format!(") -> {ty} {{"));
                let text = name.strip_prefix("r#").unwrap_or(name);
                w.enclosed_rest("}", |w| w.line(format_args!("self.0.field(\"{text}\", |value| &value.{name})")));
            }
        });
    }

    /// The parameter for what paths begin in: it hides nothing.
    fn root(&self) -> String {
        let mut root = "R".to_owned();
        while self.generics.names.contains(&root) || self.g.names.declares(self.g.id, &root) {
            root.push('_');
        }
        root
    }

    /// The type of the path to a field.
    fn path_type(&self, ty: &Type, root: &str) -> String {
        match ty {
            Type::Struct(id, args) if self.g.schema[*id].level == StructLevel::Partials => {
                let names = &self.g.names.structs[id.0 as usize];
                let path = self.g.names.path(self.g.id, self.g.schema[*id].package, &names.path);
                let args = args.iter().map(|ty| format!(", {}", self.ty(ty)));
                format!("{path}<{root}{}>", args.collect::<String>())
            }
            Type::Param(_) => format!("<{} as {}>::Path<{root}>", self.ty(ty), self.g.rt("delta::Place")),
            ty => self.g.rt(&format!("Path<{root}, {}>", self.ty(ty))),
        }
    }
}
