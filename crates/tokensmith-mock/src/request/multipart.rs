//! Bodies in parts (RFC 7578).

/// Reads names and values; nothing if the body is malformed.
pub(super) fn read(content_type: &str, body: &str) -> Option<Vec<(String, String)>> {
    let (_, boundary) = content_type.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let delimiter = format!("\r\n--{boundary}");
    let whole = format!("\r\n{body}");
    let mut parts = whole.split(&delimiter);
    if !parts.next()?.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for part in parts {
        if let Some(end) = part.strip_prefix("--") {
            return end.trim().is_empty().then_some(found);
        }
        let (head, value) = part.strip_prefix("\r\n")?.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let disposition = lines.find(|line| {
            line.to_ascii_lowercase()
                .starts_with("content-disposition:")
        })?;
        let (_, name) = disposition.split_once("name=\"")?;
        let name = name.split('"').next()?;
        let name = name.replace("%22", "\"").replace("%0D", "\r");
        found.push((name.replace("%0A", "\n"), value.to_owned()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn parts_are_read_to_the_closing_delimiter() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n2\r\n--x\r\n\
                    content-disposition: form-data; name=\"c\"\r\n\r\n\r\n--x--\r\n";
        let pairs = [("a\"b", "1\r\n2"), ("c", "")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            read("multipart/form-data; boundary=x", body),
            Some(pairs.to_vec())
        );
        for cut in [body.len() - 6, 20] {
            assert_eq!(read("multipart/form-data; boundary=x", &body[..cut]), None);
        }
        assert_eq!(read("multipart/form-data", body), None);
    }
}
