//! Counts the fragments of a websocket message, which tungstenite does not limit.

/// A message came in more fragments than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many fragments")]
pub(super) struct TooManyFragments;

/// Follows the frame headers in a stream of bytes. Source: RFC 6455, section 5.2.
#[derive(Debug)]
pub(super) struct Meter {
    max_fragments: usize,
    n_fragments: usize,
    header: Vec<u8>,
    /// Payload bytes of the present frame that are still to come.
    payload_left: u64,
}

const FIN: u8 = 0x80;
const OPCODE: u8 = 0x0f;
const IS_CONTROL: u8 = 0x08;
const MASKED: u8 = 0x80;

impl Meter {
    pub(super) fn new(max_fragments: usize) -> Self {
        Self { max_fragments, n_fragments: 0, header: Vec::with_capacity(14), payload_left: 0 }
    }

    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// [`TooManyFragments`], from the first header that is one too many.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Result<(), TooManyFragments> {
        while !bytes.is_empty() {
            if self.payload_left > 0 {
                let n = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
                self.payload_left -= n as u64;
                bytes = &bytes[n..];
                continue;
            }
            self.header.push(bytes[0]);
            bytes = &bytes[1..];
            if let Some(payload) = payload_length(&self.header) {
                self.payload_left = payload;
                let first = self.header[0];
                self.header.clear();
                self.count(first)?;
            }
        }
        Ok(())
    }

    fn count(&mut self, first: u8) -> Result<(), TooManyFragments> {
        if first & OPCODE & IS_CONTROL != 0 {
            return Ok(());
        }
        self.n_fragments += 1;
        if self.n_fragments > self.max_fragments {
            return Err(TooManyFragments);
        }
        if first & FIN != 0 {
            self.n_fragments = 0;
        }
        Ok(())
    }
}

/// The payload length, once the header is complete.
fn payload_length(header: &[u8]) -> Option<u64> {
    let second = *header.get(1)?;
    let n_mask = if second & MASKED != 0 { 4 } else { 0 };
    let (n_length, short) = match second & !MASKED {
        126 => (2, 0),
        127 => (8, 0),
        short => (0, u64::from(short)),
    };
    if header.len() < 2 + n_length + n_mask {
        return None;
    }
    let long = header[2..2 + n_length].iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
    Some(short + long)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(first: u8, n_payload: usize) -> Vec<u8> {
        let mut frame = vec![first];
        match n_payload {
            0..126 => frame.push(MASKED | n_payload as u8),
            126..65_536 => {
                frame.push(MASKED | 126);
                frame.extend((n_payload as u16).to_be_bytes());
            }
            _ => {
                frame.push(MASKED | 127);
                frame.extend((n_payload as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(vec![0xff; n_payload]);
        frame
    }

    #[test]
    fn fragments_are_counted_across_any_cut_of_the_stream() {
        let message = [frame(0x02, 5), frame(0x09, 3), frame(0x00, 200), frame(0x80, 70_000)].concat();
        for cut in [1, 2, 3, 7, 100, 4_096] {
            let mut meter = Meter::new(3);
            for _ in 0..3 {
                assert!(message.chunks(cut).all(|bytes| meter.feed(bytes).is_ok()), "cut {cut}");
            }
            let mut strict = Meter::new(2);
            assert!(message.chunks(cut).any(|bytes| strict.feed(bytes).is_err()), "cut {cut}");
        }
    }

    #[test]
    fn endless_empty_fragments_are_stopped() {
        let mut meter = Meter::new(64);
        assert_eq!(meter.feed(&frame(0x02, 0)), Ok(()));
        let n_taken = (0..1_000).take_while(|_| meter.feed(&frame(0x00, 0)).is_ok()).count();
        assert_eq!(n_taken, 63);
    }
}
