//! Credit: how much of a stream may be sent.
//!
//! Source: docs/protocol.md, "Streams".

/// What is left of the credit of one direction of a stream. A sender may send while both counts are above zero, so the
/// last item may be larger than the bytes that are left: no item is too large for a window, and what a receiver holds is
/// bounded by the window and one item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    items: u64,
    bytes: i64,
}

impl Window {
    /// Adds credit.
    pub fn grant(&mut self, items: u32, bytes: u32) {
        self.items = self.items.saturating_add(u64::from(items));
        self.bytes = self.bytes.saturating_add(i64::from(bytes));
    }

    /// Whether an item may be sent.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.items > 0 && self.bytes > 0
    }

    /// Uses credit for an item of so many bytes; false if there is none.
    #[must_use]
    pub fn take(&mut self, n_bytes: usize) -> bool {
        let is_open = self.is_open();
        if is_open {
            self.items -= 1;
            self.bytes = self.bytes.saturating_sub(i64::try_from(n_bytes).unwrap_or(i64::MAX));
        }
        is_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_counts_must_be_there_and_the_last_item_may_be_larger() {
        let mut window = Window::default();
        assert!(!window.take(0));
        window.grant(2, 10);
        assert!(window.take(4) && window.take(1_000));
        assert!(!window.is_open());
        window.grant(5, 900);
        assert!(!window.take(1), "the debt is not paid yet");
        window.grant(0, 95);
        assert!(window.take(1));
        window.grant(0, u32::MAX);
        (0..4).for_each(|_| assert!(window.take(0)));
        assert!(!window.take(0), "no more items");
    }
}
