//! Types of fields and parameters, and the small declarations: aliases, newtypes, enums, constants.

use super::Smith;

/// What a declared name can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Has a zero.
    Plain,
    /// Has a zero and can be a map key.
    Key,
    /// Has no zero: must be optional.
    NoZero,
    /// A `partials` struct: has a zero and can be the state of a store.
    State,
    /// The struct that is being declared: only behind a list or a map.
    Itself,
}

/// A name that can stand where a type is expected.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A type as text.
pub(super) struct Ty {
    pub(super) text: String,
    /// May it be hidden from a level: optional or a collection?
    pub(super) can_be_absent: bool,
    /// A default that fits, if one was drawn.
    pub(super) default: Option<String>,
}

const KEYS: [&str; 10] = ["bool", "u8", "u16", "u32", "u64", "i8", "i32", "i64", "string", "uuid"];
const SCALARS: [&str; 9] =
    ["f32", "f64", "bytes", "timestamp", "duration", "bigint", "decimal(12, 3)", "decimal(38, 0)", "i16"];

impl Smith {
    /// A type for a field.
    pub(super) fn ty(&mut self) -> Ty {
        let (text, has_zero, is_collection) = self.element(0);
        let optional = !has_zero || self.random.chance(1, 5);
        if optional {
            return Ty { text: format!("{text}?"), can_be_absent: true, default: None };
        }
        let default = if self.random.chance(1, 4) { self.default(&text) } else { None };
        Ty { text, can_be_absent: is_collection, default }
    }

    /// A type, whether it has a zero, and whether it is a collection.
    fn element(&mut self, depth: usize) -> (String, bool, bool) {
        match self.random.below(if depth < 3 { 13 } else { 8 }) {
            0..=2 => (self.key(), true, false),
            3..=4 => ((*self.random.pick(&SCALARS)).to_owned(), true, false),
            5..=7 => self.named(depth > 0),
            8..=9 => {
                let element = self.optional_element(depth);
                (format!("list<{element}>"), true, true)
            }
            10 => (format!("set<{}>", self.key()), true, true),
            _ => {
                let (key, value) = (self.key(), self.optional_element(depth));
                (format!("map<{key}, {value}>"), true, true)
            }
        }
    }

    /// What stands inside a container.
    fn optional_element(&mut self, depth: usize) -> String {
        let (text, ..) = self.element(depth + 1);
        if self.random.chance(1, 4) { format!("{text}?") } else { text }
    }

    /// A type that can be a key.
    pub(super) fn key(&mut self) -> String {
        let own: Vec<String> = self.names(|kind| kind == Kind::Key);
        if own.is_empty() || self.random.chance(2, 3) {
            return (*self.random.pick(&KEYS)).to_owned();
        }
        self.random.pick(&own).clone()
    }

    fn named(&mut self, inside_container: bool) -> (String, bool, bool) {
        let usable: Vec<Declared> =
            self.declared.iter().filter(|d| inside_container || d.kind != Kind::Itself).cloned().collect();
        if usable.is_empty() {
            return ("string".to_owned(), true, false);
        }
        let Declared { name, kind } = self.random.pick(&usable).clone();
        (name, kind != Kind::NoZero, false)
    }

    /// The declared names of some kinds.
    pub(super) fn names(&self, wanted: impl Fn(Kind) -> bool) -> Vec<String> {
        self.declared.iter().filter(|d| wanted(d.kind)).map(|d| d.name.clone()).collect()
    }

    fn default(&mut self, ty: &str) -> Option<String> {
        let texts: &[&str] = match ty {
            "bool" => &["true", "false"],
            "u8" => &["1", "255", "0xff", "2 * 100"],
            "u16" => &["65_535", "1 << 15"],
            "u32" | "u64" => &["4294967295", "7", "(3 + 4) * 2"],
            "i8" => &["-128", "127", "-1"],
            "i16" | "i32" | "i64" => &["-32768", "100 - 7", "12"],
            "f32" | "f64" => &["0.5", "-1e9", "3"],
            "string" => &[r#""""#, r#""a \"b\" \\ \u{e9}""#, r#""*/ ${x}""#],
            _ => return None,
        };
        Some((*self.random.pick(texts)).to_owned())
    }

    pub(super) fn alias(&mut self) {
        let (text, has_zero, _) = self.element(1);
        let name = self.type_name();
        // What stands in a container may name the struct around it, but nothing is around an alias.
        self.out += &format!("alias {name} = {text}\n\n");
        self.declare(name, if has_zero { Kind::Plain } else { Kind::NoZero });
    }

    pub(super) fn newtype(&mut self) {
        let name = self.type_name();
        let is_key = self.random.chance(1, 2);
        let base = if is_key { *self.random.pick(&KEYS[1..]) } else { *self.random.pick(&SCALARS) };
        self.out += &format!("newtype {name} = {base}\n\n");
        self.declare(name, if is_key { Kind::Key } else { Kind::Plain });
    }

    pub(super) fn constant(&mut self) {
        const CONSTANTS: [(&str, &str); 6] = [
            ("u8", "3 * 7"),
            ("i64", "-(1 << 40)"),
            ("f64", "1.0 / 3"),
            ("string", "\"c\""),
            ("bool", "true"),
            ("u64", "18446744073709551615"),
        ];
        self.n_names += 1;
        let (ty, value) = *self.random.pick(&CONSTANTS);
        self.out += &format!("const LIMIT_{}: {ty} = {value}\n\n", self.n_names);
    }

    pub(super) fn enumeration(&mut self) {
        let name = self.type_name();
        let open = if self.random.chance(1, 2) { "open" } else { "closed" };
        let repr = *self.random.pick(&["", ": u8", ": u16", ": u32", ": u64"]);
        let has_zero = self.random.chance(3, 4);
        let mut number = usize::from(!has_zero);
        let mut members = Vec::new();
        for n in 0..self.random.between(1, 6) {
            members.push(format!(
                "    {number} {}{n}\n",
                self.random.pick(&["Red", "On", "Ready", "None", "Some", "Ok", "_x"])
            ));
            number += self.random.between(1, 3);
        }
        self.out += &format!("{open} enum {name}{repr} {{\n{}}}\n\n", members.concat());
        self.declare(name, if has_zero { Kind::Key } else { Kind::NoZero });
    }
}
