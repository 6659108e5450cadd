//! Texts of documents, which are anybody's, as Markdown that nothing in them breaks out of.

/// Returns a text without what a terminal would obey or what hides how it reads, in one line.
pub fn plain(text: &str) -> String {
    let plain = |character: char| match character {
        '"' | '\'' | '\\' => character.to_string(),
        other => other.escape_debug().to_string(),
    };
    text.chars().map(plain).collect()
}

/// Returns a text as code in a line, in which nothing is a link, a mention or HTML.
pub fn code(text: &str) -> String {
    format!("`{}`", plain(text).replace('`', "'"))
}

/// Returns a text as code in a cell of a table: GitHub ends a cell at `|`, even within code.
pub fn cell(text: &str) -> String {
    code(text).replace('|', "¦")
}

/// Returns lines as a block of code, in which nothing is a link, a mention or HTML. No line ends
/// it: its fence is longer than any row of backticks in it.
pub fn block(text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let lines: Vec<String> = text.split('\n').map(|line| plain(line) + "\n").collect();
    let lines = lines.concat();
    format!("{fence}text\n{}\n{fence}\n", lines.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_ends_a_block() {
        let hostile = "a\n```\n<script>\n`````\n~~~\r\n```\u{2028}@everyone\u{202e}\n";
        let block = block(hostile);
        let mut lines = block.lines();
        let fence = lines.next().expect("has a first line");
        assert_eq!(fence, "``````text");
        let closing: Vec<&str> = lines.filter(|line| line.starts_with("``````")).collect();
        assert_eq!(closing, ["``````"]);
        assert!(block.ends_with("\n``````\n"), "{block}");
        let is_obeyed = |character: char| character.is_control() && character != '\n';
        assert!(!block.contains(is_obeyed) && !block.contains(['\u{2028}', '\u{202e}']));
        assert_eq!(super::block(""), "```text\n\n```\n");
    }

    #[test]
    fn code_stays_in_its_line() {
        assert_eq!(code("a`<b>\n@c"), "`a'<b>\\n@c`");
    }

    #[test]
    fn code_stays_in_its_cell() {
        assert_eq!(cell("a` | @c"), "`a' ¦ @c`");
    }
}
