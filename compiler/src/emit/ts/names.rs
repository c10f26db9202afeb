//! Every TypeScript name of a schema, chosen once, so that none of them clash.

use super::generics::{Uses, param_names};
use super::types::union_has_init;
use super::used::Used;
use crate::emit::names::{
    HANDLE_NAMES, PROTOTYPE_NAMES, Scope, TS_KEYWORDS, lower_camel, segments, upper_camel, upper_snake,
};
use crate::emit::{Numbers, Options, annotated};
use crate::ir;

/// Parameters and variables of generated functions, and the runtime.
pub(super) const LOCALS: [&str; 16] =
    ["absent", "at", "id", "ids", "init", "k", "mask", "n", "old", "ops", "out", "r", "row", "rs", "v", "w"];

/// The names of a schema in TypeScript; vectors are indexed by the ids of the model.
pub(super) struct Names {
    /// Path of each package's module below the root, without extension.
    paths: Vec<Vec<String>>,
    scopes: Vec<Scope>,
    /// The generic types that each package uses.
    uses: Vec<Uses>,
    used: Used,
    pub(super) structs: Vec<StructNames>,
    pub(super) enums: Vec<EnumNames>,
    pub(super) unions: Vec<UnionNames>,
    pub(super) units: Vec<UnitNames>,
    pub(super) aliases: Vec<AliasNames>,
    pub(super) constants: Vec<String>,
    pub(super) annotations: Vec<String>,
    /// The constants of each package for uses of declared annotations, in their order.
    pub(super) annotated: Vec<Vec<String>>,
    pub(super) newtypes: Vec<NewtypeNames>,
    pub(super) numbers: Numbers,
}

#[derive(Default)]
pub(super) struct AliasNames {
    pub(super) name: String,
    pub(super) params: Vec<String>,
}

#[derive(Clone, Default)]
pub(super) struct StructNames {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) init: String,
    pub(super) make: String,
    pub(super) write: String,
    pub(super) read: String,
    pub(super) write_value: String,
    pub(super) read_value: String,
    pub(super) write_column: String,
    pub(super) read_column: String,
    pub(super) write_fields: String,
    pub(super) read_fields: String,
    pub(super) is_default: String,
    /// Of a struct with constraints.
    pub(super) check: String,
    pub(super) patch: String,
    pub(super) digest: String,
}

#[derive(Default)]
pub(super) struct EnumNames {
    pub(super) name: String,
    pub(super) write: String,
    pub(super) read: String,
    /// The list of a closed enum's numbers.
    pub(super) numbers: String,
    /// Of a closed enum too.
    pub(super) write_column: String,
    pub(super) read_column: String,
    pub(super) members: Vec<String>,
}

#[derive(Clone, Default)]
pub(super) struct UnionNames {
    pub(super) name: String,
    pub(super) params: Vec<String>,
    pub(super) write: String,
    pub(super) read: String,
    pub(super) write_value: String,
    pub(super) read_value: String,
    /// The type of inputs and what completes them, for unions that carry something.
    pub(super) init: String,
    pub(super) make: String,
    /// The type of each case as an input.
    pub(super) case_inits: Vec<String>,
    /// Of a union with constraints.
    pub(super) check: String,
    /// The `kind` of each case.
    pub(super) kinds: Vec<String>,
    /// The type of each case.
    pub(super) cases: Vec<String>,
}

#[derive(Default)]
pub(super) struct UnitNames {
    pub(super) name: String,
    pub(super) methods: String,
    pub(super) events: String,
    pub(super) key: String,
    pub(super) write_key: String,
    /// Of a key with constraints.
    pub(super) check_key: String,
    pub(super) method_names: Vec<MethodNames>,
    pub(super) event_names: Vec<EventNames>,
}

#[derive(Default)]
pub(super) struct NewtypeNames {
    pub(super) name: String,
    pub(super) make: String,
    pub(super) read: String,
    /// Of a newtype with constraints.
    pub(super) check: String,
    pub(super) read_column: String,
}

