//! The built-in annotations, in one table: the checker, suggestions, the grammar for editors and the table of the language
//! page are all made from it. An annotation stands in it when all it promises is there.

/// What an annotation may stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `fields struct`, `partials struct`, `serializers struct`.
    Struct,
    /// `open enum`, `closed enum`.
    Enum,
    /// `open union`, `closed union`.
    Union,
    /// `error`.
    Error,
    /// `alias`.
    Alias,
    /// `newtype`.
    Newtype,
    /// `const`.
    Const,
    /// `store`.
    Store,
    /// `service`.
    Service,
    /// `view`.
    View,
    /// A field of a struct.
    Field,
    /// A field of a payload of a union or error.
    PayloadField,
    /// A member of an enum.
    Member,
    /// A case of a union or error.
    Case,
    /// `rpc`.
    Rpc,
    /// `send`.
    Send,
    /// `event`.
    Event,
    /// A parameter of an rpc, send or event.
    Param,
    /// A part of a store's key.
    KeyPart,
    /// `annotation`.
    Annotation,
    /// `package`: all of a file.
    Package,
}

impl Place {
    /// All of them.
    pub const ALL: [Place; 21] = [
        Self::Struct,
        Self::Enum,
        Self::Union,
        Self::Error,
        Self::Alias,
        Self::Newtype,
        Self::Const,
        Self::Store,
        Self::Service,
        Self::View,
        Self::Field,
        Self::PayloadField,
        Self::Member,
        Self::Case,
        Self::Rpc,
        Self::Send,
        Self::Event,
        Self::Param,
        Self::KeyPart,
        Self::Annotation,
        Self::Package,
    ];

    /// In words, many of them.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Struct => "structs",
            Self::Enum => "enums",
            Self::Union => "unions",
            Self::Error => "errors",
            Self::Alias => "aliases",
            Self::Newtype => "newtypes",
            Self::Const => "constants",
            Self::Store => "stores",
            Self::Service => "services",
            Self::View => "views",
            Self::Field => "fields of structs",
            Self::PayloadField => "fields of payloads",
            Self::Member => "enum members",
            Self::Case => "cases",
            Self::Rpc => "rpcs",
            Self::Send => "sends",
            Self::Event => "events",
            Self::Param => "parameters",
            Self::KeyPart => "parts of a key",
            Self::Annotation => "annotations",
            Self::Package => "packages",
        }
    }
}

/// What an argument of a built-in annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of an access level.
    Level,
    /// The name of a lint rule.
    Rule,
    /// Text, or the name of a constant of type `string`.
    Text,
    /// A whole number in this range, or what is computed to one.
    Int(i128, i128),
    /// A time, e.g. `500ms`, `30s`, `5min`, `2h`.
    Duration,
    /// One of these words.
    Word(&'static [Word]),
    /// A number of the type that is limited, or `_` for no limit.
    Limit,
    /// A value whose type depends on what the annotation stands on; its rule looks at it.
    Value,
}

/// A word that an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub text: &'static str,
    /// It carries a number: `retained(10)`. What the number is, in a word, and its range.
    pub number: Option<(&'static str, i128, i128)>,
}

/// An argument of a built-in annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg {
    /// It may be given by this name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Must it be given?
    pub required: bool,
}

/// A built-in annotation.
#[derive(Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Without the `@`.
    pub name: &'static str,
    /// In the order in which they are given without names; those that must be given come first.
    pub args: &'static [Arg],
    /// Where it may stand.
    pub targets: &'static [Place],
    /// May one place have several?
    pub repeats: bool,
    /// What it does: a sentence without its full stop.
    pub effect: &'static str,
    /// What changing it means to programs that are out there.
    pub change: &'static str,
}

/// Every built-in annotation, sorted by name.
pub const BUILTIN: &[Builtin] = &[
    Builtin {
        name: "access",
        args: &[Arg { name: "level", kind: Kind::Level, required: true }],
        targets: &[Place::Store, Place::Service, Place::View, Place::Field, Place::Rpc, Place::Send, Place::Event],
        repeats: false,
        effect: "the lowest level that may use or see it",
        change: "nothing on the wire; callers below the level are `denied`, and no longer see the field",
    },
    Builtin {
        name: "allow",
        args: &[
            Arg { name: "rule", kind: Kind::Rule, required: true },
            Arg { name: "reason", kind: Kind::Text, required: true },
        ],
        targets: &Place::ALL,
        repeats: true,
        effect: "the lint rule says nothing about what it stands on and what is in there; on a `package` line: about the file",
        change: "nothing on the wire",
    },
    Builtin {
        name: "count",
        args: LIMITS,
        targets: CONSTRAINED,
        repeats: false,
        effect: "the least and most elements of a list, set or map",
        change: UNSEEN,
    },
    Builtin {
        name: "deprecated",
        args: &[
            Arg { name: "reason", kind: Kind::Text, required: true },
            Arg { name: "since", kind: Kind::Text, required: false },
        ],
        targets: DECLARABLE,
        repeats: false,
        effect: "uses are marked: `#[deprecated]` in Rust, `@deprecated` in TypeScript",
        change: "nothing on the wire",
    },
    Builtin {
        name: "len",
        args: LIMITS,
        targets: CONSTRAINED,
        repeats: false,
        effect: "the least and greatest length: Unicode scalars of a string, bytes of `bytes`",
        change: UNSEEN,
    },
    Builtin {
        name: "pattern",
        args: &[Arg { name: "pattern", kind: Kind::Text, required: true }],
        targets: CONSTRAINED,
        repeats: false,
        effect: "what the whole of a string matches",
        change: UNSEEN,
    },
    Builtin {
        name: "range",
        args: LIMITS,
        targets: CONSTRAINED,
        repeats: false,
        effect: "the least and greatest value of an integer, `f32` or `f64`",
        change: UNSEEN,
    },
];

