//! Characters that nobody sees: what stands between two letters and looks like nothing, or changes
//! the direction of writing.

/// The length in bytes of the character that a text begins with, if nobody sees it.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let length = match text.first()? {
        0xc2 | 0xcd | 0xd8 => 2,
        0xe1 | 0xe2 | 0xe3 | 0xef => 3,
        0xf3 => 4,
        _ => return None,
    };
    let character = std::str::from_utf8(text.get(..length)?).ok()?;
    character
        .chars()
        .next()
        .filter(|character| is(*character))?;
    Some(length)
}

/// Marks of no width and of direction, line separators, fillers, selectors of variants, and the tags
/// of Unicode.
pub(super) fn is(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
