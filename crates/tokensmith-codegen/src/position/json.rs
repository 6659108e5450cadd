//! JSON is skipped over much faster than YAML is parsed.

use std::borrow::Cow;

/// The offset of the value at `path`, or of its nearest ancestor that the text has; a member's is that of its key.
///
/// `None` where the text is no JSON, up to there.
pub(super) fn locate(text: &str, path: &[String]) -> Option<usize> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.blanks();
    let mut found = cursor.at;
    for token in path {
        match cursor.peek()? {
            b'{' => match cursor.member(token)? {
                Some(key) => found = key,
                None => return Some(found),
            },
            b'[' => match cursor.item(token)? {
                Some(item) => found = item,
                None => return Some(found),
            },
            _ => return Some(found),
        }
    }
    Some(found)
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

    /// Goes to the value of a member of the object that begins here; its key's offset, nothing if there is none.
    fn member(&mut self, name: &str) -> Option<Option<usize>> {
        self.expect(b'{')?;
        loop {
            self.blanks();
            if self.peek()? == b'}' {
                return Some(None);
            }
            let start = self.at;
            let key = self.string()?;
            self.blanks();
            self.expect(b':')?;
            self.blanks();
            if key == name {
                return Some(Some(start));
            }
            self.next()?;
        }
    }

    /// Goes to an item of the list that begins here; its offset, nothing if there is none.
    fn item(&mut self, index: &str) -> Option<Option<usize>> {
        let Ok(index) = index.parse::<usize>() else {
            return Some(None);
        };
        self.expect(b'[')?;
        for number in 0.. {
            self.blanks();
            if self.peek()? == b']' {
                break;
            }
            if number == index {
                return Some(Some(self.at));
            }
            self.next()?;
        }
        Some(None)
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
        locate(text, &path)
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
