//! Text that is safe to print.

use serde::Serialize;
use serde_json::Value;

use crate::diagnostic::report;
use crate::diagnostic::{Diagnostic, Severity};

/// Text of which nothing is obeyed by whoever reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printable(pub(super) String);

impl Printable {
    /// Text for people, in several lines or one. What a reader would obey is written out, as in `\u{1b}`.
    pub fn text(text: &str) -> Self {
        Self(report::plain(text))
    }

    /// A text as it is, for programs; nothing where a reader might obey a part of it.
    pub fn exact(text: &str) -> Option<Self> {
        (report::plain(text) == text && !text.contains('\n')).then(|| Self(text.to_owned()))
    }

    /// A diagnostic with the lines that it is about, in colour if asked for.
    pub fn diagnostic(diagnostic: &Diagnostic, coloured: bool) -> Self {
        Self(report::human(diagnostic, coloured))
    }

    /// A line whose first word is coloured, if asked for: `error`.
    pub fn error(text: &str, coloured: bool) -> Self {
        let text = report::plain(text);
        Self(match text.strip_prefix("error").filter(|_| coloured) {
            Some(rest) => format!("\x1b[1;31merror\x1b[0m{rest}"),
            None => text,
        })
    }

    /// A diagnostic as an annotation of a pull request on GitHub.
    pub fn annotation(diagnostic: &Diagnostic) -> Self {
        Self(report::github(diagnostic))
    }

    /// An error that is about no line of a document, as an annotation on GitHub.
    pub fn error_annotation(message: &str) -> Self {
        Self(report::github_message(Severity::Error, message))
    }

    /// An instruction of a build script to cargo, in one line, whatever is in its value.
    pub(super) fn instruction(key: &'static str, value: &str) -> Self {
        let value = report::plain(value).replace('\n', " ");
        Self(format!("cargo:{key}={value}"))
    }

    /// JSON in several lines, in which what a reader might obey is escaped. Programs read the same.
    pub fn json(value: &Value) -> Self {
        Self(report::json_text(value))
    }

    /// JSON in one line.
    pub fn json_line(value: &impl Serialize) -> Self {
        // Members under text keys: nothing that JSON cannot say.
        Self(report::json_escaped(
            &serde_json::to_string(value).unwrap_or_default(),
        ))
    }

    /// What is printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Printable {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

impl From<&str> for Printable {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 13] = [
        "a\x1b[2J",
        "\u{9b}31m",
        "a\u{202e}b",
        "a\u{2028}::error::x",
        "::error::x",
        "  ::add-mask::x",
        "##[add-mask]x",
        "##vso[task.setvariable]x",
        "a\r::error::x",
        "cargo:rustc-link-arg=-x",
        "cargo::rustc-link-arg=-x",
        " \u{a0}cargo:warning=x",
        "\u{2029}cargo:rustc-env=A=b",
    ];

    #[test]
    fn nothing_is_obeyed_by_a_terminal_a_runner_or_cargo() {
        for hostile in HOSTILE {
            let text = format!("one\n{hostile}\ntwo {hostile}");
            let shown = Printable::text(&text);
            assert_eq!(shown.as_str().lines().count(), 3, "{shown:?}");
            for line in shown.as_str().lines() {
                assert!(
                    !line.contains(crate::diagnostic::visible::is_hidden),
                    "{line:?}"
                );
                assert!(!line.trim().starts_with("::"), "{line:?}");
                assert!(!line.trim().starts_with("cargo:"), "{line:?}");
                assert!(
                    !line.contains("##[") && !line.contains("##vso["),
                    "{line:?}"
                );
            }
            assert_eq!(Printable::exact(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn what_is_harmless_stays_as_it_is() {
        for text in [
            "Bearer a.b-c_d~e+f/g==",
            "a::b",
            "é ü 例",
            "# a",
            "a ## b",
            "run cargo: it builds",
            "cargo test",
        ] {
            assert_eq!(Printable::text(text).as_str(), text);
            assert_eq!(
                Printable::exact(text).as_ref().map(Printable::as_str),
                Some(text)
            );
        }
        assert_eq!(Printable::exact("a\nb"), None);
    }

    #[test]
    fn an_instruction_to_cargo_is_one_line() {
        let hostile = "a\r\ncargo:rustc-link-arg=-x\x1b[2J";
        assert_eq!(
            Printable::instruction("warning", hostile).as_str(),
            "cargo:warning=a cargo\\u{3a}rustc-link-arg=-x\\u{1b}[2J"
        );
    }

    #[test]
    fn json_reads_the_same_and_is_one_line() {
        for hostile in HOSTILE {
            let value = serde_json::json!({"access_token": hostile});
            let shown = Printable::json_line(&value);
            assert!(
                !shown
                    .as_str()
                    .contains(crate::diagnostic::visible::is_hidden),
                "{shown:?}"
            );
            assert!(!shown.as_str().contains("##["), "{shown:?}");
            assert_eq!(
                serde_json::from_str::<Value>(shown.as_str()).ok(),
                Some(value)
            );
        }
    }
}