pub(super) struct MethodNames {
    pub(super) name: String,
    pub(super) args: String,
    pub(super) write: String,
    /// Of arguments with constraints.
    pub(super) check: String,
    pub(super) read: String,
    /// Writes what the caller streams, if that is no struct.
    pub(super) write_item: String,
}

pub(super) struct EventNames {
    pub(super) name: String,
    pub(super) body: String,
    pub(super) read: String,
    /// Of a keyed event.
    pub(super) key: String,
    pub(super) write_key: String,
}

impl Names {
    pub(super) fn new(schema: &ir::Schema, options: &Options) -> Self {
        let mut reserved = TS_KEYWORDS.to_vec();
        // What generated functions call their own.
        reserved.extend(LOCALS);
        reserved.extend(PROTOTYPE_NAMES);
        reserved.extend(["at", "globalThis"]);
        let mut names = Self {
            paths: module_paths(schema, options),
            numbers: options.numbers,
            scopes: vec![Scope::new(&reserved); schema.packages.len()],
            uses: Vec::new(),
            used: Used::default(),
            structs: schema.structs.iter().map(|_| StructNames::default()).collect(),
            enums: schema.enums.iter().map(|_| EnumNames::default()).collect(),
            unions: schema.unions.iter().map(|_| UnionNames::default()).collect(),
            units: schema.units.iter().map(|_| UnitNames::default()).collect(),
            aliases: schema.aliases.iter().map(|_| AliasNames::default()).collect(),
            constants: vec![String::new(); schema.constants.len()],
            annotations: vec![String::new(); schema.annotations.len()],
            annotated: vec![Vec::new(); schema.packages.len()],
            newtypes: schema.newtypes.iter().map(|_| NewtypeNames::default()).collect(),
        };
        for (package, scope) in schema.packages.iter().zip(0..) {
            for &item in &package.items {
                names.claim_declared(schema, item, scope);
            }
            for &item in &package.items {
                names.claim_derived(schema, item, scope);
            }
            names.uses.push(Uses::new(schema, package, &mut names.scopes[scope]));
            for &item in &package.items {
                names.name_params(schema, item, scope);
            }
            for used in package.items.iter().flat_map(|&item| annotated::uses(schema, item)) {
                let name = names.scopes[scope].claim(&upper_snake(&used.name(schema)));
                names.annotated[scope].push(name);
            }
        }
        names.used = Used::new(schema, &names.uses);
        names
    }

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
            ir::Item::Newtype(id) => self.newtypes[id.0 as usize].name = scope.claim(&upper_camel(&schema[id].name)),
        }
    }

    fn claim_derived(&mut self, schema: &ir::Schema, item: ir::Item, scope: usize) {
        let scope = &mut self.scopes[scope];
        match item {
            ir::Item::Struct(id) => claim_struct(&mut self.structs[id.0 as usize], &schema[id], scope),
            ir::Item::Enum(id) => claim_enum(&mut self.enums[id.0 as usize], &schema[id], scope),
            ir::Item::Union(id) => claim_union(&mut self.unions[id.0 as usize], &schema[id], scope),
            ir::Item::Unit(id) => claim_unit(&mut self.units[id.0 as usize], schema, &schema[id], scope),
            ir::Item::Newtype(id) => {
                let names = &mut self.newtypes[id.0 as usize];
                names.make = scope.claim(&lower_camel(&names.name));
                names.read = scope.claim(&format!("read{}", names.name));
                if !schema[id].constraints.is_empty() {
                    names.check = scope.claim(&format!("check{}", names.name));
                }
                names.read_column = scope.claim(&format!("read{}Column", names.name));
            }
            ir::Item::Alias(_) | ir::Item::Const(_) | ir::Item::Annotation(_) => {}
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

    /// Which functions something refers to.
    pub(super) fn used(&self) -> &Used {
        &self.used
    }

    /// The generic types that a package uses.
    pub(super) fn uses(&self, package: ir::PackageId) -> &Uses {
        &self.uses[package.0 as usize]
    }

    /// Whether the package's module uses the name.
    pub(super) fn declares(&self, package: ir::PackageId, name: &str) -> bool {
        self.scopes[package.0 as usize].has(name)
    }

    /// The file of a package below the root of the output.
    pub(super) fn file(&self, package: ir::PackageId) -> String {
        format!("{}.ts", self.paths[package.0 as usize].join("/"))
    }

    /// How one package's module imports another's.
    pub(super) fn specifier(&self, from: ir::PackageId, to: ir::PackageId) -> String {
        let (from, to) = (&self.paths[from.0 as usize], &self.paths[to.0 as usize]);
        let folder = &from[..from.len() - 1];
        let shared = folder.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
        let up = folder.len() - shared;
        let start = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
        format!("{start}{}.js", to[shared..].join("/"))
    }

    /// What a package is called in modules that import it: its last segment that is not a version. No name of a
    /// schema begins with `$`.
    pub(super) fn namespace(&self, package: ir::PackageId) -> String {
        let path = &self.paths[package.0 as usize];
        let is_version = |name: &&String| name.strip_prefix('v').is_some_and(|n| n.parse::<u32>().is_ok());
        let name = path.iter().rev().find(|name| !is_version(name)).or(path.last());
        format!("${}", name.map_or(String::new(), |name| lower_camel(name)))
    }
}

/// The property names of a body's fields. `reserved` are in use already.
pub(super) fn field_names(body: &ir::Body, reserved: &[&str]) -> Vec<String> {
    let mut scope = Scope::new(PROTOTYPE_NAMES);
    for name in reserved {
        scope.claim(name);
    }
    body.fields.iter().map(|field| scope.claim(&lower_camel(&field.name))).collect()
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
        let mut path = segments(&package.name, &options.strip);
        while paths.contains(&path) {
            if let Some(last) = path.last_mut() {
                last.push('_');
            }
        }
        paths.push(path);
    }
    paths
}

