//! Exact decimal numbers.

use std::fmt;
use std::str::FromStr;

/// A number with at most `P` digits (1 to 38), `S` of them behind the point.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal<const P: u8, const S: u8>(i128);

impl<const P: u8, const S: u8> Decimal<P, S> {
    /// The largest number: `P` nines.
    pub const MAX: Self = Self(10_i128.pow(P as u32) - 1);
    /// The smallest number.
    pub const MIN: Self = Self(-Self::MAX.0);
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// The number `unscaled / 10^S`, if `P` digits hold it.
    pub const fn from_unscaled(unscaled: i128) -> Option<Self> {
        if unscaled >= Self::MIN.0 && unscaled <= Self::MAX.0 { Some(Self(unscaled)) } else { None }
    }

    /// The number times `10^S`.
    pub const fn unscaled(self) -> i128 {
        self.0
    }
}

/// `-12.50` for -1250 and `S = 2`.
impl<const P: u8, const S: u8> fmt::Display for Decimal<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.0.unsigned_abs(), width = usize::from(S) + 1);
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(S));
        let point = if S == 0 { "" } else { "." };
        f.pad_integral(self.0 >= 0, "", &format!("{whole}{point}{fraction}"))
    }
}

impl<const P: u8, const S: u8> fmt::Debug for Decimal<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that is not a decimal number of the wanted digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number with at most the digits of its type")]
pub struct ParseDecimalError;

/// Accepts `-12.5`, also with fewer digits behind the point than `S`, never with more.
impl<const P: u8, const S: u8> FromStr for Decimal<P, S> {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, ParseDecimalError> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = [whole, fraction].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        if whole.is_empty() || digits.ends_with('.') || !only_digits || fraction.len() > usize::from(S) {
            return Err(ParseDecimalError);
        }
        let unscaled: i128 =
            format!("{whole}{fraction:0<width$}", width = usize::from(S)).parse().map_err(|_| ParseDecimalError)?;
        Self::from_unscaled(sign * unscaled).ok_or(ParseDecimalError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses() {
        for (text, unscaled) in [("0.00", 0), ("-0.05", -5), ("12.50", 1250), ("999.99", 99_999)] {
            let number = Decimal::<5, 2>::from_unscaled(unscaled).unwrap();
            assert_eq!(number.to_string(), text);
            assert_eq!(text.parse(), Ok(number));
        }
        assert_eq!("7".parse::<Decimal<5, 2>>().unwrap().unscaled(), 700);
        assert_eq!(Decimal::<38, 0>::MAX.to_string().len(), 38);
    }

    #[test]
    fn refuses_what_the_digits_do_not_hold() {
        assert_eq!(Decimal::<5, 2>::from_unscaled(100_000), None);
        for text in ["", "-", ".5", "1.", "1.234", "1000.00", "+1", "1e3", "1.2.3", "٣"] {
            assert_eq!(text.parse::<Decimal<5, 2>>(), Err(ParseDecimalError), "{text}");
        }
    }
}
