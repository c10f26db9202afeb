//! Enums: a union of numbers, an object that names them, a codec.

use super::docs::docs;
use super::module::Module;
use super::rows::{fill, read_fn, write_fn};
use super::types::member;
use crate::emit::writer::Writer;
use crate::ir::{self, Type};

/// Writes an enum.
pub(super) fn emit(m: &Module<'_>, w: &mut Writer, id: ir::EnumId) {
    let (decl, names) = (&m.schema[id], &m.names.enums[id.0 as usize]);
    let name = &names.name;
    let (suffix, number) = match decl.repr {
        Type::U8 => ("U8", "number"),
        Type::U16 => ("U16", "number"),
        Type::U32 => ("U32", "number"),
        _ => ("U64", "bigint"),
    };
    let numbers: Vec<String> = decl.members.iter().map(|item| member(m, id, item.number)).collect();
    docs(w, &decl.docs);
    let mut types = numbers.clone();
    if decl.open {
        types.push(format!("({number} & {{}})"));
    }
    union_of(w, name, &types);
    docs(w, &decl.docs.marks());
    members(w, decl, name, &names.members, &numbers);
    if !decl.open {
        fill(w, &format!("const {}: readonly {name}[] = [", names.numbers), &numbers, "];");
    }
    write_fn(m, w, &names.write, ("v", name), |w| {
        w.line(format_args!("{}(w, v);", m.rs(&format!("write{suffix}"))));
    });
    read_fn(m, w, &names.read, name, |w| {
        let read = m.rs(&format!("read{suffix}"));
        if decl.open {
            w.line(format_args!("return {read}(r);"));
        } else {
            w.line(format_args!("return {}(r, {read}, {});", m.rs("closed"), names.numbers));
        }
    });
    if !decl.open {
        super::columns::closed_enum(m, w, id);
    }
}

/// Writes a union type: on one line if it fits, else one member per line.
pub(super) fn union_of(w: &mut Writer, name: &str, types: &[String]) {
    let flat = match types {
        [] => format!("export type {name} = never;"),
        types => format!("export type {name} = {};", types.join(" | ")),
    };
    if types.len() < 2 || w.fits(&flat) {
        return w.line(flat);
    }
    w.line(format_args!("export type {name} ="));
    for (n, ty) in types.iter().enumerate() {
        let end = if n + 1 == types.len() { ";" } else { "" };
        w.line(format_args!("  | {ty}{end}"));
    }
}

fn members(w: &mut Writer, decl: &ir::Enum, name: &str, names: &[String], numbers: &[String]) {
    if decl.members.iter().all(|member| member.docs.is_empty()) {
        let items = names.iter().zip(numbers).map(|(name, number)| format!("{name}: {number}"));
        return w.spaced_list(format!("export const {name} = {{"), &items.collect::<Vec<_>>(), "} as const;");
    }
    w.enclosed(format_args!("export const {name} = {{"), "} as const;", |w| {
        for ((member, name), number) in decl.members.iter().zip(names).zip(numbers) {
            docs(w, &member.docs);
            w.line(format_args!("{name}: {number},"));
        }
    });
}
