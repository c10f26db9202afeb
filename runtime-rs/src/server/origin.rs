//! Which pages may open the socket.

/// Exact origins, or the server's own.
#[derive(Debug, Default)]
pub(super) struct Origins(Option<Vec<String>>);

impl Origins {
    pub(super) fn only(origins: impl Iterator<Item = String>) -> Self {
        Self(Some(origins.collect()))
    }

    /// Whether a page of `origin` may open a socket at `host`. A program that is no browser names no origin: whoever
    /// can leave the header out is not kept out by it anyway.
    pub(super) fn allow(&self, origin: Option<&str>, host: Option<&str>) -> bool {
        let Some(origin) = origin else { return true };
        match &self.0 {
            Some(origins) => origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)),
            None => host.is_some_and(|host| origin.eq_ignore_ascii_case(&format!("http://{host}"))),
        }
    }

    /// The line of the application that would allow the origin beside those that are allowed.
    pub(super) fn line_that_allows(&self, origin: &str) -> String {
        let allowed = self.0.iter().flatten().map(String::as_str);
        let origins: Vec<&str> = allowed.chain([origin]).collect();
        format!(".origins({origins:?})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_list_only_the_own_page_may() {
        let origins = Origins::default();
        assert!(origins.allow(None, Some("a:1")));
        assert!(origins.allow(Some("http://a:1"), Some("a:1")));
        for other in ["https://a:1", "http://a:2", "http://a", "http://a:1.evil", "null", ""] {
            assert!(!origins.allow(Some(other), Some("a:1")), "{other}");
        }
        assert!(!origins.allow(Some("http://a:1"), None));
        assert_eq!(origins.line_that_allows("http://b"), r#".origins(["http://b"])"#);
    }

    #[test]
    fn a_list_is_exact_and_the_line_extends_it() {
        let origins = Origins::only(["https://a.example".to_owned()].into_iter());
        assert!(origins.allow(Some("https://a.example"), Some("x")));
        assert!(!origins.allow(Some("http://x"), Some("x")));
        assert!(!origins.allow(Some("https://b.a.example"), Some("x")));
        let line = origins.line_that_allows("https://\"\n");
        assert_eq!(line, r#".origins(["https://a.example", "https://\"\n"])"#);
    }
}
