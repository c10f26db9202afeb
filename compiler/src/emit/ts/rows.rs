//! Rows: the fields of a struct, of a payload or of an implicit struct, to bytes and back.

use super::expr::Expr;
use super::module::Module;
use super::types::{Form, default_test, default_value, is_true, read, ts_type, write};
use crate::emit::writer::Writer;
use crate::ir::{self, Shape, Type};

/// Writes numbers in lines as full as they can be, as formatters do with short elements.
pub(super) fn fill(w: &mut Writer, open: &str, items: &[String], close: &str) {
    let flat = format!("{open}{}{close}", items.join(", "));
    if w.fits(&flat) {
        return w.line(flat);
    }
    w.enclosed(open, close, |w| {
        let mut line = String::new();
        for item in items {
            let next = if line.is_empty() { format!("{item},") } else { format!("{line} {item},") };
            if !line.is_empty() && !w.fits(&next) {
                w.line(&line);
                line = format!("{item},");
            } else {
                line = next;
            }
        }
        w.line(line);
    });
}

/// Writes an exported function.
pub(super) fn function(
    w: &mut Writer,
    name: &str,
    parameters: &[String],
    result: &str,
    body: impl FnOnce(&mut Writer),
) {
    w.list(format!("export function {name}("), parameters, &format!("): {result} {{"));
    w.enclosed_rest("}", body);
}

/// Writes a function that takes a writer and a value.
pub(super) fn write_fn(
    m: &Module<'_>,
    w: &mut Writer,
    name: &str,
    (variable, ty): (&str, &str),
    body: impl FnOnce(&mut Writer),
) {
    let parameters = [format!("w: {}", m.rs("Writer")), format!("{variable}: {ty}")];
    function(w, name, &parameters, "void", body);
}

/// Writes a function that takes a reader.
pub(super) fn read_fn(m: &Module<'_>, w: &mut Writer, name: &str, result: &str, body: impl FnOnce(&mut Writer)) {
    function(w, name, &[format!("r: {}", m.rs("Reader"))], result, body);
}

/// Writes a type with arguments: on one line, or one argument per line.
pub(super) fn generic(w: &mut Writer, before: &str, arguments: &[String], after: &str) {
    let flat = format!("{before}<{}>{after}", arguments.join(", "));
    if w.fits(&flat) {
        return w.line(flat);
    }
    w.enclosed(format_args!("{before}<"), &format!(">{after}"), |w| {
        for (n, argument) in arguments.iter().enumerate() {
            w.line(format_args!("{argument}{}", if n + 1 == arguments.len() { "" } else { "," }));
        }
    });
}

/// The properties of a body in one form, as lines of an interface.
pub(super) fn properties(m: &Module<'_>, w: &mut Writer, body: &ir::Body, names: &[String], form: Form) {
    for (field, name) in body.fields.iter().zip(names) {
        super::docs::docs(w, &field.docs);
        w.line(property(m, field, name, form, form == Form::Init));
    }
}

/// One property of an interface.
pub(super) fn property(m: &Module<'_>, field: &ir::Field, name: &str, form: Form, optional: bool) -> String {
    format!("readonly {name}{}: {};", if optional { "?" } else { "" }, ts_type(m, &field.ty, form))
}

/// A declared or retired id.
pub(super) enum Slot<'a> {
    /// The field, its property and its variable.
    Field(&'a ir::Field, &'a str, &'a str),
    Retired(ir::Retired),
}

impl Slot<'_> {
    pub(super) fn id(&self) -> u32 {
        match self {
            Slot::Field(field, ..) => field.id,
            Slot::Retired(retired) => retired.id,
        }
    }

    /// The id, if a reader asks whether it is there.
    fn asked(&self) -> Option<u32> {
        match self {
            Slot::Field(field, ..) => Some(field.id),
            Slot::Retired(retired) => (retired.shape != Shape::Bit).then_some(retired.id),
        }
    }
}

