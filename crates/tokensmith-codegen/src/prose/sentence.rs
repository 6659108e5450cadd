//! Where the sentences of a text in Markdown end.

/// The sentences of a text, with items of lists and clauses behind a semicolon apart. One that goes over several lines has their
/// line breaks.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let clauses = blocks(text).into_iter().flat_map(|text| text.split(';'));
    clauses.flat_map(|mut rest| {
        std::iter::from_fn(move || {
            let (sentence, behind) = first_of(rest)?;
            rest = behind;
            Some(sentence)
        })
    })
}

/// A text with each sentence on one line.
pub(crate) fn unwrapped(text: &str) -> String {
    let lines = blocks(text).into_iter();
    let lines: Vec<String> = lines.map(|block| block.replace('\n', " ")).collect();
    lines.join("\n")
}

/// A text's first sentence without its mark, and what follows; `None` of no text.
fn first_of(text: &str) -> Option<(&str, &str)> {
    let is_end = |at: &usize| {
        let next = text[at + 1..].chars().next();
        // A query of a URL begins with a mark as well.
        next.is_none_or(char::is_whitespace)
    };
    let mut marks = text.match_indices(['.', '!', '?']).map(|(at, _)| at);
    match marks.find(is_end) {
        _ if text.is_empty() => None,
        Some(at) => Some((&text[..at], &text[at + 1..])),
        None => Some((text, "")),
    }
}

/// The parts of a text that line breaks end: paragraphs, items of lists, rows of tables.
fn blocks(text: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices('\n') {
        let line = text[start..at].rsplit('\n').next().unwrap_or_default();
        let next = text[at + 1..].split('\n').next().unwrap_or_default();
        if ends_block(line) || begins_block(next) {
            blocks.push(&text[start..at]);
            start = at + 1;
        }
    }
    blocks.push(&text[start..]);
    blocks
}

fn ends_block(line: &str) -> bool {
    const MARKS: [char; 7] = ['.', ':', ';', '!', '?', '|', '>'];
    let bare = line.trim();
    bare.is_empty()
        || bare.starts_with('#')
        || bare.ends_with(MARKS)
        || line.ends_with("  ")
        || line.ends_with('\\')
}

fn begins_block(line: &str) -> bool {
    const MARKS: [&str; 12] = [
        "- ", "* ", "+ ", "• ", "#", "|", ">", "<", "```", "~~~", "---", "===",
    ];
    let line = line.trim();
    let is_numbered = || {
        let behind = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        behind.len() < line.len() && (behind.starts_with(". ") || behind.starts_with(") "))
    };
    line.is_empty() || MARKS.iter().any(|mark| line.starts_with(mark)) || is_numbered()
}

#[cfg(test)]
mod tests {
    use super::{sentences, unwrapped};

    #[test]
    fn a_line_break_within_a_paragraph_ends_no_sentence() {
        let of = |text| -> Vec<&str> {
            let all = sentences(text).map(str::trim);
            all.filter(|sentence| !sentence.is_empty()).collect()
        };
        for (text, expected) in [
            ("a\nb. c\nd", &["a\nb", "c\nd"][..]),
            ("a.\nB", &["a", "B"]),
            ("a\n\nb", &["a", "b"]),
            ("a\n- b\n  c\n- d", &["a", "- b\n  c", "- d"]),
            ("a:\nb", &["a:", "b"]),
            ("a\n1. b\n2) c", &["a", "1", "b", "2) c"]),
            ("| a |\n| b |", &["| a |", "| b |"]),
            ("# a\nb", &["# a", "b"]),
            ("a<br>\nb  \nc\\\nd", &["a<br>", "b", "c\\", "d"]),
            ("a? b! c; d", &["a", "b", "c", "d"]),
            (
                "see https://a.example/?b=1.2 or c",
                &["see https://a.example/?b=1.2 or c"],
            ),
            ("a\r\nb\r\n\r\nc", &["a\r\nb", "c"]),
            ("", &[]),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
        assert_eq!(unwrapped("a\nb\n\n- c\nd"), "a b\n\n- c d");
    }
}
