//! Every Rust name of a schema, chosen once, so that none of them clash.

use super::generics::param_names;
use crate::emit::names::{Scope, rust_ident, segments, snake, upper_camel, upper_snake};
use crate::emit::{Options, annotated};
use crate::ir;

/// The names of a schema in Rust; vectors are indexed by the ids of the model.
pub(super) struct Names {
    /// Module path of each package, as identifiers.
    modules: Vec<Vec<String>>,
    scopes: Vec<Scope>,
    pub(super) structs: Vec<StructNames>,
    pub(super) enums: Vec<EnumNames>,
    pub(super) unions: Vec<UnionNames>,
    pub(super) units: Vec<UnitNames>,
    pub(super) aliases: Vec<AliasNames>,
    pub(super) constants: Vec<String>,
    pub(super) annotations: Vec<String>,
    /// The constants of each package for uses of declared annotations, in their order.
    pub(super) annotated: Vec<Vec<String>>,
    pub(super) newtypes: Vec<String>,
}

#[derive(Default)]
pub(super) struct StructNames {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) patch: String,
    pub(super) draft: String,
    pub(super) path: String,
}

#[derive(Default)]
pub(super) struct AliasNames {
    pub(super) name: String,
    pub(super) params: Vec<String>,
}

#[derive(Default)]
pub(super) struct EnumNames {
    pub(super) name: String,
    pub(super) members: Vec<String>,
}

#[derive(Default)]
pub(super) struct UnionNames {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) cases: Vec<String>,
}

#[derive(Default)]
pub(super) struct UnitNames {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) unit: String,
    pub(super) handler: String,
    pub(super) server: String,
    pub(super) dispatch: String,
    pub(super) methods: Vec<MethodNames>,
    pub(super) events: Vec<EventNames>,
}

pub(super) struct MethodNames {
    pub(super) name: String,
    pub(super) args: String,
    /// Empty unless the result is bare.
    pub(super) result: String,
    /// What the caller streams; empty unless it is bare.
    pub(super) item: String,
}

pub(super) struct EventNames {
    /// Without the `emit_` in front.
    pub(super) name: String,
    pub(super) body: String,
    /// Of a keyed event: the struct of the key, and what the handler is told.
    pub(super) key: String,
    pub(super) started: String,
    pub(super) stopped: String,
}

impl Names {
    pub(super) fn new(schema: &ir::Schema, options: &Options) -> Self {
        let mut names = Self {
            modules: module_paths(schema, options),
            scopes: vec![Scope::new(&["Self"]); schema.packages.len()],
            structs: schema.structs.iter().map(|_| StructNames::default()).collect(),
            enums: schema.enums.iter().map(enum_names).collect(),
            unions: schema.unions.iter().map(union_names).collect(),
            units: schema.units.iter().map(|_| UnitNames::default()).collect(),
            aliases: schema.aliases.iter().map(|_| AliasNames::default()).collect(),
            constants: vec![String::new(); schema.constants.len()],
            annotations: vec![String::new(); schema.annotations.len()],
            annotated: vec![Vec::new(); schema.packages.len()],
            newtypes: vec![String::new(); schema.newtypes.len()],
        };
        for (package, scope) in schema.packages.iter().zip(0..) {
            for &item in &package.items {
                names.claim_declared(schema, item, scope);
            }
            for &item in &package.items {
                names.claim_derived(schema, item, scope);
            }
            for &item in &package.items {
                names.name_params(schema, item, scope);
            }
            for used in package.items.iter().flat_map(|&item| annotated::uses(schema, item)) {
                let name = names.scopes[scope].claim(&upper_snake(&used.name(schema)));
                names.annotated[scope].push(name);
            }
        }
        names
    }

    /// Takes the names that the schema itself declares, before any that are made from them.
    fn claim_declared(&mut self, schema: &ir::Schema, item: ir::Item, scope: usize) {
        let scope = &mut self.scopes[scope];
        match item {
            ir::Item::Struct(id) => self.structs[id.0 as usize].name = scope.claim(&upper_camel(&schema[id].name)),
            ir::Item::Enum(id) => self.enums[id.0 as usize].name = scope.claim(&upper_camel(&schema[id].name)),
            ir::Item::Union(id) => self.unions[id.0 as usize].name = scope.claim(&upper_camel(&schema[id].name)),
            ir::Item::Unit(id) => {
                self.units[id.0 as usize].name = match shown(&schema[id]) {
                    // It has the name of what it shows.
                    Some(state) => self.structs[state.0 as usize].name.clone(),
                    None => scope.claim(&upper_camel(&schema[id].name)),
                };
            }
            ir::Item::Alias(id) => self.aliases[id.0 as usize].name = scope.claim(&upper_camel(&schema[id].name)),
            ir::Item::Annotation(id) => self.annotations[id.0 as usize] = scope.claim(&upper_camel(&schema[id].name)),
            ir::Item::Const(id) => self.constants[id.0 as usize] = scope.claim(&upper_snake(&schema[id].name)),
            ir::Item::Newtype(id) => self.newtypes[id.0 as usize] = scope.claim(&upper_camel(&schema[id].name)),
        }
    }

