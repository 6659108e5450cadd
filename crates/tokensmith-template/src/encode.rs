//! Percent-encoding of values (RFC 3986, section 2.1).

use std::fmt::Write as _;

/// Writes a text with all but unreserved characters (RFC 3986, section 2.3) encoded.
pub(crate) fn component(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// Whether a segment of a path is a dot segment (RFC 3986, section 3.3), as it stands or decoded:
/// one that leads to another path (section 5.2.4).
pub fn is_dot_segment(segment: &str) -> bool {
    let decoded = segment.replace("%2e", ".").replace("%2E", ".");
    matches!(decoded.as_str(), "." | "..")
}
