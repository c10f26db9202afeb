//! What declarations say about themselves: comments, and annotations that generated code repeats.

use super::Cx;
use super::annotations::{Annotations, Given, Used};
use crate::diag::{Diagnostic, codes};
use crate::ir;

impl<'a> Cx<'a> {
    /// Comment lines and annotations in the checked model.
    pub(super) fn docs(&mut self, lines: &[String], annotations: &Annotations<'a>) -> ir::Docs {
        let deprecated = annotations.get("deprecated").and_then(|used| self.deprecated(used));
        ir::Docs { lines: lines.to_vec(), deprecated, annotations: annotations.declared.clone() }
    }

    fn deprecated(&mut self, used: &Used<'a>) -> Option<ir::Deprecated> {
        let line = |name: &str| match used.arg(name) {
            Some(Given::Text(text)) => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
            _ => None,
        };
        let (reason, since) = (line("reason")?, line("since").filter(|since| !since.is_empty()));
        if reason.is_empty() {
            let message = "the reason of `@deprecated` is empty";
            let label = "say what to use instead";
            self.report(Diagnostic::new(&codes::ANNOTATION_ARGUMENTS, message, used.span, label));
            return None;
        }
        Some(ir::Deprecated { reason, since })
    }
}
