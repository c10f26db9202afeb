//! `-D`, `-W`, `-A`: what lint rules are worth in this run.

use crate::diag::levels::{Level, Levels, WARNINGS};
use crate::diag::{codes, suggest};
use anyhow::bail;
use clap::Args;

/// The arguments of all commands that look for lint.
#[derive(Args, Default)]
pub(super) struct Lints {
    /// Findings of this lint rule are errors (`warnings`: of all rules that warn)
    #[arg(short = 'D', long = "deny", value_name = "RULE", value_parser = rule)]
    deny: Vec<&'static str>,
    /// Findings of this lint rule are warnings
    #[arg(short = 'W', long = "warn", value_name = "RULE", value_parser = rule)]
    warn: Vec<&'static str>,
    /// Findings of this lint rule are not told
    #[arg(short = 'A', long = "allow", value_name = "RULE", value_parser = rule)]
    allow: Vec<&'static str>,
}

impl Lints {
    /// The levels of a project: what its rss.toml says, unless the command line says otherwise.
    pub(super) fn levels(&self, config: &Levels) -> Levels {
        let mut levels = config.clone();
        self.all().for_each(|(rule, level)| levels.set(rule, level));
        levels
    }

    /// Refuses a rule with two levels.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let mut all: Vec<(&str, Level)> = self.all().collect();
        all.sort_by_key(|(rule, _)| *rule);
        match all.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1) {
            Some(pair) => {
                bail!("rule `{}` is given two levels: {} and {}", pair[0].0, pair[0].1.word(), pair[1].1.word())
            }
            None => Ok(()),
        }
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, Level)> {
        let of = |rules: &[&'static str], level| rules.iter().map(move |rule| (*rule, level)).collect::<Vec<_>>();
        [of(&self.deny, Level::Deny), of(&self.warn, Level::Warn), of(&self.allow, Level::Allow)].into_iter().flatten()
    }
}

/// The rule with this name.
fn rule(name: &str) -> Result<&'static str, String> {
    let mut names = codes::RULES.iter().map(|rule| rule.id).chain([WARNINGS]);
    match names.clone().find(|known| *known == name) {
        Some(rule) => Ok(rule),
        None => Err(match suggest::closest(name, names.by_ref()) {
            Some(right) => format!("there is no lint rule `{name}`; did you mean `{right}`?"),
            None => format!("there is no lint rule `{name}`; `rssc explain` lists all"),
        }),
    }
}
