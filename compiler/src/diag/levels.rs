//! What lint rules are worth: nothing, a warning, an error.

use super::{Code, Diagnostic, Severity};
use std::collections::BTreeMap;

/// The word for all rules that would warn.
pub const WARNINGS: &str = "warnings";

/// What a finding of a rule is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// It is not told.
    Allow,
    /// It is a warning.
    #[default]
    Warn,
    /// It is an error.
    Deny,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Allow, Self::Warn, Self::Deny];

    /// As it is written in rss.toml.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }
}

/// The levels of all rules. One that is not set warns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    rules: BTreeMap<&'static str, Level>,
    /// What warnings are worth.
    warnings: Level,
}

impl Levels {
    /// Sets the level of a rule, or of [`WARNINGS`].
    pub fn set(&mut self, rule: &'static str, level: Level) {
        match rule {
            WARNINGS => self.warnings = level,
            rule => drop(self.rules.insert(rule, level)),
        }
    }

    /// The level of a rule.
    pub fn of(&self, rule: &Code) -> Level {
        match self.rules.get(rule.id).copied().unwrap_or_default() {
            Level::Warn => self.warnings,
            level => level,
        }
    }

    /// Findings of rules with the severity that their levels give them; without those that are allowed.
    pub fn apply(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let judged = found.into_iter().filter_map(|d| match self.of(d.code) {
            Level::Allow => None,
            Level::Warn => Some(d),
            Level::Deny => Some(Diagnostic { severity: Severity::Error, ..d }),
        });
        judged.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::{NAME_CASE, TYPE_CASE};
    use super::*;

    #[test]
    fn warnings_are_what_is_left_of_the_rules() {
        let mut levels = Levels::default();
        assert_eq!(levels.of(&NAME_CASE), Level::Warn);
        levels.set(WARNINGS, Level::Deny);
        levels.set(NAME_CASE.id, Level::Allow);
        assert_eq!([levels.of(&NAME_CASE), levels.of(&TYPE_CASE)], [Level::Allow, Level::Deny]);
        levels.set(NAME_CASE.id, Level::Warn);
        assert_eq!(levels.of(&NAME_CASE), Level::Deny);
    }
}
