//! Structs that contain themselves, through lists, maps and options: which fields close the circle.

use std::collections::BTreeSet;

use super::{Schema, StructId, Type};

/// Finds the recursive fields: those of a struct S in whose type S occurs, but not through unions.
///
/// In columns they hold rows. Source: docs/wire-format.md, section 4.2.
pub fn find(schema: &Schema) -> BTreeSet<(StructId, u32)> {
    let component = components(schema);
    let mut recursive = BTreeSet::new();
    for (i, strukt) in schema.structs.iter().enumerate() {
        for field in &strukt.body.fields {
            let mut mentioned = Vec::new();
            mention(&field.ty, &mut mentioned);
            // Two structs of one component reach each other.
            if mentioned.iter().any(|other| component[other.0 as usize] == component[i]) {
                recursive.insert((StructId(i as u32), field.id));
            }
        }
    }
    recursive
}

/// The structs that a type is written with.
fn mention(ty: &Type, structs: &mut Vec<StructId>) {
    match ty {
        Type::Union(..) => {}
        Type::Struct(id, args) => {
            structs.push(*id);
            args.iter().for_each(|arg| mention(arg, structs));
        }
        other => other.parts().into_iter().for_each(|part| mention(part, structs)),
    }
}

/// A number for each struct, the same for those that contain each other.
///
/// Source: Tarjan, "Depth-first search and linear graph algorithms" (1972), without recursion, since chains of structs may be
/// long.
fn components(schema: &Schema) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let uses = schema.structs.iter().map(|strukt| {
        let mut structs = Vec::new();
        strukt.body.fields.iter().for_each(|field| mention(&field.ty, &mut structs));
        structs
    });
    let uses: Vec<Vec<StructId>> = uses.collect();
    let n = uses.len();
    let (mut order, mut lowest) = (vec![NEW; n], vec![NEW; n]);
    let (mut component, mut open, mut next) = (vec![NEW; n], Vec::new(), 0);
    for root in 0..n {
        // Each step: a struct and how many of those it uses have been visited.
        let mut way = if order[root] == NEW { vec![(root, 0)] } else { Vec::new() };
        while let Some((at, visited)) = way.last_mut() {
            let at = *at;
            if order[at] == NEW {
                (order[at], lowest[at]) = (next, next);
                next += 1;
                open.push(at);
            }
            if let Some(used) = uses[at].get(*visited).map(|id| id.0 as usize) {
                *visited += 1;
                if order[used] == NEW {
                    way.push((used, 0));
                } else if component[used] == NEW {
                    lowest[at] = lowest[at].min(order[used]);
                }
                continue;
            }
            way.pop();
            if let Some((user, _)) = way.last() {
                lowest[*user] = lowest[*user].min(lowest[at]);
            }
            if lowest[at] == order[at] {
                while let Some(member) = open.pop() {
                    component[member] = order[at];
                    if member == at {
                        break;
                    }
                }
            }
        }
    }
    component
}