    fn claim_derived(&mut self, schema: &ir::Schema, item: ir::Item, scope: usize) {
        let scope = &mut self.scopes[scope];
        match item {
            ir::Item::Struct(id) if schema[id].level == ir::StructLevel::Partials => {
                let names = &mut self.structs[id.0 as usize];
                names.patch = scope.claim(&format!("{}Patch", names.name));
                names.draft = scope.claim(&format!("{}Draft", names.name));
                names.path = scope.claim(&format!("{}Path", names.name));
            }
            ir::Item::Unit(id) => claim_unit(&mut self.units[id.0 as usize], &schema[id], scope),
            ir::Item::Struct(_) | ir::Item::Enum(_) | ir::Item::Union(_) => {}
            ir::Item::Alias(_) | ir::Item::Const(_) | ir::Item::Newtype(_) | ir::Item::Annotation(_) => {}
        }
    }

    fn name_params(&mut self, schema: &ir::Schema, item: ir::Item, scope: usize) {
        let scope = &self.scopes[scope];
        match item {
            ir::Item::Struct(id) => self.structs[id.0 as usize].params = param_names(&schema[id].params, scope),
            ir::Item::Union(id) => self.unions[id.0 as usize].params = param_names(&schema[id].params, scope),
            ir::Item::Alias(id) => self.aliases[id.0 as usize].params = param_names(&schema[id].params, scope),
            _ => {}
        }
    }

    /// Whether a package declares the type name.
    pub(super) fn declares(&self, package: ir::PackageId, name: &str) -> bool {
        self.scopes[package.0 as usize].has(name)
    }

    /// The module path of a package below the root of the output.
    pub(super) fn modules(&self, package: ir::PackageId) -> &[String] {
        &self.modules[package.0 as usize]
    }

    /// How many packages there are.
    pub(super) fn n_packages(&self) -> u32 {
        self.modules.len() as u32
    }

    /// The file of a package below the root of the output.
    pub(super) fn file(&self, package: ir::PackageId) -> String {
        let segments = self.modules(package).iter().map(|segment| segment.strip_prefix("r#").unwrap_or(segment));
        format!("{}.rs", segments.collect::<Vec<_>>().join("/"))
    }

    /// The path from one package's module to a type of another.
    pub(super) fn path(&self, from: ir::PackageId, to: ir::PackageId, name: &str) -> String {
        if from == to {
            return name.to_owned();
        }
        let (from, to) = (self.modules(from), self.modules(to));
        let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
        let up = from[shared..].iter().map(|_| "super");
        up.chain(to[shared..].iter().map(String::as_str)).chain([name]).collect::<Vec<_>>().join("::")
    }
}

/// The names of a body's fields, as identifiers.
pub(super) fn field_names(body: &ir::Body) -> Vec<String> {
    let mut scope = Scope::default();
    body.fields.iter().map(|field| scope.claim(&rust_ident(&snake(&field.name)))).collect()
}

/// The struct that a view shows.
fn shown(unit: &ir::Unit) -> Option<ir::StructId> {
    match (&unit.of, &unit.kind) {
        (Some(_), ir::UnitKind::Store { state: ir::Type::Struct(id, _), .. }) => Some(*id),
        _ => None,
    }
}

fn module_paths(schema: &ir::Schema, options: &Options) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    for package in &schema.packages {
        let mut path: Vec<String> = segments(&package.name, &options.strip).iter().map(|name| module(name)).collect();
        if schema.access_package.is_some() && path.first().is_some_and(|name| name == "access") {
            path[0].push('_');
        }
        while paths.contains(&path) {
            if let Some(last) = path.last_mut() {
                *last = format!("{}_", last.strip_prefix("r#").unwrap_or(last));
            }
        }
        paths.push(path);
    }
    paths
}

