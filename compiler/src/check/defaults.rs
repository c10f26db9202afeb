//! Declared defaults.

use super::Cx;
use super::values::has_literals;
use crate::diag::{Diagnostic, Fix, codes};
use crate::ir::{Literal, Type};
use crate::source::Span;
use crate::syntax::ast::{self, TypeKind, Value};

impl<'a> Cx<'a> {
    /// The default in the checked model. `ty` is `None` if the type has been reported.
    pub(super) fn default(
        &mut self,
        what: &str,
        ty: Option<&Type>,
        written: &ast::Type,
        value: &'a Value,
    ) -> Option<Literal> {
        if matches!(written.kind, TypeKind::Optional(_)) {
            let d = Diagnostic::new(
                &codes::DEFAULT_PLACE,
                format!("{what} is optional and has a default"),
                value.span,
                "a default",
            );
            let mark = Span { start: written.span.end - 1, ..written.span };
            self.report(
                d.label(mark, "optional")
                    .note("An absent optional is absent; an absent field with a default has the default. Choose one.")
                    .fix(Fix::guess("remove `?`").edit(mark, "")),
            );
            return None;
        }
        match ty? {
            ty if has_literals(ty) => self.literal(&format!("the default of {what}"), ty, value),
            _ => self.no_default(what, written, value),
        }
    }

    fn no_default(&mut self, what: &str, written: &ast::Type, value: &Value) -> Option<Literal> {
        let text = self.sources.slice(written.span).to_owned();
        let d = Diagnostic::new(
            &codes::DEFAULT_PLACE,
            format!("{what} cannot have a default"),
            value.span,
            "not possible here",
        );
        self.report(
            d.label(written.span, format!("`{text}` has none")).note(
                "Defaults exist for bool, integers, f32, f64, string and enums; anything else starts at its zero.",
            ),
        );
        None
    }
}
