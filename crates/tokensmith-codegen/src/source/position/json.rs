//! JSON is skipped over much faster than YAML is parsed.

use std::borrow::Cow;

use super::{MAX_DEPTH, Wanted, by_token};

/// For each path the offset of its value, or of its nearest ancestor that the text has; a member's is that of its key.
///
/// `None` where the text is no JSON, up to the last of them.
pub(super) fn locate(text: &str, wanted: Vec<Wanted<'_>>, count: usize) -> Option<Vec<usize>> {
    let mut search = Search {
        cursor: Cursor { text, at: 0 },
        found: vec![0; count],
    };
    search.cursor.blanks();
    search.value(wanted, search.cursor.at, 0)?;
    Some(search.found)
}

struct Search<'t> {
    cursor: Cursor<'t>,
    found: Vec<usize>,
}

impl Search<'_> {
    /// Looks into the value that begins here, which is found at an offset.
    fn value(&mut self, wanted: Vec<Wanted<'_>>, offset: usize, depth: usize) -> Option<()> {
        for wanted in &wanted {
            self.found[wanted.index] = offset;
        }
        let inside: Vec<Wanted<'_>> = wanted
            .into_iter()
            .filter(|wanted| !wanted.path.is_empty())
            .collect();
        let opens = self.cursor.peek()?;
        if inside.is_empty() || depth > MAX_DEPTH || !matches!(opens, b'{' | b'[') {
            return Some(());
        }
        self.cursor.at += 1;
        let mut wanted = by_token(inside);
        for number in 0_usize.. {
            self.cursor.blanks();
            // Behind the last of them the text may be anything.
            if wanted.is_empty() || matches!(self.cursor.peek()?, b'}' | b']') {
                break;
            }
            let start = self.cursor.at;
            let here = if opens == b'{' {
                let key = self.cursor.key()?;
                wanted.remove(&*key)
            } else {
                wanted.remove(number.to_string().as_str())
            };
            let value = self.cursor.at;
            if let Some(here) = here {
                self.value(here, start, depth + 1)?;
                self.cursor.at = value;
            }
            if !wanted.is_empty() {
                self.cursor.next()?;
            }
        }
        Some(())
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// A member's key, and on to its value.
    fn key(&mut self) -> Option<Cow<'a, str>> {
        let key = self.string()?;
        self.blanks();
        self.expect(b':')?;
        self.blanks();
        Some(key)
    }

    /// Passes over a value and the comma after it.
    fn next(&mut self) -> Option<()> {
        let mut open = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => match open.checked_sub(1) {
                    Some(less) => open = less,
                    // The end of what the value stands in.
                    None => return Some(()),
                },
                b',' if open == 0 => {
                    self.at += 1;
                    return Some(());
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        self.expect(b'"')?;
        let mut is_plain = true;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at)?;
        if is_plain {
            return Some(Cow::Borrowed(&quoted[1..quoted.len() - 1]));
        }
        serde_json::from_str(quoted).ok().map(Cow::Owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, path: &[&str]) -> Option<usize> {
        let path: Vec<String> = path.iter().map(|token| (*token).to_owned()).collect();
        let wanted = Wanted {
            index: 0,
            path: &path,
        };
        locate(text, vec![wanted], 1)?.pop()
    }

    #[test]
    fn members_and_items_are_found() {
        let text = r#" {"a\"}": [1, {"b": {}}], "c": "]", "ä": null}"#;
        assert_eq!(at(text, &[]), Some(1));
        assert_eq!(at(text, &["a\"}", "1", "b", "x"]), text.find("\"b"));
        assert_eq!(at(text, &["c"]), text.find("\"c"));
        assert_eq!(at(text, &["ä"]), text.find("\"ä"));
        assert_eq!(at(text, &["d"]), Some(1));
        assert_eq!(at(text, &["a\"}", "2"]), Some(2));
    }

    #[test]
    fn what_is_no_json_is_not_found() {
        for text in [
            "",
            "{a: 1}",
            "{\"a\"",
            "{\"a\": [1",
            "{\"a\\",
            "{ // c\n\"a\": 1}",
        ] {
            assert_eq!(at(text, &["b"]), None, "{text}");
        }
    }
}
