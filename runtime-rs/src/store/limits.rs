//! What a store keeps and accepts.

use std::time::Duration;

/// What a store keeps and accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// Most versions in the log, 4,096. Readers further behind get a snapshot.
    pub log_versions: usize,
    /// Most encoded bytes in the log, 4 MiB, but always the newest delta.
    pub log_bytes: usize,
    /// Age of the oldest delta in the log, 10 minutes, but always the newest delta.
    pub log_age: Duration,
    /// Largest snapshot, 64 MiB: clients refuse more, so a commit that leads to more is refused.
    pub snapshot_bytes: usize,
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self { log_versions: 4_096, log_bytes: 4 << 20, log_age: Duration::from_secs(600), snapshot_bytes: 64 << 20 }
    }
}
