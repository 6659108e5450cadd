//! Lines of YAML, and values in them.

/// A document that grows line by line.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds a line at a depth of two blanks a level.
    pub(super) fn add(&mut self, depth: usize, line: &str) {
        for _ in 0..depth {
            self.0.push_str("  ");
        }
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// Returns the document.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A text as a value of a block or a flow: plain where it can be read as nothing else, else quoted.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.chars().any(char::is_control) {
        // JSON's quotes are YAML's.
        serde_json::Value::from(text).to_string()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Words, sentences, paths and URLs: nothing that is a number, a date, a truth value or syntax.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let rest = text.strip_prefix("https://").unwrap_or(text);
    let is_word = |character: char| {
        character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.' | '/' | ' ')
    };
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && !text.ends_with(' ')
        && rest.chars().all(is_word)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Values of a flow: `a, b`.
pub(super) fn flow<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.into_iter().map(scalar).collect();
    values.join(", ")
}

/// Members of a flow: `{a: b, c: d}`.
pub(super) fn mapping(members: &[(String, String)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}: {}", scalar(name), scalar(value)))
        .collect();
    format!("{{{}}}", members.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_it_was() {
        for text in [
            "plain",
            "https://a.example/b",
            "/oauth2/token",
            "urn:a:b",
            "1e3",
            "2026-11-29",
            "No",
            "null",
            "",
            ",",
            " a: b # c",
            "it's \"so\"",
            "ends with a blank ",
            "A sentence.",
            "two\nlines\u{7}",
            "*alias",
            "[a]",
            "{a: b}",
        ] {
            let document = format!("block: {}\nflow: [{}]\n", scalar(text), flow([text]));
            let source = tokensmith_codegen::Source::new("a", document.as_bytes());
            assert!(
                tokensmith_codegen::authoring::is_readable(source),
                "{document}"
            );
            let quoted = scalar(text);
            let is_kept = match quoted.as_bytes().first() {
                Some(b'\'') => quoted[1..quoted.len() - 1].replace("''", "'") == text,
                Some(b'"') => {
                    serde_json::from_str::<String>(&quoted).is_ok_and(|read| read == text)
                }
                _ => quoted == text,
            };
            assert!(is_kept, "{quoted}");
        }
        assert_eq!(scalar("https://a.example/b"), "https://a.example/b");
        assert_eq!(scalar("urn:a"), "'urn:a'");
        assert_eq!(scalar("yes"), "'yes'");
    }
}
