//! Calls that take functions, laid out as formatters lay them out.

use crate::emit::writer::Writer;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// Anything that is never broken.
    Text(String),
    /// A function and its arguments.
    Call(String, Vec<Expr>),
    /// `(parameters) => body`.
    Arrow(String, Box<Expr>),
}

impl Expr {
    /// Something that is never broken.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The expression on one line.
    pub(super) fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Call(function, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(Self::flat).collect();
                format!("{function}({})", arguments.join(", "))
            }
            Self::Arrow(parameters, body) => format!("({parameters}) => {}", body.flat()),
        }
    }

    /// The expression as something that can be passed: a call that only hands its parameters on is its function.
    pub(super) fn passed(self, parameters: &[&str]) -> Self {
        match self {
            Self::Call(function, arguments)
                if arguments.iter().map(Self::flat).eq(parameters.iter().map(|&name| name.to_owned())) =>
            {
                Self::Text(function)
            }
            body => Self::Arrow(parameters.join(", "), Box::new(body)),
        }
    }

    /// Whether formatters break it even if it would fit: calls that take two functions or more.
    pub(super) fn is_broken(&self) -> bool {
        match self {
            Self::Text(_) => false,
            Self::Arrow(_, body) => body.is_broken(),
            Self::Call(_, arguments) => {
                arguments.iter().filter(|argument| argument.is_arrow()).count() > 1
                    || arguments.iter().any(Self::is_broken)
            }
        }
    }

    /// Writes the expression as a branch of a conditional, whose sign is `before`.
    pub(super) fn write_branch(&self, w: &mut Writer, before: &str) {
        let flat = format!("{before}{}", self.flat());
        match self {
            Self::Call(function, arguments) if !w.fits(&flat) || self.is_broken() => {
                w.line(format_args!("{before}{function}("));
                w.indented(|w| {
                    w.indented(|w| arguments.iter().for_each(|argument| argument.write(w, "", ",")));
                    w.line(")");
                });
            }
            _ => w.line(flat),
        }
    }

    fn is_arrow(&self) -> bool {
        matches!(self, Self::Arrow(..))
    }

    /// Writes `before`, the expression and `after`, broken if they do not fit on a line.
    pub(super) fn write(&self, w: &mut Writer, before: &str, after: &str) {
        let flat = format!("{before}{}{after}", self.flat());
        if w.fits(&flat) && !self.is_broken() {
            return w.line(flat);
        }
        match self {
            Self::Text(_) => w.line(flat),
            Self::Arrow(parameters, body) => {
                w.line(format_args!("{before}({parameters}) =>"));
                w.indented(|w| body.write(w, "", after));
            }
            Self::Call(function, arguments) => {
                if let Some((Self::Arrow(parameters, body), rest)) = arguments.split_last()
                    && !rest.iter().any(Self::is_arrow)
                {
                    let rest: String = rest.iter().map(|argument| format!("{}, ", argument.flat())).collect();
                    let head = format!("{before}{function}({rest}({parameters}) =>");
                    if w.fits(&head) {
                        return w.enclosed(head, &format!("){after}"), |w| body.write(w, "", ","));
                    }
                }
                w.enclosed(format_args!("{before}{function}("), &format!("){after}"), |w| {
                    for argument in arguments {
                        argument.write(w, "", ",");
                    }
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(function: &str, arguments: &[Expr]) -> Expr {
        Expr::Call(function.to_owned(), arguments.to_vec())
    }

    #[test]
    fn a_call_that_hands_its_parameters_on_is_its_function() {
        let (w, v) = (Expr::text("w"), Expr::text("v"));
        assert_eq!(call("f", &[w.clone(), v.clone()]).passed(&["w", "v"]).flat(), "f");
        assert_eq!(call("f", &[w, v, Expr::text("1")]).passed(&["w", "v"]).flat(), "(w, v) => f(w, v, 1)");
    }

    #[test]
    fn one_function_at_the_end_hangs_on_its_call() {
        let mut w = Writer::new("  ");
        let long = Expr::text("x".repeat(100));
        call("f", &[Expr::text("a"), call("g", std::slice::from_ref(&long)).passed(&["r"])])
            .write(&mut w, "return ", ";");
        call("f", &[call("g", &[]).passed(&["r"]), call("h", &[long]).passed(&["r"])]).write(&mut w, "", ";");
        let x = "x".repeat(100);
        let expected = format!("return f(a, (r) =>\n  g({x}),\n);\nf(\n  (r) => g(),\n  (r) => h({x}),\n);\n");
        assert_eq!(w.into_text(), expected);
    }
}
