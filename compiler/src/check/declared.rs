//! Annotations that a schema declares, and their uses.

use super::Cx;
use super::annotations::{Param, Signature};
use super::values::has_literals;
use crate::diag::{Diagnostic, codes, suggest};
use crate::ir::{self, Literal, Type};
use crate::syntax::annotations::Place;
use crate::syntax::ast::{self, Annotation, Item, ItemKind, Name};
use crate::syntax::words;
use std::rc::Rc;

/// A declared annotation.
#[derive(Debug)]
pub(super) struct Declared<'a> {
    id: ir::AnnotationId,
    item: &'a Item,
    /// Where it may stand.
    pub(super) places: Vec<Place>,
    signature: Signature,
    /// Types and defaults of its parameters; `None` if something about one has been reported.
    params: Vec<Option<(Type, Option<Literal>)>>,
}

impl<'a> Cx<'a> {
    pub(super) fn annotation_items(&mut self) {
        let resolved = self.resolved;
        for (idx, declared) in resolved.items.iter().enumerate() {
            let (ItemKind::Annotation { params, places, .. }, ir::Item::Annotation(id)) =
                (&declared.item.kind, declared.id)
            else {
                continue;
            };
            let found = self.declared_annotation(id, declared.item, params, places);
            let types = params.iter().zip(&found.params).filter_map(|(param, found)| {
                let (ty, _) = found.as_ref()?;
                Some((param.name.text.clone(), ty.clone()))
            });
            self.schema.annotations.push(ir::Annotation {
                package: ir::PackageId(declared.package as u32),
                name: declared.item.name.text.clone(),
                docs: ir::Docs::default(),
                params: types.collect(),
            });
            self.declared.insert(idx, Rc::new(found));
        }
        for declared in self.declared.values().cloned().collect::<Vec<_>>() {
            let annotations = self.annotations(&declared.item.annotations, Place::Annotation);
            self.schema.annotations[declared.id.0 as usize].docs = self.docs(&declared.item.docs, &annotations);
        }
    }

    fn declared_annotation(
        &mut self,
        id: ir::AnnotationId,
        item: &'a Item,
        params: &'a [ast::Param],
        places: &'a [Name],
    ) -> Declared<'a> {
        let owner = format!("@{}", item.name.text);
        let types: Vec<_> = params.iter().map(|param| self.annotation_param(&owner, param)).collect();
        let names: Vec<&Name> = params.iter().map(|param| &param.name).collect();
        self.unique_names(&owner, "parameter", &names);
        let described = params.iter().zip(&types).map(|(param, found)| {
            let is_optional = matches!(found, Some((Type::Optional(_), _)));
            Param {
                name: param.name.text.clone(),
                required: param.default.is_none() && !is_optional,
                words: format!("a `{}`", self.sources.slice(param.ty.span)),
            }
        });
        let described: Vec<Param> = described.collect();
        let args: Vec<String> =
            described.iter().map(|p| format!("{}{}", p.name, if p.required { "" } else { "?" })).collect();
        let form = match args.as_slice() {
            [] => owner.clone(),
            args => format!("{owner}({})", args.join(", ")),
        };
        let signature = Signature { name: item.name.text.clone(), form, params: described };
        Declared { id, item, places: self.places_of(places), signature, params: types }
    }

    fn annotation_param(&mut self, owner: &str, param: &'a ast::Param) -> Option<(Type, Option<Literal>)> {
        for annotation in &param.annotations {
            let message = format!("`@{}` has no meaning on parameters of annotations", annotation.name.dotted());
            self.report(Diagnostic::new(&codes::ANNOTATION_USE, message, annotation.span, "cannot stand here"));
        }
        if param.name.text == "_" {
            let message = "an annotation has no parameters that are gone";
            let d = Diagnostic::new(&codes::UNWANTED_ID, message, param.span, "cannot stand here");
            self.report(d.note("Annotations do not travel, so nothing has to be skipped."));
            return None;
        }
        let what = format!("`{}` of `{owner}`", param.name.text);
        let ty = self.ty(&param.ty);
        let default = param.default.as_ref().map(|value| self.default(&what, ty.as_ref(), &param.ty, value));
        let ty = ty?;
        let inner = if let Type::Optional(inner) = &ty { inner } else { &ty };
        if !has_literals(inner) || matches!(inner, Type::Newtype(..)) {
            let message = format!("{what} cannot be a `{}`", self.sources.slice(param.ty.span));
            let d = Diagnostic::new(&codes::ANNOTATION_PARAMETER, message, param.ty.span, "a type without literals");
            self.report(d.note("Parameters of annotations are bool, integers, f32, f64, string and enums."));
            return None;
        }
        match default {
            Some(None) => None,
            default => Some((ty, default.flatten())),
        }
    }

    fn places_of(&mut self, names: &[Name]) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        // There are fewer words than this, so whoever writes more has been told what is wrong.
        for (n, name) in names.iter().enumerate().take(64) {
            let known = words::PLACES.iter().map(|(word, _)| *word);
            match words::PLACES.iter().find(|(word, _)| *word == name.text) {
                Some(_) if names[..n].iter().any(|earlier| earlier.text == name.text) => {
                    let message = format!("`{}` is named twice", name.text);
                    self.report(Diagnostic::new(&codes::ANNOTATION_PLACE, message, name.span, "again here"));
                }
                Some((_, more)) => places.extend(*more),
                None => {
                    let message = format!("nothing is called `{}` behind `on`", name.text);
                    let d = Diagnostic::new(&codes::ANNOTATION_PLACE, message, name.span, "not one of the words");
                    let d = d.did_you_mean(&name.text, suggest::closest(&name.text, known.clone()));
                    let list: Vec<String> = known.map(|word| format!("`{word}`")).collect();
                    self.report(d.note(format!("The words are {}.", list.join(", "))));
                }
            }
        }
        places.sort_unstable();
        places
    }

    /// A use of a declared annotation in the checked model.
    pub(super) fn annotated(&mut self, annotation: &'a Annotation, declared: &Declared<'a>) -> Option<ir::Annotated> {
        // What takes no argument has been reported.
        if declared.params.contains(&None) {
            return None;
        }
        let given = self.given(annotation, &declared.signature)?;
        let mut values = Vec::new();
        for ((param, given), found) in declared.signature.params.iter().zip(given).zip(&declared.params) {
            let (ty, default) = found.as_ref()?;
            let inner = if let Type::Optional(inner) = ty { inner } else { ty };
            values.push(match given {
                Some(arg) => Some(self.argument_literal(&declared.signature.name, &param.name, inner, &arg.value)?),
                None => default.clone(),
            });
        }
        let text = self.sources.slice(annotation.span).trim_start_matches('@');
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(ir::Annotated { annotation: declared.id, values, text })
    }
}
