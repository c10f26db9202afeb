//! An `@allow` without which nothing more would be found.

use super::Cx;
use super::allow::Allows;
use crate::diag::{Diagnostic, Fix, codes};
use crate::source::Span;

pub(super) fn find(cx: &Cx<'_>, allows: &mut Allows, found: &mut Vec<Diagnostic>) {
    // Those of this very rule come last: the others are what they may allow.
    for of_this_rule in [false, true] {
        let unused = allows.all.iter().filter(|allow| !allow.is_used);
        let wanted = unused.filter(|allow| (*allow.rule == codes::UNUSED_ALLOW) == of_this_rule);
        let unused: Vec<Diagnostic> = wanted.map(|allow| diagnostic(cx, allow.rule.id, allow.span)).collect();
        found.extend(unused.into_iter().filter(|d| of_this_rule || !allows.allow(d)));
    }
}

fn diagnostic(cx: &Cx<'_>, rule: &str, span: Span) -> Diagnostic {
    let message = format!("`@allow({rule}, ..)` allows nothing");
    let before = &cx.sources.get(span.file).text[..span.start as usize];
    // With the blanks in front, but not with a newline that ends a comment.
    let start = before.trim_end_matches([' ', '\t']).len();
    let fix = Fix::safe("remove it").edit(Span::new(span.file, start, span.end as usize), "");
    Diagnostic::warning(&codes::UNUSED_ALLOW, message, span, format!("`{rule}` would say nothing here")).fix(fix)
}
