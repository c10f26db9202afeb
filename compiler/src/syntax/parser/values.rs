//! Numbers, strings and other constants.

use super::{Cx, Rule, inner};
use crate::source::Span;
use crate::syntax::ast::{Number, Op, Step, Value, ValueKind};
use pest::iterators::Pair;

impl Cx<'_> {
    pub(super) fn number(&mut self, pair: &Pair<'_, Rule>) -> Number {
        let span = self.span(pair);
        let value = parse_int(pair.as_str());
        if value.is_none() {
            let message = format!("`{}` is not a whole number", pair.as_str());
            self.bad_literal(span, message, "expected digits, e.g. `12`, `1_000` or `0xff`");
        }
        Number { value, span }
    }

    /// What stands behind an equals sign.
    pub(super) fn default_value(&mut self, pair: Pair<'_, Rule>) -> Value {
        let span = self.span(&pair);
        let expr = inner(pair).next().map(|expr| self.expression(expr));
        expr.unwrap_or(Value { kind: ValueKind::Error, span })
    }

    /// A value, or what is computed from several.
    pub(super) fn expression(&mut self, pair: Pair<'_, Rule>) -> Value {
        let span = self.span(&pair);
        let mut steps = Vec::new();
        self.steps(pair, &mut steps);
        match steps.pop() {
            Some(Step::Value(value)) if steps.is_empty() => value,
            last => {
                steps.extend(last);
                Value { kind: ValueKind::Expr(steps), span }
            }
        }
    }

    /// Operands in front of their operators, those that bind closer first.
    fn steps(&mut self, expr: Pair<'_, Rule>, out: &mut Vec<Step>) {
        let mut waiting: Vec<(Op, Span)> = Vec::new();
        for part in inner(expr) {
            let span = self.span(&part);
            match operator(part.as_str().trim()).filter(|_| part.as_rule() == Rule::op) {
                Some(op) => {
                    while let Some((first, span)) = waiting.pop_if(|(first, _)| binding(*first) >= binding(op)) {
                        out.push(Step::Op(first, span));
                    }
                    waiting.push((op, span));
                }
                None => self.term(part, out),
            }
        }
        out.extend(waiting.into_iter().rev().map(|(op, span)| Step::Op(op, span)));
    }

    fn term(&mut self, term: Pair<'_, Rule>, out: &mut Vec<Step>) {
        let mut sign = None;
        for part in inner(term) {
            match part.as_rule() {
                Rule::neg => sign = Some(self.span(&part)),
                Rule::expr => self.steps(part, out),
                _ => {
                    let value = self.value(part);
                    out.push(Step::Value(value));
                }
            }
        }
        out.extend(sign.map(Step::Neg));
    }

    fn value(&mut self, pair: Pair<'_, Rule>) -> Value {
        let span = self.span(&pair);
        let kind = inner(pair).next().map_or(ValueKind::Error, |p| match p.as_rule() {
            Rule::string => self.string(&p),
            Rule::path => ValueKind::Path(self.path(p)),
            Rule::number => self.int_or_float(&p),
            _ => ValueKind::List,
        });
        Value { kind, span }
    }

    fn int_or_float(&mut self, pair: &Pair<'_, Rule>) -> ValueKind {
        let text = pair.as_str();
        if let Some(int) = parse_int(text) {
            return ValueKind::Int(int);
        }
        if let Some(duration) = parse_duration(text) {
            return ValueKind::Duration(duration);
        }
        let clean = text.replace('_', "");
        match clean.parse::<f64>() {
            Ok(float) if float.is_finite() && !clean.starts_with("0x") => ValueKind::Float(float),
            _ => {
                let span = self.span(pair);
                self.bad_literal(span, format!("`{text}` is not a number"), "cannot be read as one");
                ValueKind::Error
            }
        }
    }

    fn string(&mut self, pair: &Pair<'_, Rule>) -> ValueKind {
        let span = self.span(pair);
        let body = &self.source[span.start as usize + 1..(span.end as usize - 1).max(span.start as usize + 1)];
        match unescape(body) {
            Ok(text) => ValueKind::String(text),
            Err((at, len)) => {
                let start = span.start as usize + 1 + at;
                let place = Span::new(self.id, start, start + len);
                let message = format!("`{}` is not an escape", &self.source[place.range()]);
                self.bad_literal(place, message, "escapes are \\n \\r \\t \\\\ \\\" \\0 and \\u{..}");
                ValueKind::Error
            }
        }
    }
}

