//! The width of prose in Markdown.

use super::Finding;

const WIDTH: usize = 100;

/// Written by `cargo xtask bench`.
const GENERATED: &str = "docs/BENCHMARKS.md";

pub(super) fn is_checked(file: &str) -> bool {
    file.ends_with(".md") && file != GENERATED
}

/// Finds lines that are too long. Code, tables, comments and URLs do not count.
pub(super) fn check(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut is_code = false;
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start();
        if content.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        let is_exempt = is_code || content.starts_with('|') || content.starts_with("<!-- ");
        let width = without_urls(line).chars().count();
        if !is_exempt && width > WIDTH {
            findings.push(Finding {
                line: index + 1,
                message: format!("{width} columns: wrap prose at {WIDTH}"),
            });
        }
    }
    findings
}

/// The line without its URLs.
fn without_urls(line: &str) -> String {
    let mut rest = line;
    let mut kept = String::new();
    while let Some(start) = rest.find("https://").or_else(|| rest.find("http://")) {
        kept.push_str(&rest[..start]);
        let url = &rest[start..];
        let end = url
            .find(|end: char| end.is_whitespace() || matches!(end, ')' | '>' | '`'))
            .unwrap_or(url.len());
        rest = &url[end..];
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        check(text).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn only_prose_is_wrapped() {
        let long = "word ".repeat(21);
        assert_eq!(lines(&format!("short\n{long}\n")), [2]);
        assert_eq!(lines(&format!("- {long}\n  {long}\n")), [1, 2]);
        assert_eq!(lines(&format!("```sh\n{long}\n```\n{long}\n")), [4]);
        assert!(lines(&format!("| {long} |\n<!-- sample: {long} -->\n")).is_empty());
    }

    #[test]
    fn a_line_has_the_width_of_its_characters() {
        assert!(lines(&"é".repeat(100)).is_empty());
        assert_eq!(lines(&"é".repeat(101)), [1]);
    }

    #[test]
    fn a_url_does_not_count_and_the_words_beside_it_do() {
        let url = format!("https://example.com/{}", "a".repeat(90));
        assert!(lines(&format!("see [the page]({url}) for more")).is_empty());
        let long = "word ".repeat(21);
        assert_eq!(lines(&format!("{long} [the page]({url})")), [1]);
    }
}
