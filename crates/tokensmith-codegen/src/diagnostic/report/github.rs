//! A diagnostic as an annotation of a pull request.

use super::place;
use crate::diagnostic::visible::visible;
use crate::diagnostic::{Diagnostic, Severity};

/// A diagnostic as a [workflow command](https://docs.github.com/actions/reference/workflow-commands-for-github-actions) of GitHub's, in one line.
pub fn github(diagnostic: &Diagnostic) -> String {
    let mut properties = vec![format!("file={}", property(&visible(&diagnostic.file)))];
    if let Some(position) = diagnostic.position {
        properties.push(format!("line={}", position.line));
        properties.push(format!("col={}", position.column));
    }
    let title = format!("{} {}", diagnostic.rule.code(), diagnostic.rule.name());
    properties.push(format!("title={}", property(&title)));
    let mut message = diagnostic.message.clone();
    if !diagnostic.pointer.is_empty() {
        message.push_str(&format!("\nat {}", place(&diagnostic.pointer)));
    }
    if let Some(help) = &diagnostic.help {
        message.push_str(&format!("\nfix: {help}"));
    }
    command(diagnostic.severity(), &properties.join(","), &message)
}

/// A message that is about no line of a document.
pub(crate) fn github_message(severity: Severity, message: &str) -> String {
    command(severity, "", message)
}

fn command(severity: Severity, properties: &str, message: &str) -> String {
    let lines: Vec<String> = message.lines().map(visible).collect();
    let space = if properties.is_empty() { "" } else { " " };
    // What GitHub calls a note.
    let severity = match severity {
        Severity::Note => "notice".to_owned(),
        other => other.to_string(),
    };
    format!(
        "::{severity}{space}{properties}::{}",
        data(&lines.join("\n"))
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Position, Rule};

    #[test]
    fn nothing_in_a_document_ends_the_command() {
        let mut diagnostic =
            Diagnostic::new(Rule::Syntax, "/a", "50%\r\n::error::x").in_file("a,b:c.yaml");
        diagnostic.position = Some(Position::new(3, 4));
        assert_eq!(
            github(&diagnostic),
            "::error file=a%2Cb%3Ac.yaml,line=3,col=4,title=TS002 syntax::50%25%0A::error::x%0Aat /a"
        );
    }

    #[test]
    fn nothing_in_a_document_is_obeyed_by_who_reads_the_log() {
        let text = "a\x1b[2Jb\x07c\u{9b}d\u{202e}e\u{e0041}";
        let mut diagnostic = Diagnostic::new(Rule::Syntax, format!("/{text}"), text)
            .help(text)
            .in_file(text);
        diagnostic.position = Some(Position::new(3, 4));
        let shown = github(&diagnostic);
        assert!(shown.is_ascii(), "{shown:?}");
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert_eq!(shown.matches("\\u{202e}").count(), 4, "{shown}");
    }
}