fn claim_struct(names: &mut StructNames, decl: &ir::Struct, scope: &mut Scope) {
    names.init = scope.claim(&format!("{}Init", names.name));
    if decl.params.is_empty() {
        claim_codec(names, decl, scope, decl.constrained);
    }
}

/// Names the functions of a struct, or of one use of a generic one.
pub(super) fn claim_codec(names: &mut StructNames, decl: &ir::Struct, scope: &mut Scope, constrained: bool) {
    let name = names.name.clone();
    names.make = scope.claim(&lower_camel(&name));
    names.write = scope.claim(&format!("write{name}"));
    names.read = scope.claim(&format!("read{name}"));
    names.write_value = scope.claim(&format!("write{name}Value"));
    names.read_value = scope.claim(&format!("read{name}Value"));
    names.write_column = scope.claim(&format!("write{name}Column"));
    names.read_column = scope.claim(&format!("read{name}Column"));
    names.write_fields = scope.claim(&format!("write{name}Fields"));
    names.read_fields = scope.claim(&format!("read{name}Fields"));
    names.is_default = scope.claim(&format!("isDefault{name}"));
    if constrained {
        names.check = scope.claim(&format!("check{name}"));
    }
    match decl.level {
        ir::StructLevel::Partials => names.patch = scope.claim(&format!("patch{name}")),
        ir::StructLevel::Serializers => names.digest = scope.claim(&format!("{name}Digest")),
        ir::StructLevel::Fields => {}
    }
}

fn claim_enum(names: &mut EnumNames, decl: &ir::Enum, scope: &mut Scope) {
    names.write = scope.claim(&format!("write{}", names.name));
    names.read = scope.claim(&format!("read{}", names.name));
    if !decl.open {
        names.numbers = scope.claim(&format!("{}Numbers", lower_camel(&names.name)));
        names.write_column = scope.claim(&format!("write{}Column", names.name));
        names.read_column = scope.claim(&format!("read{}Column", names.name));
    }
    let mut members = Scope::new(PROTOTYPE_NAMES);
    names.members = decl.members.iter().map(|member| members.claim(&upper_camel(&member.name))).collect();
}

