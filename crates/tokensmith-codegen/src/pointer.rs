//! JSON Pointers ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).

use std::borrow::Cow;

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// The pointer to `token` below `parent`.
pub fn join(parent: &str, token: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + token.len() + 1);
    pointer.push_str(parent);
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    pointer
}

/// The pointer to several tokens below `parent`.
pub(crate) fn join_all(parent: &str, tokens: &[&str]) -> String {
    tokens
        .iter()
        .fold(parent.to_owned(), |pointer, token| join(&pointer, token))
}

/// How a walk came to a value. It is spelt out as a pointer only when somebody asks: most values of a
/// document are passed by in silence.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trail<'t> {
    /// Where the walk began.
    Start(&'t str),
    Key(&'t Trail<'t>, &'t str),
    Index(&'t Trail<'t>, usize),
}

impl<'t> Trail<'t> {
    pub(crate) fn key(&'t self, key: &'t str) -> Self {
        Self::Key(self, key)
    }

    pub(crate) fn index(&'t self, index: usize) -> Self {
        Self::Index(self, index)
    }

    pub(crate) fn pointer(&self) -> String {
        match self {
            Self::Start(pointer) => (*pointer).to_owned(),
            Self::Key(parent, key) => join(&parent.pointer(), key),
            Self::Index(parent, index) => join(&parent.pointer(), &index.to_string()),
        }
    }
}

/// The unescaped tokens of a pointer.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer
        .split('/')
        .skip(1)
        .map(|token| unescaped(token).into_owned())
}

fn unescaped(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
    }
}

/// What [`Value::pointer`] finds. That one copies every token, and this is asked for each reference.
pub(crate) fn find<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    let mut tokens = pointer.split('/').skip(1);
    tokens.try_fold(root, |value, token| match value {
        Value::Object(members) => members.get(&*unescaped(token)),
        Value::Array(items) => items.get(index(token)?),
        _ => None,
    })
}

/// The index that a token is, which is written in one way only.
fn index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || !token.starts_with(['0', '+']);
    is_plain.then(|| token.parse().ok()).flatten()
}

/// The pointer to what holds the value at `pointer`; the whole document is in nothing.
pub(crate) fn parent(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(parent, _)| parent)
}

/// Whether a pointer is `ancestor` or leads to something below it.
pub fn is_within(pointer: &str, ancestor: &str) -> bool {
    pointer
        .strip_prefix(ancestor)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the text is a JSON Pointer to something below the root.
pub(crate) fn is_valid(pointer: &str) -> bool {
    pointer.starts_with('/') && !pointer.replace("~0", "").replace("~1", "").contains('~')
}

/// The pointer of a `$ref` into the same document: its URI fragment, percent-decoded.
///
/// `None` when the reference leaves the document.
pub fn of_reference(reference: &str) -> Option<String> {
    let (file, fragment) = split_reference(reference);
    file.is_empty().then_some(fragment)
}

/// The file of a `$ref`, empty for the same document, and the pointer into it; both percent-decoded.
pub(crate) fn split_reference(reference: &str) -> (String, String) {
    let (file, fragment) = reference.trim().split_once('#').unwrap_or((reference, ""));
    // `a.yaml#/` means the whole file wherever it is written; an empty key means nothing.
    let fragment = if fragment == "/" { "" } else { fragment };
    (percent_decode(file.trim()), percent_decode(fragment))
}

pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let escaped = (bytes[index] == b'%')
            .then(|| text.get(index + 1..index + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(byte) => {
                decoded.push(byte);
                index += 3;
            }
            None => {
                decoded.push(bytes[index]);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The JSON Pointer of a path that serde took.
pub(crate) fn of_path(path: &Path) -> String {
    path.iter()
        .fold(String::new(), |parent, segment| match segment {
            Segment::Seq { index } => join(&parent, &index.to_string()),
            Segment::Map { key } => join(&parent, key),
            Segment::Enum { .. } | Segment::Unknown => parent,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_unescapes() {
        let pointer = join_all("/paths", &["/oauth2/token", "a~b"]);
        assert_eq!(pointer, "/paths/~1oauth2~1token/a~0b");
        assert_eq!(
            tokens(&pointer).collect::<Vec<_>>(),
            ["paths", "/oauth2/token", "a~b"]
        );
    }

    #[test]
    fn a_trail_is_spelt_out_from_its_start() {
        let start = Trail::Start("/paths");
        let path = start.key("/oauth2/token");
        let list = path.key("parameters");
        assert_eq!(
            list.index(2).pointer(),
            "/paths/~1oauth2~1token/parameters/2"
        );
        assert_eq!(Trail::Start("").pointer(), "");
    }

    #[test]
    fn references_are_percent_decoded() {
        assert_eq!(
            of_reference("#/paths/~1a%7Bb%7D").as_deref(),
            Some("/paths/~1a{b}")
        );
        assert_eq!(of_reference("#/a%zz%e4").as_deref(), Some("/a%zz\u{fffd}"));
        assert_eq!(of_reference("other.yaml#/a"), None);
        let split = |file: &str, fragment: &str| (file.to_owned(), fragment.to_owned());
        assert_eq!(
            split_reference("a%20b.yaml#/c~1d"),
            split("a b.yaml", "/c~1d")
        );
        assert_eq!(split_reference("a.yaml"), split("a.yaml", ""));
        assert_eq!(split_reference("#/"), split("", ""));
    }

    #[test]
    fn finds_what_serde_json_finds() {
        let root = serde_json::json!({"": 1, "a/b": [{"~": 2}, 3], "0": {"": {"c%d": 4}}});
        for pointer in [
            "",
            "/",
            "/a~1b",
            "/a~1b/0/~0",
            "/a~1b/1",
            "/a~1b/01",
            "/a~1b/+1",
            "/a~1b/2",
            "/a~1b/-",
            "/a~1b/",
            "/0//c%d",
            "/0/0",
            "a",
            "/a~1b/1/x",
            "//",
            "/a/b",
        ] {
            assert_eq!(find(&root, pointer), root.pointer(pointer), "{pointer}");
        }
    }
}
