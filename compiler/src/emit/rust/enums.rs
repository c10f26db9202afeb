//! Enums: the type, its numbers, its codec.

use super::Package;
use super::docs::docs;
use super::types::{Collections, rust_type};
use crate::emit::writer::Writer;
use crate::ir;

/// Writes an enum.
pub(super) fn emit(g: &Package<'_>, w: &mut Writer, id: ir::EnumId) {
    declaration(g, w, id);
    numbers(g, w, id);
    codec(g, w, id);
    let name = &g.names.enums[id.0 as usize].name;
    w.line(format_args!("{}!({name});", g.rt("leaf")));
}

fn declaration(g: &Package<'_>, w: &mut Writer, id: ir::EnumId) {
    let (decl, names) = (&g.schema[id], &g.names.enums[id.0 as usize]);
    let has_zero = decl.members.iter().any(|member| member.number == 0);
    docs(w, &decl.docs);
    let default = if has_zero { "Default, " } else { "" };
    w.line(format_args!("#[derive(Clone, Copy, Debug, {default}PartialEq, Eq, PartialOrd, Ord, Hash)]"));
    w.block(format_args!("pub enum {}", names.name), |w| {
        for (member, name) in decl.members.iter().zip(&names.members) {
            docs(w, &member.docs);
            if member.number == 0 {
                w.line("#[default]");
            }
            w.line(format_args!("{name},"));
        }
        if decl.open {
            w.line("/// A number that this program does not know.");
            w.line(format_args!("Unrecognized({}),", repr(g, decl)));
        }
    });
}

fn repr(g: &Package<'_>, decl: &ir::Enum) -> String {
    rust_type(g, &decl.repr, Collections::Plain)
}

fn numbers(g: &Package<'_>, w: &mut Writer, id: ir::EnumId) {
    let (decl, names) = (&g.schema[id], &g.names.enums[id.0 as usize]);
    let repr = repr(g, decl);
    let members = || decl.members.iter().zip(&names.members);
    w.blank();
    w.block(format_args!("impl {}", names.name), |w| {
        if decl.open {
            w.line("/// The value with this number.");
            w.block(format_args!("pub const fn from_number(number: {repr}) -> Self"), |w| {
                w.block("match number", |w| {
                    for (member, name) in members() {
                        w.line(format_args!("{} => Self::{name},", member.number));
                    }
                    w.line("other => Self::Unrecognized(other),");
                });
            });
        } else {
            w.line("/// The member with this number, if there is one.");
            w.block(format_args!("pub const fn from_number(number: {repr}) -> {}<Self>", g.prelude("Option")), |w| {
                w.block("match number", |w| {
                    for (member, name) in members() {
                        w.line(format_args!("{} => {}(Self::{name}),", member.number, g.prelude("Some")));
                    }
                    w.line(format_args!("_ => {},", g.prelude("None")));
                });
            });
        }
        w.blank();
        w.line("/// The number that travels.");
        w.block(format_args!("pub const fn number(self) -> {repr}"), |w| {
            w.block("match self", |w| {
                for (member, name) in members() {
                    w.line(format_args!("Self::{name} => {},", member.number));
                }
                if decl.open {
                    w.line("Self::Unrecognized(other) => other,");
                }
            });
        });
    });
}

fn codec(g: &Package<'_>, w: &mut Writer, id: ir::EnumId) {
    let (decl, name) = (&g.schema[id], &g.names.enums[id.0 as usize].name);
    let openness = if decl.open { "open" } else { "closed" };
    w.blank();
    w.line(format_args!("{}!({name}, {}, {openness});", g.rt("enum_value"), repr(g, decl)));
}
