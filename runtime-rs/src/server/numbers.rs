//! The numbers of views and event streams.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

use crate::store::ViewNumber;

/// One allocator for the process: a frame that carries such a number is shared by all connections, whatever listener
/// they came through.
static NUMBERS: Mutex<Numbers> = Mutex::new(Numbers { returned: BinaryHeap::new(), next: 1 });

struct Numbers {
    returned: BinaryHeap<Reverse<u32>>,
    next: u32,
}

/// A number that nobody else has; the smallest that was free, because small numbers make short frames.
#[derive(Debug)]
pub(crate) struct Number(u32);

impl Number {
    pub(crate) fn take() -> Self {
        let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Reverse(number)) = numbers.returned.pop() {
            return Self(number);
        }
        let number = numbers.next;
        numbers.next += 1;
        Self(number)
    }

    pub(crate) fn get(&self) -> u32 {
        self.0
    }
}

impl ViewNumber for Number {
    fn get(&self) -> u32 {
        self.0
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        let mut numbers = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.returned.push(Reverse(self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_nobody_elses_until_it_is_returned() {
        let numbers: Vec<Number> = (0..100).map(|_| Number::take()).collect();
        let mut distinct: Vec<u32> = numbers.iter().map(Number::get).collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 100);
        let highest = distinct[99];
        drop(numbers);
        assert!(Number::take().get() <= highest, "returned numbers go first");
    }
}