/// A module's identifier; `mod` would be taken for the file `mod.rs`.
fn module(name: &str) -> String {
    if name == "mod" { "mod_".to_owned() } else { rust_ident(name) }
}

fn enum_names(e: &ir::Enum) -> EnumNames {
    let mut scope = Scope::new(if e.open { &["Self", "Unrecognized"] } else { &["Self"] });
    EnumNames {
        name: String::new(),
        members: e.members.iter().map(|member| scope.claim(&upper_camel(&member.name))).collect(),
    }
}

fn union_names(union: &ir::Union) -> UnionNames {
    let mut scope = Scope::new(if union.open { &["Self", "Unrecognized"] } else { &["Self"] });
    UnionNames {
        cases: union.cases.iter().map(|case| scope.claim(&upper_camel(&case.name))).collect(),
        ..UnionNames::default()
    }
}

fn claim_unit(names: &mut UnitNames, unit: &ir::Unit, scope: &mut Scope) {
    let name = names.name.clone();
    let mut claim = |suffix: &str| scope.claim(&format!("{name}{suffix}"));
    if let ir::UnitKind::Store { key: Some(_), .. } = unit.kind {
        names.key = claim("Key");
    }
    names.unit = claim("Unit");
    if unit.of.is_some() {
        return;
    }
    names.handler = claim("Handler");
    names.server = claim("Server");
    names.dispatch = claim("Dispatch");
    let mut members = match unit.kind {
        ir::UnitKind::Store { .. } => Scope::new(&["open", "level", "close"]),
        ir::UnitKind::Service => Scope::new(&["level"]),
    };
    for method in &unit.methods {
        let camel = upper_camel(&method.name);
        names.methods.push(MethodNames {
            name: members.claim(&rust_ident(&snake(&method.name))),
            args: claim(&format!("{camel}Args")),
            result: if is_bare(&method.kind) { claim(&format!("{camel}Result")) } else { String::new() },
            item: if taken_bare(method).is_some() { claim(&format!("{camel}Item")) } else { String::new() },
        });
    }
    let mut emitters = Scope::default();
    for event in &unit.events {
        let (name, keyed) = (snake(&event.name), event.key.is_some());
        names.events.push(EventNames {
            body: claim(&upper_camel(&event.name)),
            key: if keyed { claim(&format!("{}Key", upper_camel(&event.name))) } else { String::new() },
            started: if keyed { members.claim(&format!("{name}_started")) } else { String::new() },
            stopped: if keyed { members.claim(&format!("{name}_stopped")) } else { String::new() },
            name: emitters.claim(&name),
        });
    }
}

/// What a caller streams, if it travels as the row `{ 1 value }`.
pub(super) fn taken_bare(method: &ir::Method) -> Option<&ir::Type> {
    method.streams.takes.as_ref().map(|(_, ty)| ty).filter(|ty| !matches!(ty, ir::Type::Struct(..)))
}

/// Whether a method's result travels as the row `{ 1 value }`.
pub(super) fn is_bare(kind: &ir::MethodKind) -> bool {
    !matches!(kind, ir::MethodKind::Rpc { result: None | Some(ir::Type::Struct(..)), .. } | ir::MethodKind::Send)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(packages: &[&str], strip: &str) -> Names {
        let mut schema = ir::Schema::default();
        for name in packages {
            schema.packages.push(ir::Package {
                name: (*name).to_owned(),
                docs: ir::Docs::default(),
                files: Vec::new(),
                items: Vec::new(),
            });
        }
        Names::new(
            &schema,
            &Options {
                runtime: "::restream".to_owned(),
                strip: strip.to_owned(),
                version: "0".to_owned(),
                ..Options::default()
            },
        )
    }

    #[test]
    fn packages_reach_each_other_by_super() {
        let names = names_of(&["game.board.v1", "game.common.v1", "type.self"], "");
        let [board, common, keywords] = [0, 1, 2].map(ir::PackageId);
        assert_eq!(names.path(board, common, "Id"), "super::super::common::v1::Id");
        assert_eq!(names.path(board, keywords, "Id"), "super::super::super::r#type::self_::Id");
        assert_eq!(names.path(board, board, "Id"), "Id");
        assert_eq!(names.file(keywords), "type/self_.rs");
    }

    #[test]
    fn packages_that_differ_in_case_only_have_their_own_files() {
        let names = names_of(&["a.B", "a.b"], "");
        assert_eq!(names.file(ir::PackageId(0)), "a/b.rs");
        assert_eq!(names.file(ir::PackageId(1)), "a/b_.rs");
    }
}
