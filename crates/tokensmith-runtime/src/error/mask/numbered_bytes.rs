//! Bytes that are written one by one, by their numbers.

use super::layer::SHORTEST;

/// How the number of a byte is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Radix {
    /// `0x5a`, `x5a`, `5Ah`, `U+005A`, `$5a`.
    Hexadecimal,
    Decimal,
    /// `0o132`, `132`.
    Octal,
    /// `0b01011010`, `01011010`.
    Binary,
}

impl Radix {
    pub(super) const ALL: [Self; 4] = [Self::Hexadecimal, Self::Decimal, Self::Octal, Self::Binary];

    /// Whether a byte belongs to a run that may be a number.
    pub(super) fn is_of_run(self) -> fn(u8) -> bool {
        match self {
            // `90u8` has letters beside it.
            Self::Decimal => |byte| byte.is_ascii_digit(),
            _ => |byte| byte.is_ascii_alphanumeric(),
        }
    }

    /// The byte whose number this is.
    pub(super) fn number(self, run: &[u8]) -> Option<u8> {
        let run = std::str::from_utf8(run).ok()?;
        let stripped = |marks: &[&str]| {
            let found = marks.iter().find_map(|mark| run.strip_prefix(mark));
            found.unwrap_or(run)
        };
        let (digits, radix, lengths) = match self {
            Self::Hexadecimal => {
                let digits = stripped(&["0x", "0X", "x", "X"]);
                let digits = digits.strip_suffix(['h', 'H']).unwrap_or(digits);
                (digits, 16, 1..=6)
            }
            Self::Decimal => (run, 10, 1..=6),
            Self::Octal => (stripped(&["0o", "0O"]), 8, 2..=4),
            Self::Binary => (stripped(&["0b", "0B"]), 2, 6..=8),
        };
        if !lengths.contains(&digits.len()) {
            return None;
        }
        u8::from_str_radix(digits, radix).ok()
    }
}

/// Whether a text may list the numbers of bytes otherwise than as decimal ones: each id of a request
/// is looked at, so that this is quick.
pub(super) fn may_list(text: &[u8]) -> bool {
    let (mut numbers, mut length, mut is_number) = (0, 0, true);
    for byte in text.iter().chain(b" ") {
        match byte {
            b'a'..=b'f' | b'A'..=b'F' | b'0'..=b'9' | b'x' | b'X' | b'h' | b'H' | b'o' | b'O' => {
                length += 1;
            }
            byte if byte.is_ascii_alphanumeric() => {
                length += 1;
                is_number = false;
            }
            _ => {
                numbers += usize::from(is_number && (1..=LONGEST_NUMBER).contains(&length));
                (length, is_number) = (0, true);
            }
        }
    }
    numbers >= SHORTEST
}

/// `0b01011010`.
const LONGEST_NUMBER: usize = 10;
