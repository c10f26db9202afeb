//! Names that generated code could not keep apart.

use super::Cx;
use crate::diag::{Diagnostic, codes};
use crate::ir::StructLevel;
use crate::syntax::ast::{Item, ItemKind, Name, Picks};
use heck::{ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use std::collections::BTreeMap;

/// Methods that every handler has.
const HANDLER_METHODS: [&str; 3] = ["open", "level", "close"];

impl<'a> Cx<'a> {
    /// Names in one body must differ, also after conversion to the case of either target.
    pub(super) fn unique_names(&mut self, owner: &str, noun: &str, names: &[&'a Name]) {
        let nouns = noun.split(" or ").map(|n| format!("{n}s")).collect::<Vec<_>>().join(" or ");
        let mut snake: BTreeMap<String, &Name> = BTreeMap::new();
        let mut camel: BTreeMap<String, &Name> = BTreeMap::new();
        for name in names {
            if !self.spellable(name) {
                continue;
            }
            let first = snake.insert(name.text.to_snake_case(), name);
            let first = first.or(camel.insert(name.text.to_lower_camel_case(), name));
            let Some(first) = first else { continue };
            let d = match first.text == name.text {
                true => Diagnostic::new(
                    &codes::DUPLICATE_NAME,
                    format!("`{owner}` has two {nouns} `{}`", name.text),
                    name.span,
                    "declared again here",
                )
                .label(first.span, "first declared here"),
                false => self.clash(&format!("{nouns} `{}` and `{}` of `{owner}`", first.text, name.text), first, name),
            };
            self.report(d);
        }
    }

    fn clash(&self, what: &str, first: &Name, second: &Name) -> Diagnostic {
        let message = format!("{what} become the same name in generated code");
        let (rust, ts) = (second.text.to_snake_case(), second.text.to_lower_camel_case());
        Diagnostic::new(&codes::NAME_CLASH, message, second.span, format!("`{rust}` in Rust, `{ts}` in TypeScript"))
            .label(first.span, "so is this")
    }

    /// A name needs a letter, since conversion drops underscores and must not leave a digit in front.
    pub(super) fn spellable(&mut self, name: &Name) -> bool {
        let ok = name.text.trim_start_matches('_').starts_with(|c: char| c.is_ascii_alphabetic());
        if !ok {
            let message = format!("`{}` cannot be a name in generated code", name.text);
            self.report(Diagnostic::new(&codes::UNUSABLE_NAME, message, name.span, "a name starts with a letter"));
        }
        ok
    }

    /// Names of declarations and packages.
    pub(super) fn names(&mut self) {
        let resolved = self.resolved;
        let mut paths: BTreeMap<String, usize> = BTreeMap::new();
        for (idx, package) in resolved.packages.iter().enumerate() {
            let items: Vec<&'a Item> = resolved.items.iter().filter(|d| d.package == idx).map(|d| d.item).collect();
            self.item_names(&items);
            let first = paths.insert(package.name.to_lowercase().replace('_', ""), idx);
            if let (Some(first), Some(span)) = (first, package.span) {
                let message = format!(
                    "packages `{}` and `{}` become the same name in generated code",
                    resolved.packages[first].name, package.name
                );
                let d = Diagnostic::new(&codes::NAME_CLASH, message, span, "differs only in case or underscores");
                self.report(match resolved.packages[first].span {
                    Some(other) => d.label(other, "from this one"),
                    None => d,
                });
            }
        }
        for file in resolved.files {
            let segments = file.package.iter().flat_map(|p| &p.segments);
            for segment in segments {
                self.spellable(segment);
            }
        }
    }

    fn item_names(&mut self, items: &[&'a Item]) {
        let mut by_name: BTreeMap<String, &'a Item> = BTreeMap::new();
        for item in items {
            if !self.spellable(&item.name) {
                continue;
            }
            let generated = match item.kind {
                ItemKind::Const { .. } => item.name.text.to_shouty_snake_case(),
                _ => item.name.text.to_pascal_case(),
            };
            let Some(first) = by_name.insert(generated.clone(), item) else { continue };
            // Equal names have been reported by resolution.
            if first.name.text != item.name.text {
                let what = format!("`{}` and `{}`", first.name.text, item.name.text);
                let message = format!("{what} become the same name in generated code");
                let label = format!("`{generated}` in Rust and TypeScript");
                let d = Diagnostic::new(&codes::NAME_CLASH, message, item.name.span, label);
                self.report(d.label(first.name.span, "so is this"));
            }
        }
        for item in items {
            let suffixes: &[&str] = match &item.kind {
                ItemKind::Struct { level: Some(StructLevel::Partials), .. } => &["Patch", "Draft", "Path", "Init"],
                ItemKind::Struct { level: Some(StructLevel::Serializers), .. } => &["Digest", "Init"],
                ItemKind::Struct { .. } | ItemKind::Union { .. } => &["Init"],
                ItemKind::Store { .. } | ItemKind::Service { .. } => {
                    &["Key", "Handler", "Server", "Unit", "Methods", "Events"]
                }
                ItemKind::View { .. } => &["Key", "Unit", "Patch", "Draft", "Init"],
                ItemKind::Enum { .. }
                | ItemKind::Alias { .. }
                | ItemKind::Const { .. }
                | ItemKind::Newtype { .. }
                | ItemKind::Annotation { .. } => &[],
            };
            let mut inner = Vec::new();
            if let ItemKind::View { picks, .. } = &item.kind {
                inner_suffixes("", picks, &mut inner);
            }
            for suffix in suffixes.iter().copied().chain(inner.iter().map(String::as_str)) {
                let generated = format!("{}{suffix}", item.name.text.to_pascal_case());
                let Some(other) = by_name.get(&generated) else { continue };
                let message =
                    format!("`{}` is the name of something generated for `{}`", other.name.text, item.name.text);
                let d = Diagnostic::new(&codes::GENERATED_NAME, message, other.name.span, "choose another name");
                self.report(d.label(item.name.span, format!("generated code for this has a `{generated}`")));
            }
        }
    }

    /// Open enums and unions have a case for what is not known, payloads in TypeScript a discriminator.
    pub(super) fn reserved_name(&mut self, names: &[&Name], reserved: &str, why: &str) {
        for name in names {
            if name.text.to_pascal_case() == reserved.to_pascal_case() {
                let message = format!("`{}` is the name of something generated", name.text);
                let d = Diagnostic::new(&codes::GENERATED_NAME, message, name.span, "choose another name");
                self.report(d.note(why));
            }
        }
    }

    /// Methods of a handler that users implement beside those of the schema.
    pub(super) fn handler_names(&mut self, names: &[&Name]) {
        for name in names {
            let snake = name.text.to_snake_case();
            if HANDLER_METHODS.contains(&snake.as_str()) {
                let message = format!("`{}` is a method that every handler has", name.text);
                let d = Diagnostic::new(&codes::GENERATED_NAME, message, name.span, "choose another name");
                self.report(d.note("Handlers open and close instances and answer levels: `open`, `close`, `level`."));
            }
        }
    }
}

/// What the names of types of a view's parts end with, and what is generated for them.
fn inner_suffixes(outer: &str, picks: &Picks, all: &mut Vec<String>) {
    for pick in &picks.fields {
        let Some(inside) = &pick.inside else { continue };
        let name = format!("{outer}{}", pick.name.text.to_pascal_case());
        all.extend(["", "Patch", "Draft", "Init"].map(|suffix| format!("{name}{suffix}")));
        inner_suffixes(&name, inside, all);
    }
}
