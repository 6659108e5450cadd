//! Letters and digits that are drawn otherwise: of full width, in circles, and those of mathematics.

/// The ASCII letter or digit that a character is a drawing of (Unicode's compatibility forms).
pub(super) fn plain(character: char) -> Option<u8> {
    let code = u32::from(character);
    let from = |first: u8, offset: u32| u8::try_from(offset).ok()?.checked_add(first);
    let folded = match code {
        0xff10..=0xff5a => from(b'0', code - 0xff10),
        0x1d400..=0x1d6a3 => match (code - 0x1d400) % 52 {
            upper @ 0..=25 => from(b'A', upper),
            lower => from(b'a', lower - 26),
        },
        0x1d7ce..=0x1d7ff => from(b'0', (code - 0x1d7ce) % 10),
        0x2460..=0x2468 => from(b'1', code - 0x2460),
        0x24ea => Some(b'0'),
        0x24b6..=0x24cf => from(b'A', code - 0x24b6),
        0x24d0..=0x24e9 => from(b'a', code - 0x24d0),
        _ => LETTERLIKE
            .iter()
            .find(|(drawn, _)| *drawn == character)
            .map(|(_, letter)| *letter),
    };
    folded.filter(u8::is_ascii_alphanumeric)
}

/// Letters of mathematics that Unicode had before the others.
const LETTERLIKE: [(char, u8); 24] = [
    ('ℂ', b'C'),
    ('ℊ', b'g'),
    ('ℋ', b'H'),
    ('ℌ', b'H'),
    ('ℍ', b'H'),
    ('ℎ', b'h'),
    ('ℐ', b'I'),
    ('ℑ', b'I'),
    ('ℒ', b'L'),
    ('ℕ', b'N'),
    ('ℙ', b'P'),
    ('ℚ', b'Q'),
    ('ℛ', b'R'),
    ('ℜ', b'R'),
    ('ℝ', b'R'),
    ('ℤ', b'Z'),
    ('ℨ', b'Z'),
    ('ℬ', b'B'),
    ('ℭ', b'C'),
    ('ℯ', b'e'),
    ('ℰ', b'E'),
    ('ℱ', b'F'),
    ('ℳ', b'M'),
    ('ℴ', b'o'),
];

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn drawn_letters_are_read() {
        for (drawn, letters) in [
            ("Ｋｑ７", "Kq7"),
            ("𝐊𝐪𝟕", "Kq7"),
            ("𝘒𝘲𝟩", "Kq7"),
            ("Ⓚⓠ", "Kq"),
        ] {
            let read: Vec<u8> = drawn.chars().filter_map(plain).collect();
            assert_eq!(read, letters.as_bytes(), "{drawn}");
        }
        assert!("é本：Kq7".chars().all(|letter| plain(letter).is_none()));
    }
}
