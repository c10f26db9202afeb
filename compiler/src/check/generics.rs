//! Generic declarations: their parameters, and which arguments these admit.

use super::Cx;
use super::constraints::excluded_zero;
use super::types::is_key;
use crate::diag::{Diagnostic, Fix, codes, suggest};
use crate::ir::{self, Bounds, StructLevel, Type};
use crate::source::Span;
use crate::syntax::ast::{self, Item, ItemKind, Name, TypeKind, TypeParam};
use crate::syntax::words;
use std::collections::{BTreeMap, BTreeSet};

/// Most types that one type is written with, aliases replaced.
const MAX_PARTS: usize = 1_000;
/// Deepest nesting of a type, aliases replaced.
const MAX_DEPTH: usize = 64;

/// What is known of parameters.
#[derive(Debug, Default)]
pub(super) struct Generics {
    /// By position in the resolved items; only those that have any.
    params: BTreeMap<usize, Vec<ir::Param>>,
    /// The declaration whose types are being looked at, by position in the resolved items.
    item: Option<usize>,
    /// Which of its parameters have been named.
    used: BTreeSet<usize>,
    /// A name in it means nothing, so it may have been meant to be a parameter.
    unclear: bool,
    /// The same of any declaration.
    any_unclear: bool,
    /// Parameters that ask for something that does not exist: what was meant is not known.
    vague: BTreeSet<(usize, usize)>,
    /// Newtypes as arguments that must have a zero; their constraints are known last.
    zeros: Vec<ZeroArgument>,
}

/// A newtype that is the argument of a parameter that asks for `zero`.
#[derive(Debug)]
struct ZeroArgument {
    newtype: ir::NewtypeId,
    /// Position of the generic declaration and of the parameter.
    asked: (usize, usize),
    span: Span,
}

/// What was being looked at when another declaration was entered.
pub(super) struct Outer(Option<usize>, BTreeSet<usize>, bool);

impl<'a> Cx<'a> {
    /// Reads the parameters of all declarations.
    pub(super) fn type_params(&mut self) {
        let generic: Vec<usize> =
            (0..self.resolved.items.len()).filter(|idx| !self.resolved.items[*idx].item.params.is_empty()).collect();
        for &idx in &generic {
            let item = self.resolved.items[idx].item;
            self.may_be_generic(item);
            self.param_names(item, self.resolved.items[idx].package);
            let params = item.params.iter().enumerate().map(|(n, param)| {
                let mut bounds = Bounds::default();
                for name in &param.bounds {
                    if !self.bound(&mut bounds, name) {
                        self.generics.vague.insert((idx, n));
                    }
                }
                ir::Param { name: param.name.text.clone(), bounds, default: None }
            });
            let params = params.collect();
            self.generics.params.insert(idx, params);
        }
        // Defaults may be generic themselves.
        for &idx in &generic {
            let outer = self.enter(idx);
            for (n, param) in self.resolved.items[idx].item.params.iter().enumerate() {
                let Some(written) = &param.default else { continue };
                let default = self.type_argument(written);
                if let Some(default) = &default {
                    self.check_bounds(idx, n, default, written.span);
                }
                // One that cannot be read has been reported, so the model is not used.
                let params = self.generics.params.get_mut(&idx).and_then(|params| params.get_mut(n));
                params.into_iter().for_each(|p| p.default = Some(default.clone().unwrap_or(Type::Bool)));
            }
            self.leave(outer);
        }
    }

    /// Begins to look at the types of a declaration.
    pub(super) fn enter(&mut self, idx: usize) -> Outer {
        let generics = &mut self.generics;
        Outer(generics.item.replace(idx), std::mem::take(&mut generics.used), std::mem::take(&mut generics.unclear))
    }

    /// Goes back to what was looked at before.
    pub(super) fn leave(&mut self, outer: Outer) {
        let Outer(item, used, unclear) = outer;
        (self.generics.item, self.generics.used, self.generics.unclear) = (item, used, unclear);
    }

    /// The parameters of the declaration that is being looked at.
    pub(super) fn own_params(&self) -> Vec<ir::Param> {
        self.generics.item.and_then(|idx| self.generics.params.get(&idx)).cloned().unwrap_or_default()
    }

    /// Remembers that a name means nothing.
    pub(super) fn unclear(&mut self) {
        self.generics.unclear = true;
        self.generics.any_unclear = true;
    }

    /// Whether a name in any declaration means nothing.
    pub(super) fn any_unclear(&self) -> bool {
        self.generics.any_unclear
    }

