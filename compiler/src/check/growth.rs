//! Generic types as a whole: which parameters are found in values at all, whether a type needs itself with ever larger
//! arguments, and how many types arguments make.

use super::Cx;
use crate::diag::{Diagnostic, codes};
use crate::ir::generics::{Instances, Owner};
use crate::ir::{Body, Schema, StructId, Type, UnionId};
use crate::source::Span;
use crate::syntax::ast::Item;
use std::collections::{BTreeMap, BTreeSet};

/// A parameter of a declaration.
type Node = (Owner, u32);

/// A parameter that becomes part of an argument.
struct Flow {
    from: Node,
    to: Node,
    /// The argument is more than the parameter.
    grows: bool,
    place: Option<Span>,
}

impl Cx<'_> {
    /// Reports what only shows when all declarations are known; the model is otherwise right.
    pub(super) fn generics(&mut self) {
        let mut found = Found { flows: Vec::new(), live: BTreeSet::new() };
        for (decl, id) in self.schema.structs.iter().zip(0..) {
            let places = &self.places.structs[id as usize].fields;
            found.body(Owner::Struct(StructId(id)), &decl.body, places);
        }
        for (decl, id) in self.schema.unions.iter().zip(0..) {
            for case in &decl.cases {
                if let Some(places) = self.places.unions[id as usize].1.get(&case.id) {
                    found.body(Owner::Union(UnionId(id)), &case.body, &places.fields);
                }
            }
        }
        found.spread();
        let growing = self.growing(&found.flows);
        if !self.any_unclear() {
            found.live.extend(growing);
            self.not_live(&found.live);
        }
        if self.diagnostics.is_empty() {
            self.count_instances();
        }
    }

    fn item_of(&self, owner: Owner) -> Option<&Item> {
        let idx = match owner {
            Owner::Struct(id) => self.structs.get(id.0 as usize),
            Owner::Union(id) => self.unions.get(id.0 as usize),
        };
        idx.map(|idx| self.resolved.items[*idx].item)
    }

    /// A parameter that is handed on in a circle is in no value.
    fn not_live(&mut self, live: &BTreeSet<Node>) {
        let owners = owners(&self.schema);
        for owner in owners {
            let Some(item) = self.item_of(owner) else { continue };
            let dead = item.params.iter().zip(0..).filter(|(_, n)| !live.contains(&(owner, *n)));
            let findings: Vec<Diagnostic> = dead
                .map(|(param, _)| {
                    let message = format!("`{}` only hands its parameter `{}` on", item.name.text, param.name.text);
                    let d =
                        Diagnostic::new(&codes::UNUSED_PARAMETER, message, param.name.span, "nothing is made of this");
                    d.note("What a parameter stands for must be found in every value.")
                })
                .collect();
            self.diagnostics.extend(findings);
        }
    }

    /// Reports types that grow without end, and gives the parameters of their circles.
    fn growing(&mut self, flows: &[Flow]) -> BTreeSet<Node> {
        let circles = circles(flows);
        let mut wrong: BTreeSet<usize> = BTreeSet::new();
        let mut told: BTreeSet<Owner> = BTreeSet::new();
        for flow in flows.iter().filter(|flow| flow.grows) {
            let circle = circles.get(&flow.from).filter(|own| circles.get(&flow.to) == Some(own));
            wrong.extend(circle);
            let in_circle = circle.is_some();
            let (Some(span), true) = (flow.place, in_circle && told.insert(flow.from.0)) else { continue };
            let (Some(from), Some(to)) = (self.item_of(flow.from.0), self.item_of(flow.to.0)) else { continue };
            let (name, target) = (&from.name.text, &to.name.text);
            let message = format!("`{name}` needs itself with ever larger arguments");
            let param = from.params.get(flow.from.1 as usize).map(|p| &p.name);
            let label = format!(
                "more than `{}` becomes an argument of `{target}`, which leads back here",
                param.map_or("", |p| p.text.as_str())
            );
            let mut d = Diagnostic::new(&codes::GROWING_TYPE, message, span, label);
            if let Some(param) = param {
                d = d.label(param.span, "grows without end");
            }
            self.diagnostics.push(d.note("Every type that is needed is written out, so there must be an end of them."));
        }
        circles.into_iter().filter(|(_, circle)| wrong.contains(circle)).map(|(node, _)| node).collect()
    }

    fn count_instances(&mut self) {
        let mut instances = Instances::default();
        for declared in &self.resolved.items {
            let schema = &self.schema;
            if schema.types_of(declared.id).into_iter().all(|ty| instances.add(schema, ty)) {
                continue;
            }
            let message = "generic types are used with too many or too large arguments";
            let label = "this brings their number above 10,000, or one of them above 1,000 parts";
            self.diagnostics.push(Diagnostic::new(&codes::LIMIT, message, declared.item.name.span, label));
            return;
        }
    }
}

