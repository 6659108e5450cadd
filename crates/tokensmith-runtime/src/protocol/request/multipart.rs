//! Bodies in parts (RFC 7578).

use std::borrow::Cow;

/// What stands between the parts, and the body.
pub(in crate::protocol) struct Multipart {
    pub(in crate::protocol) boundary: String,
    pub(in crate::protocol) body: Vec<u8>,
}

/// Writes a part for each parameter.
pub(in crate::protocol) fn write<'p>(pairs: &[(&'p str, Cow<'p, str>)]) -> Multipart {
    let boundary = boundary(pairs);
    let mut body = Vec::new();
    for (name, value) in pairs {
        for text in [
            "--",
            &boundary,
            "\r\nContent-Disposition: form-data; name=\"",
            &quoted(name),
            "\"\r\n\r\n",
            value,
            "\r\n",
        ] {
            body.extend_from_slice(text.as_bytes());
        }
    }
    for text in ["--", &boundary, "--\r\n"] {
        body.extend_from_slice(text.as_bytes());
    }
    Multipart { boundary, body }
}

/// The first of a row of texts that stands in none of the values, so that equal parameters give
/// equal bodies.
fn boundary(pairs: &[(&str, Cow<'_, str>)]) -> String {
    let is_free = |boundary: &String| {
        let mut pairs = pairs.iter();
        !pairs.any(|(name, value)| name.contains(boundary) || value.contains(boundary.as_str()))
    };
    let mut row = (0_u64..).map(|number| format!("tokensmith-{number:016x}"));
    // The row is longer than any text that could hold all of it.
    row.find(is_free).unwrap_or_default()
}

/// What a quoted name may not hold, as browsers write it.
fn quoted(name: &str) -> Cow<'_, str> {
    if !name.contains(['"', '\r', '\n']) {
        return Cow::Borrowed(name);
    }
    let name = name.replace('"', "%22").replace('\r', "%0D");
    Cow::Owned(name.replace('\n', "%0A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pairs: &[(&'static str, &str)]) -> (String, String) {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (*name, Cow::Owned((*value).to_owned())))
            .collect();
        let Multipart { boundary, body } = write(&pairs);
        (boundary, String::from_utf8(body).unwrap())
    }

    #[test]
    fn each_parameter_is_a_part() {
        let (boundary, body) = written(&[("grant_type", "a"), ("od\"d\r\n", "1\r\n2 é")]);
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\na\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"od%22d%0D%0A\"\r\n\r\n1\r\n2 é\r\n\
             --{boundary}--\r\n"
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn the_boundary_stands_in_no_value() {
        let (first, _) = written(&[("a", "b")]);
        let value = format!("\r\n--{first}--\r\n");
        let (second, body) = written(&[("a", &value)]);
        assert_ne!(first, second);
        assert_eq!(body.matches(&second).count(), 2);
    }
}
