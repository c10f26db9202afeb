//! Streams of rpcs: the last parameter, the answer or both.

use super::Cx;
use crate::diag::{Diagnostic, Fix, codes};
use crate::ir::Type;
use crate::source::Span;
use crate::syntax::annotations::Place;
use crate::syntax::ast::{Method, MethodWord, Param};

impl<'a> Cx<'a> {
    /// What the caller of a method streams: name and type of its `stream` parameter.
    pub(super) fn streams(&mut self, owner: &str, method: &'a Method) -> Option<(String, Type)> {
        if method.word != MethodWord::Rpc {
            let word = if method.word == MethodWord::Send { "send" } else { "event" };
            let message = format!("{word} `{}` has no `stream`", method.name.text);
            for param in method.params.iter().filter_map(|param| param.stream) {
                self.stream_place(param, &message, "Only an `rpc` has streams.");
            }
            // A result is out of place as a whole, which is said elsewhere.
            return None;
        }
        let mut streams = method.params.iter().enumerate().filter(|(_, param)| param.stream.is_some());
        let (at, param) = streams.next()?;
        let word = param.stream?;
        if let Some((_, second)) = streams.next() {
            let message = format!("`{owner}` has two `stream` parameters");
            let d = Diagnostic::new(&codes::STREAM_PLACE, message, second.stream?, "the second");
            self.report(d.label(word, "the first").note("A call has one stream to the server and one back."));
        } else if at + 1 < method.params.len() {
            let message = format!("the `stream` of `{owner}` is not its last parameter");
            self.stream_place(word, &message, "Items come behind everything that is known when the call begins.");
        }
        let ty = self.stream_param(owner, param)?;
        Some((param.name.text.clone(), ty))
    }

    fn stream_param(&mut self, owner: &str, param: &'a Param) -> Option<Type> {
        let before = self.diagnostics.len();
        self.annotations(&param.annotations, Place::Param);
        if let (Some(first), true) = (param.annotations.first(), self.diagnostics.len() == before) {
            let message = format!("`@{}` has no meaning on a `stream`", first.name.dotted());
            let d = Diagnostic::new(&codes::ANNOTATION_USE, message, first.span, "cannot stand here");
            self.report(d.note("What an item may be is said by its type."));
        }
        let what = format!("`{}` of `{owner}`", param.name.text);
        if param.name.text == "_" {
            let message = format!("the `stream` of `{owner}` has no name");
            self.stream_place(
                param.stream?,
                &message,
                "`_` stands for a parameter that is gone, and a stream has no id.",
            );
            return None;
        }
        if let Some(value) = &param.default {
            let d = Diagnostic::new(
                &codes::DEFAULT_PLACE,
                format!("{what} is a `stream`"),
                value.span,
                "not possible here",
            );
            self.report(d.note("A caller that sends nothing sends an empty stream."));
        }
        let ty = self.ty(&param.ty)?;
        self.check_zero(&format!("an item of {what}"), &ty, param.ty.span);
        Some(ty)
    }

    pub(super) fn stream_place(&mut self, word: Span, message: &str, note: &str) {
        let d = Diagnostic::new(&codes::STREAM_PLACE, message, word, "cannot stand here").note(note);
        let text = &self.sources.get(word.file).text[word.end as usize..];
        let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
        let whole = Span::new(word.file, word.start as usize, word.end as usize + blanks);
        self.report(d.fix(Fix::guess("remove `stream`").edit(whole, "")));
    }
}
