//! Random valid schemas: the same seed gives the same text. Tests and campaigns compile them; a schema that is not
//! accepted, or whose output does not compile, is a bug of the compiler.

mod bodies;
mod random;
mod types;
mod units;

pub use random::Random;
use std::collections::BTreeMap;
use types::{Declared, Kind};

/// The access levels that every project declares, lowest first.
const LEVELS: [&str; 3] = ["Public", "Member", "Owner"];

/// The files of a project with the packages `smith.s0`, `smith.s1`, ..: path to text. Package `n` depends on `seed + n` only,
/// and on the package in front of it, from which every second one imports.
pub fn project(seed: u64, n_packages: usize) -> BTreeMap<String, String> {
    let levels: Vec<String> = LEVELS.iter().enumerate().map(|(n, name)| format!("{name} = {}", n * 10)).collect();
    let access = format!("edition 2026\npackage smith.levels\n\naccess {{ {} }}\n", levels.join(", "));
    let packages = (0..n_packages).map(|n| (format!("s{n}.rss"), package(seed, n)));
    std::iter::once(("levels.rss".to_owned(), access)).chain(packages).collect()
}

/// The text of package `n`.
fn package(seed: u64, n: usize) -> String {
    let mut smith = Smith::new(seed.wrapping_add(n as u64));
    let mut head = format!("//! Package {n}.\nedition 2026\npackage smith.s{n}\n");
    if n % 2 == 1 {
        let before = Smith::new(seed.wrapping_add(n as u64 - 1)).declare_all().1;
        head += &smith.import(n - 1, before);
    }
    let (body, _) = smith.declare_all();
    format!("{head}\n{body}")
}

/// The state of one package under construction.
struct Smith {
    random: Random,
    out: String,
    /// What may be used as a type so far.
    declared: Vec<Declared>,
    n_names: usize,
}

impl Smith {
    fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), out: String::new(), declared: Vec::new(), n_names: 0 }
    }

    /// Declares a few items of every kind and gives the text and what others may import.
    fn declare_all(mut self) -> (String, Vec<Declared>) {
        let n_imported = self.declared.len();
        for _ in 0..self.random.between(4, 14) {
            self.docs("");
            match self.random.below(12) {
                0 => self.alias(),
                1 => self.newtype(),
                2 | 3 => self.enumeration(),
                4 | 5 => drop(self.union("union")),
                6 => self.constant(),
                _ => self.structure(),
            }
        }
        if self.random.chance(2, 3) {
            self.units();
        }
        (self.out, self.declared.split_off(n_imported))
    }

    /// An import of what package `n` declares, in one of its three forms. Only named items are used afterwards.
    fn import(&mut self, n: usize, mut items: Vec<Declared>) -> String {
        if items.is_empty() {
            return format!("import smith.s{n} as before\n");
        }
        let path = format!("smith.s{n}");
        if self.random.chance(1, 2) {
            let prefixed = items.into_iter().map(|item| Declared { name: format!("before.{}", item.name), ..item });
            self.declared.extend(prefixed);
            return format!("import {path} as before\n");
        }
        // Arguments stand at the use, not in the import.
        items.retain(|item| !item.name.contains('<'));
        if items.is_empty() {
            return format!("import {path} as before\n");
        }
        items.truncate(self.random.between(1, 6));
        let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        let line = format!("import {path}.{{{}}}\n", names.join(", "));
        // Names of this package are numbered from where the imported ones end, so that none is declared twice.
        self.n_names = 1000;
        self.declared.extend(items);
        line
    }

    /// Maybe a doc comment, with characters that must not end a comment or start an escape in the output.
    fn docs(&mut self, indent: &str) {
        const TEXTS: [&str; 6] = [
            "Plain words.",
            "Ends */ a comment.",
            "`code` and \\u{0} \"quotes\"",
            "Ünïcode ✓ 漢字",
            "/// more */ // x",
            "#![deny] ${x} `",
        ];
        if self.random.chance(1, 3) {
            let text = *self.random.pick(&TEXTS);
            self.out += &format!("{indent}/// {text}\n");
        }
    }

    /// A new name for a type.
    fn type_name(&mut self) -> String {
        const WORDS: [&str; 14] = [
            "Board", "Player", "HTTPLog", "Item", "X", "Type", "Error", "State", "Match", "Point3D", "Impl", "Async",
            "Data", "Zz",
        ];
        self.n_names += 1;
        format!("{}{}", self.random.pick(&WORDS), self.n_names)
    }

    /// Remembers a type for use from here on.
    fn declare(&mut self, name: String, kind: Kind) {
        self.declared.push(Declared { name, kind });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    #[test]
    fn what_is_made_is_valid() {
        let files = project(1, 200);
        let mut sources = SourceMap::new();
        for (path, text) in &files {
            sources.add(path, text);
        }
        let found = crate::analyze(&sources).diagnostics;
        let shown = crate::diag::render::render(&sources, &found, crate::diag::render::Format::Human, false);
        assert!(found.is_empty(), "{shown}");
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(project(7, 4), project(7, 4));
        assert_ne!(project(7, 1), project(8, 1));
    }
}
