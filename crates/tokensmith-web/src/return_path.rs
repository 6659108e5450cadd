//! Where people go after they have signed in: to a page of the application, and nowhere else.

use crate::{Error, ErrorKind};

/// The longest path, in bytes: it has to fit in a cookie with the rest.
const MAX_LENGTH: usize = 1024;

/// Fails unless a text is a path of this host, perhaps with a query, that every browser and every
/// program between reads as one.
///
/// Browsers take `\` for `/`, leave out tabs and line breaks, and read `//host` as another host.
/// Programs between may decode a path or fold its segments.
pub(crate) fn check(path: &str) -> Result<(), Error> {
    let refuse = |message: &'static str| Err(Error::new(ErrorKind::ReturnPath, message));
    if path.len() > MAX_LENGTH {
        return refuse("the return path is longer than 1024 bytes");
    }
    if !path.starts_with('/') {
        return refuse("the return path does not begin with `/`");
    }
    let is_fit = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte);
    if !path.bytes().all(is_fit) {
        return refuse(
            "the return path has a character that does not stand in a URL (RFC 3986): encode it",
        );
    }
    let segments = path.split(['?', '#']).next().unwrap_or_default();
    let decoded = decode(decode(segments));
    let is_unclear = decoded.iter().any(|byte| byte.is_ascii_control())
        || decoded.contains(&b'\\')
        || decoded.windows(2).any(|pair| pair == b"//")
        || decoded
            .split(|byte| *byte == b'/')
            .any(|segment| segment == b"." || segment == b"..");
    if is_unclear {
        return refuse(
            "the return path has an empty segment, `.`, `..`, `\\` or a control character, perhaps \
             encoded: programs read it differently",
        );
    }
    Ok(())
}

/// Decodes percent-encoding once.
fn decode(text: impl AsRef<[u8]>) -> Vec<u8> {
    let text = text.as_ref();
    let digit = |at: usize| {
        let byte = text.get(at).copied()?;
        char::from(byte).to_digit(16)
    };
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at).copied() {
        let value = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        decoded.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_this_host_is_taken() {
        for path in [
            "/",
            "/account",
            "/a/b/c/",
            "/search?q=a//b&next=https://other.example/",
            "/a%20b/%C3%BC?x=%2F%2F#part",
            "/.well-known/x",
            "/a..b/...",
            "/100%",
        ] {
            assert!(check(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn what_may_lead_elsewhere_is_refused() {
        let long = format!("/{}", "a".repeat(1024));
        for path in [
            "",
            "account",
            "?next=/",
            "https://evil.example/",
            "https:evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\\/evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\nSet-Cookie: a=b",
            "/\u{0}/evil.example",
            "/\u{7f}",
            " /account",
            "/account ",
            "/ü",
            "/\u{2028}",
            "/\u{ff0f}evil.example",
            "/%2fevil.example",
            "/%2Fevil.example",
            "/%5cevil.example",
            "/%255cevil.example",
            "/%252fevil.example",
            "/%09/evil.example",
            "/%0d%0aSet-Cookie:%20a=b",
            "/a/../..//evil.example",
            "/./evil.example",
            "/.",
            "/..",
            "/a/..",
            "/%2e%2e/evil.example",
            "/a//evil.example",
            "/<script>",
            "/\"",
            &long,
        ] {
            let error = check(path).expect_err(path);
            assert_eq!(error.kind(), ErrorKind::ReturnPath);
            assert!(
                path.len() < 5 || !error.to_string().contains(path),
                "{error}"
            );
        }
    }
}