    /// A parameter of the declaration that is being looked at, as a type.
    pub(super) fn param(&mut self, n: usize) -> Type {
        self.generics.used.insert(n);
        Type::Param(n as u32)
    }

    /// What the declaration that is being looked at asks of a parameter.
    pub(super) fn bounds(&self, n: u32) -> Bounds {
        if self.generics.item.is_some_and(|idx| self.generics.vague.contains(&(idx, n as usize))) {
            return Bounds { key: true, zero: true, strukt: true, partials: true };
        }
        let params = self.generics.item.and_then(|idx| self.generics.params.get(&idx));
        params.and_then(|params| params.get(n as usize)).map_or(Bounds::default(), |param| param.bounds)
    }

    /// A parameter of the declaration that is being looked at, as it is written.
    pub(super) fn written_param(&self, n: u32) -> Option<&'a TypeParam> {
        self.generics.item.and_then(|idx| self.resolved.items[idx].item.params.get(n as usize))
    }

    /// Reports parameters of the declaration that is being looked at which it has not named.
    pub(super) fn unused_params(&mut self, item: &'a Item) {
        for (n, param) in item.params.iter().enumerate() {
            let is_hidden = words::TYPES.contains(&param.name.text.as_str())
                || item.params[..n].iter().any(|other| other.name.text == param.name.text);
            if !self.generics.used.contains(&n) && !self.generics.unclear && !is_hidden {
                let message = format!("`{}` does not use its parameter `{}`", item.name.text, param.name.text);
                let d = Diagnostic::new(&codes::UNUSED_PARAMETER, message, param.name.span, "nothing is made of this");
                self.report(d.note("What a parameter stands for must be found in every value."));
            }
        }
    }

    /// The arguments of a generic declaration, defaults included; `None` if something about them has been reported.
    pub(super) fn type_arguments(&mut self, ty: &ast::Type, idx: usize, written: &'a [ast::Type]) -> Option<Vec<Type>> {
        let lowered: Vec<Option<Type>> = written.iter().map(|arg| self.type_argument(arg)).collect();
        let params = self.generics.params.get(&idx).cloned().unwrap_or_default();
        let needed = params.iter().filter(|param| param.default.is_none()).count();
        if written.len() < needed || written.len() > params.len() {
            self.wrong_number(ty, idx, (needed, params.len()), written.len());
            return None;
        }
        let mut args: Vec<Option<Type>> = Vec::new();
        for (n, param) in params.iter().enumerate() {
            let arg = match lowered.get(n) {
                Some(arg) => arg.clone(),
                None => {
                    let before: Option<Vec<Type>> = args.iter().cloned().collect();
                    let default = before.zip(param.default.as_ref()).map(|(before, d)| d.substitute(&before));
                    // Each default may hold the one in front of it more than once.
                    default.and_then(|default| self.of_sound_size(default, ty.span))
                }
            };
            if let (Some(arg), Some(written)) = (&arg, written.get(n)) {
                self.check_bounds(idx, n, arg, written.span);
            }
            args.push(arg);
        }
        args.into_iter().collect()
    }

    /// Refuses types that aliases and arguments have made too large.
    pub(super) fn of_sound_size(&mut self, ty: Type, span: Span) -> Option<Type> {
        let (mut n_parts, mut deepest) = (0, 0);
        let mut open = vec![(&ty, 1)];
        while let Some((ty, depth)) = open.pop() {
            n_parts += 1;
            deepest = deepest.max(depth);
            if n_parts > MAX_PARTS || deepest > MAX_DEPTH {
                let message = format!("a type has at most {MAX_PARTS} parts and nests at most {MAX_DEPTH} deep");
                self.report(Diagnostic::new(&codes::LIMIT, message, span, "this one is larger"));
                return None;
            }
            open.extend(ty.parts().into_iter().map(|part| (part, depth + 1)));
        }
        Some(ty)
    }

    /// An argument, which is never optional.
    fn type_argument(&mut self, written: &'a ast::Type) -> Option<Type> {
        if let TypeKind::Optional(inner) = &written.kind {
            let mark = Span { start: written.span.end - 1, ..written.span };
            let text = self.sources.slice(written.span).to_owned();
            let message = format!("the argument `{text}` is optional");
            let d = Diagnostic::new(&codes::TYPE_ARGUMENTS, message, mark, "`?` cannot stand here");
            self.report(
                d.note(
                    "Whether a value may be absent is written where it is held: behind the parameter in the declaration.",
                )
                .fix(Fix::guess("remove `?`").edit(mark, "")),
            );
            return self.ty(inner);
        }
        self.ty(written)
    }

    fn wrong_number(&mut self, ty: &ast::Type, idx: usize, (least, most): (usize, usize), given: usize) {
        let item = self.resolved.items[idx].item;
        let takes = match (least, most) {
            (_, 0) => "no types".to_owned(),
            (1, 1) => "one type".to_owned(),
            (least, most) if least == most => format!("{most} types"),
            (least, most) if least + 1 == most => format!("{least} or {most} types"),
            (least, most) => format!("{least} to {most} types"),
        };
        let message = format!("`{}` takes {takes}", item.name.text);
        let label = match given {
            0 => "none is given".to_owned(),
            1 => "one is given".to_owned(),
            n => format!("{n} are given"),
        };
        let declared = match (item.params.first(), item.params.last()) {
            (Some(first), Some(last)) => (first.name.span.to(last.name.span), "declared here"),
            _ => (item.name.span, "declared without parameters"),
        };
        self.report(Diagnostic::new(&codes::TYPE_ARGUMENTS, message, ty.span, label).label(declared.0, declared.1));
    }

    /// Refuses an argument that lacks what its parameter asks for.
    fn check_bounds(&mut self, idx: usize, n: usize, arg: &Type, span: Span) {
        let item = self.resolved.items[idx].item;
        let (Some(bounds), Some(param)) =
            (self.generics.params.get(&idx).and_then(|p| p.get(n)).map(|p| p.bounds), item.params.get(n))
        else {
            return;
        };
        if let (true, Type::Newtype(newtype, _)) = (bounds.zero, arg) {
            self.generics.zeros.push(ZeroArgument { newtype: *newtype, asked: (idx, n), span });
        }
        let missing = [
            (bounds.key && !self.may_be_key(arg), "key", "cannot be a key"),
            (bounds.zero && !self.has_zero(arg), "zero", "has no zero"),
            (bounds.strukt && !self.is_struct(arg), "struct", "is not a struct"),
            (bounds.partials && !self.is_partials(arg), "partials", "is not a `partials` struct"),
        ];
        let Some((_, word, why)) = missing.into_iter().find(|(is_missing, ..)| *is_missing) else { return };
        let text = self.sources.slice(span).to_owned();
        let (name, owner) = (&param.name.text, &item.name.text);
        let message = format!("`{text}` cannot be the `{name}` of `{owner}`");
        let d = Diagnostic::new(&codes::BOUND, message, span, format!("`{text}` {why}"));
        let asked = param.bounds.iter().find(|bound| bound.text == word).map_or(param.name.span, |bound| bound.span);
        let d = d.label(asked, format!("`{owner}` asks for `{word}` here")).note(meaning(word));
        self.report(match arg {
            Type::Param(own) => self.with_bound(d, *own, word),
            _ => d,
        });
    }

    /// Refuses newtypes whose constraints exclude zero as arguments that must have one.
    pub(super) fn zero_arguments(&mut self) {
        for ZeroArgument { newtype, asked: (idx, n), span } in std::mem::take(&mut self.generics.zeros) {
            let found = &self.schema[newtype];
            let Some(zero) = excluded_zero(&found.base, &found.constraints) else { continue };
            let item = self.resolved.items[idx].item;
            let Some(param) = item.params.get(n) else { continue };
            let (text, owner) = (self.sources.slice(span).to_owned(), &item.name.text);
            let message = format!("`{text}` cannot be the `{}` of `{owner}`", param.name.text);
            let label = format!("{zero} is not allowed, so `{text}` has no zero");
            let asked = param.bounds.iter().find(|bound| bound.text == "zero").map_or(param.name.span, |b| b.span);
            let d = Diagnostic::new(&codes::BOUND, message, span, label)
                .label(asked, format!("`{owner}` asks for `zero` here"));
            let declared = self.resolved.items.iter().find(|d| d.id == ir::Item::Newtype(newtype)).map(|d| d.item);
            self.report(match declared {
                Some(declared) => d.label(declared.name.span, "by the constraints of this"),
                None => d,
            });
        }
    }

    /// Offers to ask more of a parameter of the declaration that is being looked at.
    pub(super) fn with_bound(&self, d: Diagnostic, n: u32, word: &str) -> Diagnostic {
        let Some(param) = self.written_param(n) else { return d };
        let (at, text) = match param.bounds.last() {
            Some(last) => (last.span.after(), format!(" + {word}")),
            None => (param.name.span.after(), format!(": {word}")),
        };
        let written = self.sources.slice(param.name.span.to(at));
        d.fix(Fix::guess(format!("ask for it: `{written}{text}`")).edit(at, text.clone()))
    }

    pub(super) fn may_be_key(&self, ty: &Type) -> bool {
        if let Type::Param(n) = ty { self.bounds(*n).key } else { is_key(ty) }
    }

    fn is_struct(&self, ty: &Type) -> bool {
        match ty {
            Type::Struct(..) => true,
            Type::Param(n) => self.bounds(*n).strukt || self.bounds(*n).partials,
            _ => false,
        }
    }

    fn is_partials(&self, ty: &Type) -> bool {
        match ty {
            Type::Struct(id, _) => {
                let item = self.structs.get(id.0 as usize).map(|idx| &self.resolved.items[*idx].item.kind);
                matches!(item, Some(ItemKind::Struct { level: Some(StructLevel::Partials) | None, .. }))
            }
            Type::Param(n) => self.bounds(*n).partials,
            _ => false,
        }
    }

    /// Not everything can be generic.
    fn may_be_generic(&mut self, item: &'a Item) {
        let (Some(first), Some(last)) = (item.params.first(), item.params.last()) else { return };
        let span = first.name.span.to(last.name.span);
        let what = match &item.kind {
            ItemKind::Struct { level: Some(StructLevel::Serializers), .. } => {
                let message = "not supported by this compiler version yet: generic `serializers` structs";
                return self.report(Diagnostic::new(&codes::UNSUPPORTED, message, span, "planned, but not built yet"));
            }
            ItemKind::Union { is_error: true, .. } => "errors",
            ItemKind::Newtype { .. } => "newtypes",
            _ => return,
        };
        let message = format!("{what} have no parameters");
        let d = Diagnostic::new(&codes::TYPE_PARAMETER, message, span, "cannot stand here");
        self.report(d.note("Structs, unions and aliases can be generic."));
    }

    fn param_names(&mut self, item: &'a Item, package: usize) {
        let mut defaults: Option<&'a TypeParam> = None;
        for (n, param) in item.params.iter().enumerate() {
            let name = &param.name;
            if let Some(first) = item.params[..n].iter().find(|other| other.name.text == name.text) {
                let message = format!("`{}` has two parameters `{}`", item.name.text, name.text);
                let d = Diagnostic::new(&codes::DUPLICATE_NAME, message, name.span, "declared again here");
                self.report(d.label(first.name.span, "first declared here"));
            } else if words::TYPES.contains(&name.text.as_str()) {
                let message = format!("`{}` is the name of a built-in type", name.text);
                self.report(Diagnostic::new(&codes::BUILTIN_NAME, message, name.span, "choose another name"));
            } else if let Some(declared) = self.resolved.declared_in(package, &name.text) {
                let message = format!("parameter `{}` hides a declaration of this package", name.text);
                let d = Diagnostic::new(&codes::TYPE_PARAMETER, message, name.span, "choose another name");
                self.report(d.label(declared, "declared here"));
            } else {
                self.spellable(name);
            }
            match (defaults, &param.default) {
                (_, Some(_)) => defaults = defaults.or(Some(param)),
                (Some(earlier), None) => {
                    let message = format!("`{}` has no default, but stands behind one that has", name.text);
                    let d = Diagnostic::new(&codes::TYPE_PARAMETER, message, name.span, "needs a default, too");
                    self.report(d.label(earlier.name.span, "has a default"));
                }
                (None, None) => {}
            }
        }
    }

    /// Whether a parameter can ask for this.
    fn bound(&mut self, bounds: &mut Bounds, name: &Name) -> bool {
        let slot = match name.text.as_str() {
            "key" => &mut bounds.key,
            "zero" => &mut bounds.zero,
            "struct" => &mut bounds.strukt,
            "partials" => &mut bounds.partials,
            other => {
                let right = suggest::closest(other, words::BOUNDS);
                let message = format!("parameters cannot ask for `{other}`");
                let label = "expected `key`, `zero`, `struct` or `partials`";
                let d = Diagnostic::new(&codes::TYPE_PARAMETER, message, name.span, label);
                self.report(d.did_you_mean(other, right));
                return false;
            }
        };
        if std::mem::replace(slot, true) {
            let message = format!("`{}` is asked for twice", name.text);
            self.report(Diagnostic::new(&codes::TYPE_PARAMETER, message, name.span, "again here"));
        }
        true
    }
}

fn meaning(bound: &str) -> &'static str {
    match bound {
        "key" => "Keys are bool, integers, string, uuid, enums and newtypes of these.",
        "zero" => "Unions and enums without a member 0 have no zero; their absence would mean nothing.",
        "struct" => "A struct of any level is needed.",
        _ => "Only `partials` structs have deltas of their own.",
    }
}