/// Everything that has a name of its own in generated code.
const DECLARABLE: &[Place] = &[
    Place::Struct,
    Place::Enum,
    Place::Union,
    Place::Error,
    Place::Alias,
    Place::Newtype,
    Place::Const,
    Place::Store,
    Place::Service,
    Place::View,
    Place::Field,
    Place::PayloadField,
    Place::Member,
    Place::Case,
    Place::Rpc,
    Place::Send,
    Place::Event,
    Place::Annotation,
];

/// The arguments of constraints that have two limits.
const LIMITS: &[Arg] =
    &[Arg { name: "low", kind: Kind::Limit, required: true }, Arg { name: "high", kind: Kind::Limit, required: true }];

/// Where constraints stand.
const CONSTRAINED: &[Place] = &[Place::Newtype, Place::Field, Place::PayloadField, Place::Param, Place::KeyPart];

/// What changing a constraint means.
const UNSEEN: &str = "nothing on the wire; each end refuses by the schema that it was made from";

/// Annotations that later versions will have; until then they are refused, and nobody may declare one of these names.
pub const LATER: &[&str] =
    &["deadline", "delivery", "demand", "idempotent", "key", "linger", "max_bytes", "quantize", "unknown"];

/// The built-in annotation with this name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    BUILTIN.iter().find(|builtin| builtin.name == name)
}

/// Is it the name of an annotation that this or a later version has built in?
pub fn is_taken(name: &str) -> bool {
    find(name).is_some() || LATER.contains(&name)
}

impl Builtin {
    /// How it is written: `@access(level)`, `@deprecated(reason, since?)`.
    pub fn form(&self) -> String {
        let args = self.args.iter().map(|arg| format!("{}{}", arg.name, if arg.required { "" } else { "?" }));
        match self.args {
            [] => format!("@{}", self.name),
            _ => format!("@{}({})", self.name, args.collect::<Vec<_>>().join(", ")),
        }
    }

    /// Its arguments with what they are, for documentation.
    fn arguments(&self) -> String {
        let args = self.args.iter().map(|arg| {
            let optional = if arg.required { "" } else { ", optional" };
            format!("`{}`: {}{optional}", arg.name, arg.kind.words())
        });
        args.collect::<Vec<_>>().join("; ")
    }

    /// Where it may stand, in words.
    pub fn places(&self) -> String {
        in_words(self.targets)
    }
}

/// Places in words.
pub fn in_words(places: &[Place]) -> String {
    let missing: Vec<_> = Place::ALL.into_iter().filter(|place| !places.contains(place)).collect();
    match missing.len() < places.len() / 2 {
        true if missing.is_empty() => "everything".to_owned(),
        true => format!("everything but {}", list(&missing, "and")),
        false => list(places, "and"),
    }
}

impl Kind {
    /// What it takes, in words.
    pub fn words(self) -> String {
        match self {
            Self::Level => "an access level".to_owned(),
            Self::Rule => "the name of a lint rule".to_owned(),
            Self::Text => "a string".to_owned(),
            Self::Int(low, high) => format!("a whole number from {low} to {high}"),
            Self::Limit => "a number, or `_` for no limit".to_owned(),
            Self::Duration => "a time, e.g. `30s`".to_owned(),
            Self::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{}`", word.form())).collect();
                joined(&words, "or")
            }
            Self::Value => "a value of the type it stands on".to_owned(),
        }
    }
}

impl Word {
    /// How it is written: `latest`, `retained(n)`.
    pub fn form(&self) -> String {
        match self.number {
            Some((what, ..)) => format!("{}({what})", self.text),
            None => self.text.to_owned(),
        }
    }
}

fn list(targets: &[Place], word: &str) -> String {
    joined(&targets.iter().map(|t| t.plural().to_owned()).collect::<Vec<_>>(), word)
}

fn joined(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

/// The table of the language page, in Markdown.
pub fn table() -> String {
    let mut out =
        String::from("| annotation | arguments | stands on | effect | changing it |\n|---|---|---|---|---|\n");
    for builtin in BUILTIN {
        let cells = [
            format!("`{}`", builtin.form()),
            builtin.arguments(),
            builtin.places(),
            builtin.effect.to_owned(),
            builtin.change.to_owned(),
        ];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(BUILTIN.windows(2).all(|w| w[0].name < w[1].name));
        assert!(LATER.windows(2).all(|w| w[0] < w[1]));
        assert!(LATER.iter().all(|later| find(later).is_none()));
        for builtin in BUILTIN {
            assert!(!builtin.targets.is_empty() && builtin.targets.windows(2).all(|w| w[0] < w[1]), "{}", builtin.name);
            let required = builtin.args.iter().skip_while(|arg| arg.required);
            assert!(required.clone().all(|arg| !arg.required), "{}: optional arguments come last", builtin.name);
        }
    }
}