/// Everything a reader knows about, by id.
pub(super) fn slots<'a>(body: &'a ir::Body, names: &'a [String], variables: &'a [String]) -> Vec<Slot<'a>> {
    let fields = body.fields.iter().zip(names).zip(variables);
    let fields = fields.map(|((field, name), variable)| Slot::Field(field, name, variable));
    let mut slots: Vec<_> = fields.chain(body.retired.iter().map(|&retired| Slot::Retired(retired))).collect();
    slots.sort_by_key(Slot::id);
    slots
}

/// Writes the row of `v`, some of whose properties may be missing.
pub(super) fn write_row(m: &Module<'_>, w: &mut Writer, body: &ir::Body, names: &[String], form: Form) {
    let begin = format!("{}(w, {});", m.rs("beginRow"), body.slots);
    if body.fields.is_empty() {
        return w.line(begin);
    }
    w.line(format_args!("const row = {begin}"));
    w.line("let mask = 0;");
    let mut word = 0;
    for slot in slots(body, names, names) {
        let Slot::Field(field, name, _) = slot else { continue };
        while word_of(field.id) > word {
            write_mask(m, w, body, word);
            w.line("mask = 0;");
            word += 1;
        }
        let value = format!("v.{name}");
        condition(w, &presence(m, field, &value, form), |w| {
            w.line(format_args!("mask |= {};", bit(field.id)));
            match &field.ty {
                Type::Bool => {}
                Type::Optional(inner) if **inner == Type::Bool => {
                    w.line(format_args!("{}(w, {value});", m.rs("writeBoolVarint")));
                }
                ty => write(m, ty, &value).write(w, "", ";"),
            }
        });
    }
    write_mask(m, w, body, word);
    for word in word + 1..=word_of(body.slots) {
        w.line("mask = 0;");
        write_mask(m, w, body, word);
    }
}

/// Which 32 bits of a bitmap hold an id.
fn word_of(id: u32) -> u32 {
    (id - 1) / 32
}

/// The bit of an id in its word.
fn bit(id: u32) -> String {
    format!("0x{:x}", 1u32 << ((id - 1) % 32))
}

/// Stores the bits of one word, gathered in `mask`.
fn write_mask(m: &Module<'_>, w: &mut Writer, body: &ir::Body, word: u32) {
    let row = if word == 0 { "row".to_owned() } else { format!("row + {}", 4 * word) };
    w.line(format_args!("{}(w, {row}, {}, mask);", m.rs("writeMask"), body.slots - 32 * word));
}

fn presence(m: &Module<'_>, field: &ir::Field, value: &str, form: Form) -> Vec<String> {
    match &field.ty {
        Type::Bool => vec![format!("{value} === {}", !is_true(field))],
        Type::Optional(_) => vec![format!("{value} !== undefined")],
        _ if form == Form::Full => vec![default_test(m, field, value, false)],
        _ => vec![format!("{value} !== undefined"), default_test(m, field, value, false)],
    }
}

/// Writes an `if` with its conditions joined by `&&`.
fn condition(w: &mut Writer, conditions: &[String], body: impl FnOnce(&mut Writer)) {
    let flat = format!("if ({}) {{", conditions.join(" && "));
    if conditions.len() == 1 || w.fits(&flat) {
        return w.enclosed(flat, "}", body);
    }
    w.line("if (");
    w.indented(|w| and_lines(w, conditions));
    w.enclosed(") {", "}", body);
}

fn and_lines(w: &mut Writer, conditions: &[String]) {
    let flat = conditions.join(" && ");
    if w.fits(&flat) {
        return w.line(flat);
    }
    for (n, condition) in conditions.iter().enumerate() {
        let end = if n + 1 == conditions.len() { "" } else { " &&" };
        w.line(format_args!("{condition}{end}"));
    }
}

/// Writes `return a && b && c;`.
pub(super) fn return_all(w: &mut Writer, conditions: &[String]) {
    if let [only] = conditions {
        let bare = only.strip_prefix('(').and_then(|only| only.strip_suffix(')'));
        // Nothing stands in parentheses that has none around it: `(a ?? 0) === 0` ends without one.
        return w.line(format_args!("return {};", bare.unwrap_or(only)));
    }
    let flat = format!("return {};", conditions.join(" && "));
    if conditions.len() < 2 || w.fits(&flat) {
        return w.line(if conditions.is_empty() { "return true;" } else { &flat });
    }
    w.enclosed("return (", ");", |w| and_lines(w, conditions));
}

