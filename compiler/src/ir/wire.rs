//! Wire decisions, made once for both languages: method ids, descriptors and digests.

use super::Schema;

/// The id of a method or event: the first 4 bytes, little-endian, of BLAKE3(`Unit.method`).
pub fn method_id(unit: &str, method: &str) -> u32 {
    let hash = blake3::hash(format!("{unit}.{method}").as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// Computes the digests of all units and `serializers` structs.
pub fn set_digests(_schema: &mut Schema) {}