fn claim_union(names: &mut UnionNames, union: &ir::Union, scope: &mut Scope) {
    let name = names.name.clone();
    if union.params.is_empty() {
        claim_union_codec(names, union, scope, union.constrained);
    }
    names.cases = kinds(union).iter().map(|kind| scope.claim(&format!("{name}{kind}"))).collect();
    if union_has_init(union) {
        names.init = scope.claim(&format!("{name}Init"));
        let inits = union.cases.iter().zip(&names.cases).map(|(case, name)| match case.body.fields.is_empty() {
            true => name.clone(),
            false => scope.claim(&format!("{name}Init")),
        });
        names.case_inits = inits.collect();
    }
}

/// Names the functions of a union, or of one use of a generic one.
pub(super) fn claim_union_codec(names: &mut UnionNames, union: &ir::Union, scope: &mut Scope, constrained: bool) {
    let name = names.name.clone();
    if union_has_init(union) {
        names.make = scope.claim(&lower_camel(&name));
    }
    names.write = scope.claim(&format!("write{name}"));
    names.read = scope.claim(&format!("read{name}"));
    names.write_value = scope.claim(&format!("write{name}Value"));
    names.read_value = scope.claim(&format!("read{name}Value"));
    if constrained {
        names.check = scope.claim(&format!("check{name}"));
    }
    names.kinds = kinds(union);
}

/// The `kind` of each case of a union.
pub(super) fn kinds(union: &ir::Union) -> Vec<String> {
    let mut kinds = Scope::new(&["unrecognized"]);
    union.cases.iter().map(|case| kinds.claim(&upper_camel(&case.name))).collect()
}

fn claim_unit(names: &mut UnitNames, schema: &ir::Schema, unit: &ir::Unit, scope: &mut Scope) {
    let name = names.name.clone();
    if unit.of.is_none() {
        names.methods = scope.claim(&format!("{name}Methods"));
    }
    if let ir::UnitKind::Store { key, .. } = &unit.kind {
        if unit.of.is_none() {
            names.events = scope.claim(&format!("{name}Events"));
        }
        if let Some(key) = key {
            names.key = scope.claim(&format!("{name}Key"));
            names.write_key = scope.claim(&format!("write{}", names.key));
            if schema.is_body_constrained(key) {
                names.check_key = scope.claim(&format!("check{}", names.key));
            }
        }
    }
    let mut members = Scope::new(&[HANDLE_NAMES, PROTOTYPE_NAMES].concat());
    for method in &unit.methods {
        let camel = upper_camel(&method.name);
        let args = scope.claim(&format!("{name}{camel}Args"));
        names.method_names.push(MethodNames {
            name: members.claim(&lower_camel(&method.name)),
            write: scope.claim(&format!("write{args}")),
            check: match schema.is_body_constrained(&method.params) {
                true => scope.claim(&format!("check{args}")),
                false => String::new(),
            },
            read: scope.claim(&format!("read{name}{camel}Result")),
            write_item: match method.streams.takes {
                Some(_) => scope.claim(&format!("write{name}{camel}Item")),
                None => String::new(),
            },
            args,
        });
    }
    let mut members = Scope::new(PROTOTYPE_NAMES);
    for event in &unit.events {
        let body = scope.claim(&format!("{name}{}", upper_camel(&event.name)));
        names.event_names.push(EventNames {
            name: members.claim(&lower_camel(&event.name)),
            read: scope.claim(&format!("read{body}")),
            key: if event.key.is_some() { scope.claim(&format!("{body}Key")) } else { String::new() },
            write_key: if event.key.is_some() { scope.claim(&format!("write{body}Key")) } else { String::new() },
            body,
        });
    }
}
