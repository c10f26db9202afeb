//! One package's module: the names it can reach, and what it has to import for them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::names::{LOCALS, Names};
use crate::emit::names::Scope;
use crate::emit::writer::Writer;
use crate::ir;

/// What the emitters of one package look at.
pub(super) struct Module<'a> {
    pub(super) schema: &'a ir::Schema,
    pub(super) names: &'a Names,
    pub(super) id: ir::PackageId,
    imports: RefCell<Imports>,
    /// The declaration whose parameters may be named.
    item: Cell<Option<ir::Item>>,
    /// An integer that should be a `number`, which does not hold it.
    pub(super) beyond: Cell<Option<i128>>,
}

#[derive(Default)]
struct Imports {
    runtime: bool,
    scope: Scope,
    packages: BTreeMap<ir::PackageId, Import>,
}

struct Import {
    namespace: String,
    /// Whether functions are used, not only types.
    values: bool,
}

/// What a name of another package is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    Type,
    Value,
}

impl<'a> Module<'a> {
    pub(super) fn new(schema: &'a ir::Schema, names: &'a Names, id: ir::PackageId) -> Self {
        Self { schema, names, id, imports: RefCell::default(), item: Cell::new(None), beyond: Cell::new(None) }
    }

    /// Writes something inside of a declaration, whose parameters may be named there.
    pub(super) fn within(&self, item: ir::Item, write: impl FnOnce()) {
        let outer = self.item.replace(Some(item));
        write();
        self.item.set(outer);
    }

    /// A parameter of the declaration that is being written.
    pub(super) fn param(&self, n: u32) -> String {
        let params: &[String] = match self.item.get() {
            Some(ir::Item::Struct(id)) => &self.names.structs[id.0 as usize].params,
            Some(ir::Item::Union(id)) => &self.names.unions[id.0 as usize].params,
            Some(ir::Item::Alias(id)) => &self.names.aliases[id.0 as usize].params,
            _ => &[],
        };
        params.get(n as usize).cloned().unwrap_or_default()
    }

    /// A name of the runtime.
    pub(super) fn rs(&self, name: &str) -> String {
        self.imports.borrow_mut().runtime = true;
        format!("rs.{name}")
    }

    /// A name of a package, imported if it is another one.
    pub(super) fn name(&self, package: ir::PackageId, name: &str, use_: As) -> String {
        if package == self.id {
            return name.to_owned();
        }
        let Imports { scope, packages, .. } = &mut *self.imports.borrow_mut();
        let import = packages
            .entry(package)
            .or_insert_with(|| Import { namespace: scope.claim(&self.names.namespace(package)), values: false });
        import.values |= use_ == As::Value;
        format!("{}.{name}", import.namespace)
    }

    /// A global, by a path that reaches it even if the package declares the name.
    pub(super) fn global(&self, name: &str) -> String {
        if self.names.declares(self.id, name) { format!("globalThis.{name}") } else { name.to_owned() }
    }

    /// Variables for the fields of a function, which hide neither each other nor anything the function uses.
    pub(super) fn variables(&self, fields: &[String]) -> Vec<String> {
        let mut scope = Scope::new(&LOCALS);
        let mut variables = Vec::new();
        for field in fields {
            let mut wanted = field.clone();
            while self.names.declares(self.id, &wanted) {
                wanted.push('_');
            }
            variables.push(scope.claim(&wanted));
        }
        variables
    }

    /// Writes the imports that were asked for.
    pub(super) fn imports(&self, w: &mut Writer, runtime: &str) {
        let imports = self.imports.borrow();
        let mut lines = Vec::new();
        if imports.runtime {
            lines.push((runtime.to_owned(), format!("import * as rs from {};", super::docs::string(runtime))));
        }
        for (&package, import) in &imports.packages {
            let specifier = self.names.specifier(self.id, package);
            let keyword = if import.values { "import" } else { "import type" };
            let line = format!("{keyword} * as {} from {};", import.namespace, super::docs::string(&specifier));
            lines.push((specifier, line));
        }
        // Packages first, then files from far to near.
        lines.sort_by_key(|(specifier, _)| (specifier.starts_with('.'), specifier.clone()));
        for (_, line) in lines {
            w.line(line);
        }
    }
}
