//! Columns of strings and bytes: all lengths, then all contents as one blob.

use std::borrow::Cow;

use super::pack::Packed;
use super::{Head, IntScratch, Payload, Place, Plan, Presence, Scratch, fill_bits, presence_of};
use crate::codec::reader::Reader;
use crate::codec::value::Value;
use crate::codec::writer::{Writer, varint_len};
use crate::error::{DecodeError, ErrorCode};

/// A type whose values are runs of bytes.
pub trait Blob: Value {
    /// A checked blob of many values.
    type Whole<'a>: Copy;

    /// The bytes of a value.
    fn content(&self) -> Cow<'_, [u8]>;

    /// Checks a blob of values that end at `ends`.
    /// # Errors
    /// The code of the first fault.
    fn check(blob: &[u8], ends: impl Iterator<Item = usize> + Clone) -> Result<Self::Whole<'_>, ErrorCode>;

    /// The value from one place of a blob to another.
    fn part(blob: Self::Whole<'_>, from: usize, to: usize) -> Option<Self>;

    /// The value without bytes.
    fn empty() -> Self;

    /// How much memory values of that many bytes take together.
    fn memory(bytes: usize) -> usize {
        bytes
    }
}

/// Collects runs of bytes.
#[derive(Debug, Default)]
pub struct BlobScratch {
    sizes: IntScratch<u32>,
    /// As large as it ever was, so that it is not cleared each time.
    blob: Vec<u8>,
    used: usize,
    sizes_bytes: usize,
}

const FIRST_BLOB_BYTES: usize = 1_024;

impl BlobScratch {
    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        let (from, to) = (self.used, self.used + bytes.len());
        if self.blob.len() < to {
            self.grow(to);
        }
        copy(&mut self.blob[from..to], bytes);
        self.sizes.push(bytes.len() as u32);
        self.used = to;
    }

    #[cold]
    fn grow(&mut self, needed: usize) {
        self.blob.resize((2 * self.blob.len()).max(needed).max(FIRST_BLOB_BYTES), 0);
    }

    /// Drops the values that equal `default`, which says the bitmap.
    fn retain(&mut self, default: &[u8]) {
        let (mut from, mut kept) = (0, 0);
        let Self { sizes, blob, used, .. } = self;
        sizes.values_mut().retain(|size| {
            let part = from..from + *size as usize;
            from = part.end;
            let keep = blob[part.clone()] != *default;
            if keep {
                blob.copy_within(part.clone(), kept);
                kept += part.len();
            }
            keep
        });
        *used = kept;
    }

    fn parts(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let mut from = 0;
        self.sizes.values().iter().map(move |size| {
            let part = &self.blob[from..from + *size as usize];
            from += part.len();
            part
        })
    }
}

/// Copies short runs as two overlapping moves of a fixed size, which is faster than asking for any size.
#[inline]
fn copy(to: &mut [u8], from: &[u8]) {
    let n = from.len();
    if (16..=32).contains(&n) {
        to[..16].copy_from_slice(&from[..16]);
        to[n - 16..].copy_from_slice(&from[n - 16..]);
    } else if (33..=64).contains(&n) {
        to[..32].copy_from_slice(&from[..32]);
        to[n - 32..].copy_from_slice(&from[n - 32..]);
    } else if (8..16).contains(&n) {
        to[..8].copy_from_slice(&from[..8]);
        to[n - 8..].copy_from_slice(&from[n - 8..]);
    } else {
        to.copy_from_slice(from);
    }
}

impl<T: Blob> Scratch<T> for BlobScratch {
    fn clear(&mut self) {
        self.sizes.values_mut().clear();
        self.used = 0;
    }

    #[inline]
    fn extend<'v, I>(&mut self, values: I, _: Place)
    where
        I: Iterator<Item = &'v T> + Clone,
        T: 'v,
    {
        for value in values {
            self.push(&value.content());
        }
    }

    fn sparse(&mut self, default: Option<&T>, bitmap: &mut Vec<u8>) -> Presence {
        let default = default.map_or(Cow::Borrowed(&[][..]), T::content);
        let n = self.sizes.values().len();
        let differing = if default.is_empty() {
            self.sizes.values().iter().filter(|size| **size != 0).count()
        } else {
            self.parts().filter(|part| **part != *default).count()
        };
        let presence = presence_of(differing, n);
        if presence == Presence::Some {
            fill_bits(bitmap, self.parts().map(|part| *part != *default));
            self.retain(&default);
        }
        presence
    }

    fn plan(&mut self, _: bool) -> Plan {
        self.sizes_bytes = self.sizes.plan_sizes();
        let content = self.sizes_bytes + self.used;
        Plan { low: 0, bytes: varint_len(content as u64) + content, weight: 0, inline: 0 }
    }

    fn write(&self, w: &mut Writer) {
        w.block(self.sizes_bytes + self.used, |w| {
            self.sizes.write_sizes(w);
            w.raw(&self.blob[..self.used]);
        });
    }
}

/// Reads runs of bytes.
#[derive(Debug)]
pub struct BlobPayload<'a, T: Blob> {
    sizes: Packed<'a>,
    blob: T::Whole<'a>,
    at: usize,
}

impl<'a, T: Blob> Payload<'a, T> for BlobPayload<'a, T> {
    fn allows(low: u8, _: u8, _: bool) -> bool {
        low == 0
    }

    fn open(r: &mut Reader<'a>, head: Head, _: Option<&T>) -> Result<Self, DecodeError> {
        r.nested_at(head.start, |r| {
            let (sizes, sum) = r.sizes(head.k)?;
            if sum != r.remaining() as u64 {
                return Err(r.error_at(head.start, ErrorCode::Length));
            }
            let bytes = r.rest();
            let mut all = sizes;
            let ends = (0..head.k).scan(0, move |end, _| {
                *end += all.next() as usize;
                Some(*end)
            });
            let blob = <T as Blob>::check(bytes, ends).map_err(|code| r.error_at(head.start, code))?;
            r.charge(T::memory(bytes.len()))?;
            Ok(Self { sizes, blob, at: 0 })
        })
    }

    #[inline(always)]
    fn pull(&mut self) -> Option<T> {
        let from = self.at;
        self.at = from.wrapping_add(self.sizes.next() as usize);
        T::part(self.blob, from, self.at)
    }

    fn zero() -> Option<T> {
        Some(T::empty())
    }
}