fn operator(text: &str) -> Option<Op> {
    Some(match text {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "%" => Op::Rem,
        "<<" => Op::Shl,
        ">>" => Op::Shr,
        "&" => Op::And,
        "|" => Op::Or,
        _ => return None,
    })
}

/// How closely an operator binds.
fn binding(op: Op) -> u8 {
    match op {
        Op::Mul | Op::Div | Op::Rem => 5,
        Op::Add | Op::Sub => 4,
        Op::Shl | Op::Shr => 3,
        Op::And => 2,
        Op::Or => 1,
    }
}

/// Digits with `_` between them, or hexadecimal behind `0x`.
fn parse_int(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |d| (-1, d));
    let clean = digits.replace('_', "");
    let value = match clean.strip_prefix("0x") {
        Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => i128::from_str_radix(hex, 16),
        _ if clean.bytes().all(|b| b.is_ascii_digit()) => clean.parse::<i128>(),
        _ => return None,
    };
    value.ok().map(|v| sign * v)
}

/// A whole number with a unit of time behind it, in microseconds.
fn parse_duration(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic())?);
    let factor: i64 = match unit {
        "us" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "min" => 60_000_000,
        "h" => 3_600_000_000,
        _ => return None,
    };
    let number = parse_int(number).filter(|_| !number.starts_with('-'))?;
    i64::try_from(number).ok()?.checked_mul(factor)
}

/// The text a string literal stands for, or the place of an escape that does not exist.
fn unescape(body: &str) -> Result<String, (usize, usize)> {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let offset = body.len() - rest.len() + at;
        let escape = &rest[at + 1..];
        let c = escape.chars().next().ok_or((offset, 1))?;
        let mut len = c.len_utf8();
        match c {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            '0' => out.push('\0'),
            '\\' | '"' => out.push(c),
            'u' => {
                let end = escape.find('}').ok_or((offset, 2))?;
                let hex = escape[1..end].strip_prefix('{').ok_or((offset, 2))?;
                let number = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
                out.push(number.ok_or((offset, end + 2))?);
                len = end + 1;
            }
            _ => return Err((offset, 1 + len)),
        }
        rest = &escape[len..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{parse_duration, parse_int, unescape};

    #[test]
    fn durations() {
        assert_eq!(parse_duration("500ms"), Some(500_000));
        assert_eq!(parse_duration("1_0min"), Some(600_000_000));
        assert_eq!(parse_duration("30"), None);
        assert_eq!(parse_duration("-1s"), None);
        assert_eq!(parse_duration("s"), None);
        assert_eq!(parse_duration("9000000000000h"), None);
    }

    #[test]
    fn integers() {
        assert_eq!(parse_int("1_000"), Some(1000));
        assert_eq!(parse_int("-0xFF"), Some(-255));
        assert_eq!(parse_int("12a"), None);
        assert_eq!(parse_int("0x"), None);
        assert_eq!(parse_int(&"9".repeat(50)), None);
    }

    #[test]
    fn escapes() {
        assert_eq!(unescape(r#"a\n\u{e9}\"\\"#).as_deref(), Ok("a\né\"\\"));
        assert_eq!(unescape(r"ab\q"), Err((2, 2)));
        assert_eq!(unescape(r"\u{d800}"), Err((0, 8)));
        assert_eq!(unescape(r"\u12"), Err((0, 2)));
    }
}
