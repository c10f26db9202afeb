//! Structs and unions.

use super::types::{Kind, Ty};
use super::{LEVELS, Smith};

/// Names that mean something in one of the languages, in generated code or to the compiler.
const NAMES: [&str; 34] = [
    "type",
    "fn",
    "self",
    "match",
    "async",
    "class",
    "new",
    "default",
    "in",
    "let",
    "delete",
    "constructor",
    "toString",
    "length",
    "name",
    "value",
    "row",
    "r",
    "w",
    "v",
    "init",
    "draft",
    "patch",
    "key",
    "next",
    "list",
    "map",
    "x",
    "hp",
    "turn",
    "createdAt",
    "isOpen",
    "id",
    "arguments",
];

/// Whose fields they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// Of a `fields` or `partials` struct.
    Evolvable,
    /// Of a `serializers` struct: without ids.
    Frozen,
    /// Of a union's case: with ids, without access.
    Payload,
}

impl Smith {
    pub(super) fn structure(&mut self) {
        let name = self.type_name();
        let (level, body, kind) = match self.random.below(5) {
            0 => ("serializers", Body::Frozen, Kind::Plain),
            1 | 2 => ("fields", Body::Evolvable, Kind::Plain),
            _ => ("partials", Body::Evolvable, Kind::State),
        };
        let is_generic = body == Body::Evolvable && self.random.chance(1, 4);
        let params = if is_generic { "<T: zero>" } else { "" };
        self.out += &format!("{level} struct {name}{params} {{\n");
        let n_declared = self.declared.len();
        if is_generic {
            self.declare("T".to_owned(), Kind::Plain);
        } else if body == Body::Evolvable {
            self.declare(name.clone(), Kind::Itself);
        }
        self.fields("    ", body);
        if is_generic {
            // Whatever was drawn, the parameter is used.
            let line = self.out.rfind("    next ").map_or(self.out.len(), |at| at + "    next ".len());
            let next: String = self.out[line..].chars().take_while(char::is_ascii_digit).collect();
            let id: usize = next.parse().unwrap_or(1);
            self.out.replace_range(line..line + next.len(), &(id + 1).to_string());
            self.out += &format!("    {id} held: T\n");
        }
        self.declared.truncate(n_declared);
        self.out += "}\n\n";
        if !is_generic {
            return self.declare(name, kind);
        }
        for argument in ["u8", "string", "list<f64>"] {
            self.declare(format!("{name}<{argument}>"), kind);
        }
    }

    /// The lines of a body.
    fn fields(&mut self, indent: &str, body: Body) {
        let has_ids = body != Body::Frozen;
        let mut names: Vec<&str> = NAMES.to_vec();
        let (mut id, mut lines, mut gaps) = (0, Vec::new(), Vec::new());
        for _ in 0..self.random.between(usize::from(!has_ids), 12) {
            id += 1;
            while has_ids && self.random.chance(1, 8) {
                let shape = *self.random.pick(&["bit", "varint", "fixed4", "fixed8", "fixed16", "len"]);
                gaps.push(if self.random.chance(1, 4) {
                    format!("unused {id}")
                } else {
                    format!("retired {id} {shape}")
                });
                id += 1;
            }
            let name = names.swap_remove(self.random.below(names.len()));
            lines.push((id, name, self.ty()));
        }
        if has_ids {
            self.out += &format!("{indent}next {}\n", id + 1);
            for gap in gaps {
                self.out += &format!("{indent}{gap}\n");
            }
        }
        for (id, name, ty) in lines {
            self.docs(indent);
            let number = if has_ids { format!("{id} ") } else { String::new() };
            let Ty { text, can_be_absent, default } = ty;
            let default = default.map(|value| format!(" = {value}")).unwrap_or_default();
            let access = match can_be_absent && body == Body::Evolvable && self.random.chance(1, 5) {
                true => format!(" @access({})", self.random.pick(&LEVELS[1..])),
                false => String::new(),
            };
            self.out += &format!("{indent}{number}{name}: {text}{default}{access}\n");
        }
    }

    /// A union, or an error if `word` says so.
    pub(super) fn union(&mut self, word: &str) -> String {
        let name = self.type_name();
        let open = if word == "error" { "" } else { *self.random.pick(&["open ", "closed "]) };
        let n_cases = self.random.between(1, 5);
        self.out += &format!("{open}{word} {name} {{\n    next {}\n", n_cases + 1);
        for id in 1..=n_cases {
            let case = format!("{}{id}", self.random.pick(&["Circle", "Nothing", "Err", "Moved", "Self", "Default"]));
            if id > 1 && self.random.chance(1, 8) {
                self.out += &format!("    reserved {id}\n");
            } else if self.random.chance(1, 3) {
                self.out += &format!("    {id} {case}\n");
            } else {
                self.out += &format!("    {id} {case} {{\n");
                self.fields("        ", Body::Payload);
                self.out += "    }\n";
            }
        }
        self.out += "}\n\n";
        if word != "error" {
            self.declare(name.clone(), Kind::NoZero);
        }
        name
    }
}
