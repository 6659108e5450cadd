//! The first lines of an imported document: where it is from, and what it was before anybody changed it.

/// The first line of a document that was imported, up to the vendor's file.
pub const HEADER: &str = "# Made by `cargo xtask import` from ";

/// The line that tells whether somebody changed the document, up to the checksum.
const CHECKSUM: &str = "# Unless somebody edits it, what follows has the checksum ";

/// The text of an import below its head.
pub(super) fn headed(source: &str, text: &str) -> String {
    let source: String = source
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    format!(
        "{HEADER}{source}: its OAuth operations and what they refer to.\n\
         # What it leaves open, and what you add, is for the overlay beside it: `cargo xtask update` puts a newer file in the place of this one.\n\
         {CHECKSUM}{:016x}.\n{text}",
        checksum(text)
    )
}

/// Whether a document was made by an import.
pub fn is_imported(document: &[u8]) -> bool {
    document.starts_with(HEADER.as_bytes())
}

/// Whether it is one that nobody changed since: importing anew loses nothing but what the vendor dropped.
pub fn is_as_imported(document: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(document) else {
        return false;
    };
    let mut lines = text.splitn(4, '\n');
    let (first, written, rest) = (lines.next(), lines.nth(1), lines.next());
    let written = written.and_then(|line| line.trim_end().strip_prefix(CHECKSUM));
    first.is_some_and(|first| first.starts_with(HEADER))
        && rest.is_some_and(|rest| written == Some(&format!("{:016x}.", checksum(rest))))
}

/// [FNV-1a](https://www.rfc-editor.org/rfc/rfc9923), which is the same whatever this is built with. Git may have changed the line ends.
fn checksum(text: &str) -> u64 {
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_noticed_and_line_ends_are_none() {
        let text = headed("a\nb.yaml", "openapi: 3.0.3\ninfo: {}\n");
        assert!(text.starts_with("# Made by `cargo xtask import` from ab.yaml: "));
        assert!(is_as_imported(text.as_bytes()));
        assert!(is_as_imported(text.replace('\n', "\r\n").as_bytes()));
        let edited = text.replace("info", "# A comment.\ninfo");
        assert!(is_imported(edited.as_bytes()) && !is_as_imported(edited.as_bytes()));
        let unmarked = text.replace(CHECKSUM, "# ");
        assert!(!is_as_imported(unmarked.as_bytes()));
        assert!(!is_as_imported(b"openapi: 3.0.3\n") && !is_imported(b"openapi: 3.0.3\n"));
    }

    #[test]
    fn the_checksum_is_that_of_others() {
        assert_eq!(checksum(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(checksum("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(checksum("foobar"), 0x8594_4171_f739_67e8);
    }
}
