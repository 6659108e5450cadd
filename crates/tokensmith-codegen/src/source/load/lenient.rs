//! Text that is nearly JSON or YAML, made into what the readers take.
//!
//! What is taken away becomes blank, so that every other character stays where it was.

/// JSON without its comments (`//`, `/* */`), its commas before a closing bracket and its halves of characters; `None` if it has none.
pub(super) fn plain_json(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    let mut comma = None;
    let mut index = 0;
    while let Some(byte) = bytes.get(index).copied() {
        match (byte, bytes.get(index + 1)) {
            (b'"', _) => {
                let end = end_of_string(&bytes, index);
                changed |= replace_half_characters(&mut bytes[index..end]);
                index = end;
                comma = None;
                continue;
            }
            (b'/', Some(b'/')) => {
                let end = find(&bytes, index, b"\n").unwrap_or(bytes.len());
                blank(&mut bytes[index..end]);
                (changed, index) = (true, end);
                continue;
            }
            (b'/', Some(b'*')) => {
                let end = find(&bytes, index + 2, b"*/").map_or(bytes.len(), |end| end + 2);
                blank(&mut bytes[index..end]);
                (changed, index) = (true, end);
                continue;
            }
            (b',', _) => comma = Some(index),
            (b'}' | b']', _) => {
                if let Some(comma) = comma.take() {
                    bytes[comma] = b' ';
                    changed = true;
                }
            }
            (byte, _) if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        index += 1;
    }
    // Whole characters were replaced, so that this cannot fail.
    changed.then(|| String::from_utf8(bytes).ok()).flatten()
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut index = start + 1;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'"' => return index + 1,
            b'\\' => index += 2,
            _ => index += 1,
        }
    }
    bytes.len()
}

/// Escapes that are one half of a character become U+FFFD. Whether there were any.
fn replace_half_characters(text: &mut [u8]) -> bool {
    let unit = |text: &[u8], at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut changed = false;
    let mut index = 0;
    while index < text.len() {
        if text[index] != b'\\' {
            index += 1;
            continue;
        }
        let is_low = |unit: Option<u16>| unit.is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
        match unit(text, index) {
            Some(0xd800..0xdc00) if is_low(unit(text, index + 6)) => index += 12,
            Some(0xd800..0xe000) => {
                text[index..index + 6].copy_from_slice(b"\\ufffd");
                changed = true;
                index += 6;
            }
            _ => index += 2,
        }
    }
    changed
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(wanted.len())
        .position(|window| window == wanted)
        .map(|found| from + found)
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if !byte.is_ascii_whitespace() {
            *byte = b' ';
        }
    }
}

/// YAML whose tabs are blanks where that cannot change its meaning: in lines with nothing else, before comments and at the ends of lines.
///
/// A tab that indents stays, since nobody can know how deep it was meant. `None` if nothing changed.
pub(super) fn without_harmless_tabs(text: &str) -> Option<String> {
    let mut repaired = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let indentation = &line[..line.len() - content.len()];
        if content.trim().is_empty() || content.starts_with('#') {
            repaired.push_str(&indentation.replace('\t', " "));
            repaired.push_str(content);
        } else {
            let kept = line.trim_end();
            repaired.push_str(kept);
            repaired.push_str(&line[kept.len()..].replace('\t', " "));
        }
    }
    (repaired != text).then_some(repaired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_become_blank() {
        assert_eq!(
            plain_json("{\"a\": \"//\\\"/*\", // x\n /* y\n */ \"b\": [1,\n],}").as_deref(),
            Some("{\"a\": \"//\\\"/*\",     \n     \n    \"b\": [1 \n] }")
        );
        assert_eq!(plain_json("{\"a\": [1, 2]}"), None);
        assert_eq!(plain_json("{\"a\": \"x"), None);
    }

    #[test]
    fn half_a_character_is_none() {
        assert_eq!(
            plain_json(r#"{"a\ud83d": "\\ud83d \ud83d\ude00 \udE00\u12"}"#).as_deref(),
            Some(r#"{"a\ufffd": "\\ud83d \ud83d\ude00 \ufffd\u12"}"#)
        );
    }

    #[test]
    fn a_comment_may_have_any_characters_and_no_end() {
        assert_eq!(plain_json("1 /* ä").as_deref(), Some("1      "));
    }

    #[test]
    fn only_tabs_that_say_nothing_go() {
        assert_eq!(
            without_harmless_tabs("a:\t1\t\n\t\n\t# b\n\tc: 1\r\n").as_deref(),
            Some("a:\t1 \n \n # b\n\tc: 1\r\n")
        );
        assert_eq!(without_harmless_tabs("a:\n\tb: 1\n"), None);
    }
}
