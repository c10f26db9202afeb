//! Access levels, as far as encoders need them.

/// An access level: a reader sees what asks for its own level or a lower one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(pub u32);

impl Level {
    /// Sees everything.
    pub const MAX: Self = Self(u32::MAX);
}
