//! Structs that contain themselves by value.

use super::Cx;
use crate::diag::{Diagnostic, codes};
use crate::ir::{Body, StructId, Type, UnionId};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Struct(StructId),
    Union(UnionId),
}

/// A field on the way, for the label.
type Step = (Node, Option<Span>);

impl Cx<'_> {
    /// Reports each circle of structs and unions once, at one of its fields.
    pub(super) fn recursion(&mut self) {
        self.set_inline();
        let n_structs = self.schema.structs.len() as u32;
        let n_unions = self.schema.unions.len() as u32;
        let structs = (0..n_structs).map(|i| Node::Struct(StructId(i)));
        let nodes: Vec<Node> = structs.chain((0..n_unions).map(|i| Node::Union(UnionId(i)))).collect();
        let mut done = BTreeSet::new();
        for node in nodes {
            let mut way = Vec::new();
            self.walk(node, &mut way, &mut done);
        }
    }

    /// Depth first without recursion, since chains of structs may be long.
    fn walk(&mut self, start: Node, way: &mut Vec<(Node, Vec<Step>)>, done: &mut BTreeSet<Node>) {
        if !done.insert(start) {
            return;
        }
        let mut steps: Vec<Option<Span>> = vec![None];
        way.push((start, self.contained(start)));
        while let Some((_, rest)) = way.last_mut() {
            let Some((next, span)) = rest.pop() else {
                way.pop();
                steps.pop();
                continue;
            };
            // Only what has been met can be on the way: the way of a long chain is not searched at every step.
            if done.insert(next) {
                steps.push(span);
                let contained = self.contained(next);
                way.push((next, contained));
            } else if let Some(from) = way.iter().position(|(node, _)| *node == next) {
                let names: Vec<String> = way[from..].iter().map(|(node, _)| self.node_name(*node)).collect();
                self.circle(&names, span);
            }
        }
    }

    fn circle(&mut self, names: &[String], span: Option<Span>) {
        let (Some(first), Some(last), Some(span)) = (names.first(), names.last(), span) else { return };
        let message = match names {
            [own] => format!("`{own}` contains itself"),
            _ => format!("`{first}` contains itself: `{}` -> `{first}`", names.join("` -> `")),
        };
        let label = format!("this puts a `{first}` into every `{last}`");
        let d = Diagnostic::new(&codes::RECURSION, message, span, label);
        self.report(d.note("Put `list<..>` or `map<..>` between, or refer to it by a key."));
    }

    fn node_name(&self, node: Node) -> String {
        match node {
            Node::Struct(id) => self.schema[id].name.clone(),
            Node::Union(id) => self.schema[id].name.clone(),
        }
    }

    /// What a value of the node holds by value, last first.
    fn contained(&self, node: Node) -> Vec<Step> {
        let mut steps = Vec::new();
        match node {
            Node::Struct(id) => {
                let places = &self.places.structs[id.0 as usize].fields;
                self.collect(&self.schema[id].body, places, &mut steps);
            }
            Node::Union(id) => {
                for case in &self.schema[id].cases {
                    if let Some(places) = self.places.unions[id.0 as usize].1.get(&case.id) {
                        self.collect(&case.body, &places.fields, &mut steps);
                    }
                }
            }
        }
        steps.reverse();
        steps
    }

    fn collect(&self, body: &Body, places: &BTreeMap<u32, Span>, steps: &mut Vec<Step>) {
        for field in &body.fields {
            self.held(&field.ty, places.get(&field.id).copied(), steps);
        }
    }

    /// What a value of the type holds by value: a struct or union, and what that holds of its arguments.
    fn held(&self, ty: &Type, place: Option<Span>, steps: &mut Vec<Step>) {
        let (node, args) = match ty {
            Type::Optional(inner) | Type::Array(inner, _) => return self.held(inner, place, steps),
            Type::Struct(id, args) => (Node::Struct(*id), args),
            Type::Union(id, args) => (Node::Union(*id), args),
            _ => return,
        };
        steps.push((node, place));
        for (arg, n) in args.iter().zip(0..) {
            if self.inline.contains(&(node, n)) {
                self.held(arg, place, steps);
            }
        }
    }

    /// The parameters whose arguments are held by value. Each round settles what is handed on in its direction.
    fn set_inline(&mut self) {
        let structs = self.schema.structs.iter().zip(0..).filter(|(decl, _)| !decl.params.is_empty());
        let structs = structs.map(|(_, id)| Node::Struct(StructId(id)));
        let unions = self.schema.unions.iter().zip(0..).filter(|(decl, _)| !decl.params.is_empty());
        let mut nodes: Vec<Node> = structs.chain(unions.map(|(_, id)| Node::Union(UnionId(id)))).collect();
        let mut quiet = 0;
        while quiet < 2 {
            let before = self.inline.len();
            for node in &nodes {
                let found = self.inline_params(*node);
                self.inline.extend(found);
            }
            quiet = if self.inline.len() == before { quiet + 1 } else { 0 };
            nodes.reverse();
        }
    }

    fn inline_params(&self, node: Node) -> Vec<(Node, u32)> {
        let bodies: Vec<&Body> = match node {
            Node::Struct(id) => vec![&self.schema[id].body],
            Node::Union(id) => self.schema[id].cases.iter().map(|case| &case.body).collect(),
        };
        let mut found = Vec::new();
        for field in bodies.into_iter().flat_map(|body| &body.fields).filter(|field| field.ty.has_params()) {
            self.inline_param(node, &field.ty, &mut found);
        }
        found
    }

    fn inline_param(&self, node: Node, ty: &Type, found: &mut Vec<(Node, u32)>) {
        let (target, args) = match ty {
            Type::Param(n) => return found.push((node, *n)),
            Type::Optional(inner) => return self.inline_param(node, inner, found),
            Type::Struct(id, args) => (Node::Struct(*id), args),
            Type::Union(id, args) => (Node::Union(*id), args),
            _ => return,
        };
        for (arg, n) in args.iter().zip(0..) {
            if self.inline.contains(&(target, n)) {
                self.inline_param(node, arg, found);
            }
        }
    }
}