fn owners(schema: &Schema) -> Vec<Owner> {
    let structs = (0..schema.structs.len() as u32).map(|id| Owner::Struct(StructId(id)));
    structs.chain((0..schema.unions.len() as u32).map(|id| Owner::Union(UnionId(id)))).collect()
}

struct Found {
    flows: Vec<Flow>,
    /// Parameters whose argument is found in values.
    live: BTreeSet<Node>,
}

impl Found {
    fn body(&mut self, owner: Owner, body: &Body, places: &BTreeMap<u32, Span>) {
        for field in &body.fields {
            if field.ty.has_params() {
                self.ty(owner, &field.ty, places.get(&field.id).copied());
            }
        }
    }

    fn ty(&mut self, owner: Owner, ty: &Type, place: Option<Span>) {
        let (target, args) = match ty {
            Type::Param(n) => {
                self.live.insert((owner, *n));
                return;
            }
            Type::Struct(id, args) => (Owner::Struct(*id), args),
            Type::Union(id, args) => (Owner::Union(*id), args),
            other => return other.parts().into_iter().for_each(|part| self.ty(owner, part, place)),
        };
        for (arg, n) in args.iter().zip(0..) {
            for param in arg.params() {
                let grows = *arg != Type::Param(param);
                self.flows.push(Flow { from: (owner, param), to: (target, n), grows, place });
            }
            // What stands in an argument has arguments of its own.
            self.inside(owner, arg, place);
        }
    }

    fn inside(&mut self, owner: Owner, arg: &Type, place: Option<Span>) {
        match arg {
            Type::Param(_) => {}
            Type::Struct(..) | Type::Union(..) => self.ty(owner, arg, place),
            other => other.parts().into_iter().for_each(|part| self.inside(owner, part, place)),
        }
    }

    /// What is handed to a live parameter is live.
    fn spread(&mut self) {
        let mut sources: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for flow in &self.flows {
            sources.entry(flow.to).or_default().push(flow.from);
        }
        let mut open: Vec<Node> = self.live.iter().copied().collect();
        while let Some(node) = open.pop() {
            for source in sources.get(&node).into_iter().flatten() {
                if self.live.insert(*source) {
                    open.push(*source);
                }
            }
        }
    }
}

/// For each parameter the number of its strongly connected component (Kosaraju).
fn circles(flows: &[Flow]) -> BTreeMap<Node, usize> {
    let (mut next, mut back): (BTreeMap<Node, Vec<Node>>, BTreeMap<Node, Vec<Node>>) = Default::default();
    for flow in flows {
        next.entry(flow.from).or_default().push(flow.to);
        back.entry(flow.to).or_default().push(flow.from);
    }
    let mut finished = Vec::new();
    let mut seen = BTreeSet::new();
    for &start in next.keys() {
        let mut way = vec![(start, 0)];
        if !seen.insert(start) {
            continue;
        }
        while let Some((node, at)) = way.last_mut() {
            let following = next.get(node).and_then(|targets| targets.get(*at)).copied();
            *at += 1;
            match following {
                Some(target) if seen.insert(target) => way.push((target, 0)),
                Some(_) => {}
                None => {
                    finished.push(*node);
                    way.pop();
                }
            }
        }
    }
    let mut component = BTreeMap::new();
    for (number, root) in finished.into_iter().rev().enumerate() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if component.contains_key(&node) {
                continue;
            }
            component.insert(node, number);
            open.extend(back.get(&node).into_iter().flatten().copied());
        }
    }
    component
}
