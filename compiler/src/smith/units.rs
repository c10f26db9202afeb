//! Stores and services.

use super::types::{Kind, Ty};
use super::{LEVELS, Smith};

impl Smith {
    /// A few errors, stores and services.
    pub(super) fn units(&mut self) {
        let errors: Vec<String> = (0..self.random.between(0, 2)).map(|_| self.union("error")).collect();
        let states = self.names(|kind| kind == Kind::State);
        for n in 0..self.random.between(1, 3) {
            self.docs("");
            let access = self.access();
            let name = format!("{}{n}", self.random.pick(&["Board", "Lobby", "Auth", "Feed"]));
            if states.is_empty() || self.random.chance(1, 4) {
                self.out += &format!("service Service{name}{access} {{\n");
            } else {
                let state = self.random.pick(&states).clone();
                let key = match self.random.below(3) {
                    0 => String::new(),
                    1 => format!("[key: {}]", self.key()),
                    _ => format!("[game: string, table: {}]", self.key()),
                };
                self.out += &format!("store Store{name}{key}: {state}{access} {{\n");
            }
            for m in 0..self.random.between(0, 5) {
                self.docs("    ");
                self.method(m, &errors);
            }
            self.out += "}\n\n";
        }
    }

    fn method(&mut self, m: usize, errors: &[String]) {
        let parameters = self.parameters();
        let access = self.access();
        let line = match self.random.below(5) {
            0 => format!("send tell{m}({parameters}){access}"),
            1 => format!("event happened{m}({parameters}){access}"),
            _ => {
                let stream = if self.random.chance(1, 4) { "stream " } else { "" };
                let result = match self.random.chance(2, 3) {
                    true => format!(" -> {stream}{}", self.ty().text),
                    false => String::new(),
                };
                let throws = match errors.is_empty() || self.random.chance(1, 2) {
                    true => String::new(),
                    false => format!(" throws {}", self.random.pick(errors)),
                };
                format!("rpc ask{m}({parameters}){result}{throws}{access}")
            }
        };
        self.out += &format!("    {line}\n");
    }

    fn parameters(&mut self) -> String {
        const NAMES: [&str; 5] = ["self", "type", "cell", "by", "options"];
        let mut parameters = Vec::new();
        for name in NAMES.iter().take(self.random.below(4)) {
            if self.random.chance(1, 8) {
                parameters.push("_: varint".to_owned());
            }
            let Ty { text, default, .. } = self.ty();
            parameters.push(format!("{name}: {text}{}", default.map(|d| format!(" = {d}")).unwrap_or_default()));
        }
        parameters.join(", ")
    }

    fn access(&mut self) -> String {
        if self.random.chance(1, 4) { format!(" @access({})", self.random.pick(&LEVELS)) } else { String::new() }
    }
}
