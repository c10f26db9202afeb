//! Views: what they are of and which fields they select.

use super::bodies::Parts;
use super::explain::Form;
use super::{Cx, Rule, inner};
use crate::syntax::ast::{ItemKind, Pick, Picks};
use pest::iterators::Pair;

impl<'a> Cx<'a> {
    pub(super) fn view(&mut self, parts: Parts<'a>) -> Option<ItemKind> {
        let (mut of, mut picks) = (None, None);
        for part in parts.rest {
            match part.as_rule() {
                Rule::path => of = Some(self.path(part)),
                Rule::picks => picks = Some(self.picks(part)),
                _ => {}
            }
        }
        Some(ItemKind::View { of: of?, picks: picks? })
    }

    fn picks(&mut self, pair: Pair<'a, Rule>) -> Picks {
        let span = self.span(&pair);
        let (mut fields, mut broken) = (Vec::new(), false);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::pick => fields.extend(self.pick(part)),
                Rule::bad => {
                    broken = true;
                    self.explain_bad(&part, Rule::only_pick, Form::Pick);
                }
                _ => {}
            }
        }
        Picks { fields, span, broken }
    }

    fn pick(&mut self, pair: Pair<'a, Rule>) -> Option<Pick> {
        let span = self.span(&pair);
        let (mut name, mut inside) = (None, None);
        for part in inner(pair) {
            match part.as_rule() {
                Rule::name => name = Some(self.name(&part)),
                _ => inside = Some(self.picks(part)),
            }
        }
        Some(Pick { name: name?, inside, span })
    }
}