/// Reads a row into variables; `begin` reads its head.
pub(super) fn read_row(m: &Module<'_>, w: &mut Writer, body: &ir::Body, variables: &[String], begin: &str) {
    w.line("const row = r.pos;");
    let slots = slots(body, variables, variables);
    let asked: Vec<u32> = slots.iter().filter_map(Slot::asked).collect();
    let declare = match asked.last() {
        None => String::new(),
        Some(&id) => format!("{} mask = ", if word_of(id) == 0 { "const" } else { "let" }),
    };
    w.line(format_args!("{declare}{}(r);", m.rs(begin)));
    for (first, last) in body.unused() {
        w.line(format_args!("{}(r, row, {first}, {last});", m.rs("refuseIds")));
    }
    let mut word = 0;
    for slot in &slots {
        if let Some(id) = slot.asked()
            && word_of(id) > word
        {
            word = word_of(id);
            w.line(format_args!("mask = {}(r, row, {word});", m.rs("nextMask")));
        }
        match slot {
            Slot::Field(field, _, variable) => read_field(m, w, field, variable),
            Slot::Retired(retired) if retired.shape != Shape::Bit => {
                let skip = format!("{}(r, {});", m.rs("skip"), shape(m, retired.shape));
                w.line(format_args!("if ({}) {skip}", has(retired.id)));
            }
            Slot::Retired(_) => {}
        }
    }
    w.line(format_args!("{}(r, row, {});", m.rs("endRow"), body.slots));
}

/// The condition that the bit of an id is set.
fn has(id: u32) -> String {
    format!("(mask & {}) !== 0", bit(id))
}

fn read_field(m: &Module<'_>, w: &mut Writer, field: &ir::Field, variable: &str) {
    let value = match &field.ty {
        Type::Bool => {
            let sign = if is_true(field) { "===" } else { "!==" };
            return w.line(format_args!("const {variable} = (mask & {}) {sign} 0;", bit(field.id)));
        }
        Type::Optional(inner) if **inner == Type::Bool => Expr::Call(m.rs("readBoolVarint"), vec![Expr::text("r")]),
        ty => read(m, ty),
    };
    ternary(w, &format!("const {variable} ="), &has(field.id), &value, &default_value(m, field));
}

/// Writes a declaration whose value depends on a comparison: formatters break behind the equals sign first.
fn ternary(w: &mut Writer, before: &str, test: &str, yes: &Expr, no: &str) {
    let value = format!("{test} ? {} : {no};", yes.flat());
    let flat = format!("{before} {value}");
    let broken = yes.is_broken();
    if w.fits(&flat) && !broken {
        return w.line(flat);
    }
    w.line(before);
    w.indented(|w| {
        if w.fits(&value) && !broken {
            return w.line(value);
        }
        w.line(test);
        w.indented(|w| {
            yes.write_branch(w, "? ");
            w.line(format_args!(": {no};"));
        });
    });
}

/// A shape as the runtime names it.
pub(super) fn shape(m: &Module<'_>, shape: Shape) -> String {
    m.rs(match shape {
        Shape::Bit => "BIT",
        Shape::Varint => "VARINT",
        Shape::Fixed4 => "FIXED4",
        Shape::Fixed8 => "FIXED8",
        Shape::Fixed16 => "FIXED16",
        Shape::Len => "LEN",
    })
}

/// `{ name, name: variable }` as the result of a function.
pub(super) fn return_object(w: &mut Writer, first: &[String], names: &[String], variables: &[String]) {
    let pairs = names.iter().zip(variables);
    let pairs =
        pairs.map(|(name, variable)| if name == variable { name.clone() } else { format!("{name}: {variable}") });
    let items: Vec<String> = first.iter().cloned().chain(pairs).collect();
    w.spaced_list("return {", &items, "};");
}
