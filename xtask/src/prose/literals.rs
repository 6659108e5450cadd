//! The words of messages: of string literals with more than one word.

use super::Finding;

/// Words that a message does not have.
struct Phrase {
    /// In lower case.
    words: &'static str,
    instead: &'static str,
    /// Longer phrases that contain the words and are plain English.
    except: &'static [&'static str],
}

const PHRASES: [Phrase; 13] = [
    phrase("answer", "response"),
    phrase("answers", "responses, or: returns, responds with"),
    phrase("answered", "responded, returned"),
    phrase("is none", "is invalid, is missing, is not one of"),
    phrase("are none", "are invalid, are missing, are not among"),
    Phrase {
        words: "is no",
        instead: "is not a",
        except: &["there is no", "is no longer"],
    },
    phrase("no reason", "what is missing: no `error` member"),
    phrase("such a one", "the name of the thing"),
    phrase("to be had", "available, or what could not be done"),
    phrase("sees to", "does"),
    phrase("nothing says", "the document does not say"),
    phrase("is taken for", "is read as"),
    phrase("leaves rfc", "deviates from RFC"),
];

const fn phrase(words: &'static str, instead: &'static str) -> Phrase {
    Phrase {
        words,
        instead,
        except: &[],
    }
}

pub(super) fn is_checked(file: &str) -> bool {
    let is_source = file.ends_with(".rs")
        && (file.starts_with("crates/") || file.starts_with("xtask/"))
        && file.contains("/src/");
    let is_test = file.ends_with("/tests.rs") || file.contains("/tests/");
    // This file has to name the phrases.
    let is_this = file == "xtask/src/prose/literals.rs";
    is_source && !is_test && !is_this
}

/// Finds phrases in the messages of Rust source.
pub(super) fn check(source: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Literal { line, text } in literals(before_tests(source)) {
        if !text.trim().contains(char::is_whitespace) {
            continue;
        }
        let prose = without_code(&text);
        for phrase in PHRASES.iter().filter(|phrase| phrase.is_in(&prose)) {
            let Phrase { words, instead, .. } = phrase;
            findings.push(Finding {
                line,
                message: format!("`{words}` in a message: write {instead}\n    {text}"),
            });
        }
    }
    findings
}

impl Phrase {
    fn is_in(&self, text: &str) -> bool {
        let mut text = text.to_lowercase();
        for except in self.except {
            text = text.replace(except, "");
        }
        text.match_indices(self.words).any(|(start, words)| {
            let is_word = |neighbour: Option<char>| {
                neighbour.is_some_and(|neighbour| neighbour.is_alphanumeric() || neighbour == '_')
            };
            let before = text[..start].chars().next_back();
            let after = text[start + words.len()..].chars().next();
            !is_word(before) && !is_word(after)
        })
    }
}

/// The source up to its module of unit tests, which stands at the end.
fn before_tests(source: &str) -> &str {
    let mut rest = source;
    while let Some(at) = rest.find("#[cfg(test)]\nmod ") {
        let module = rest[at..].lines().nth(1).unwrap_or_default();
        if module.ends_with('{') {
            return &source[..source.len() - rest.len() + at];
        }
        rest = &rest[at + 1..];
    }
    source
}

/// The text without what stands between backticks.
fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

#[derive(Debug, PartialEq, Eq)]
struct Literal {
    /// Where it begins.
    line: usize,
    /// Its text, with each escape as a space.
    text: String,
}

/// The string literals of Rust source, without those in comments.
fn literals(source: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut previous = ' ';
    while let Some(next) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some((text, length)) = raw(rest).filter(|_| !is_of_name(previous)) {
            found.push(literal(source, rest, text.to_owned()));
            length
        } else if next == '"' {
            let (text, length) = quoted(rest);
            found.push(literal(source, rest, text));
            length
        } else if next == '\'' {
            character(rest)
        } else {
            next.len_utf8()
        };
        previous = next;
        rest = &rest[skipped..];
    }
    found
}

fn literal(source: &str, rest: &str, text: String) -> Literal {
    let before = &source[..source.len() - rest.len()];
    Literal {
        line: before.matches('\n').count() + 1,
        text,
    }
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A raw string, and its length with the marks around it.
fn raw(rest: &str) -> Option<(&str, usize)> {
    let marks = rest.strip_prefix('r')?;
    let hashes = marks.len() - marks.trim_start_matches('#').len();
    let text = marks[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = text.find(&close)?;
    Some((&text[..end], rest.len() - text.len() + end + close.len()))
}

/// A string, and its length with the marks around it.
fn quoted(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, at + 1),
            '\\' => {
                let escaped = characters.next().map(|(_, escaped)| escaped);
                if escaped == Some('\n') {
                    // The line goes on behind the indentation.
                    let indentation = characters
                        .clone()
                        .take_while(|(_, next)| next.is_whitespace());
                    for _ in 0..indentation.count() {
                        characters.next();
                    }
                } else {
                    text.push(' ');
                }
            }
            other => text.push(other),
        }
    }
    (text, rest.len())
}

/// The length of a character literal, or of the mark of a lifetime.
fn character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let behind = at + escaped.len_utf8();
            rest[behind..].find('\'').map_or(1, |end| behind + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(source: &str) -> Vec<String> {
        let findings = check(source).into_iter();
        findings
            .map(|Finding { line, message }| {
                format!("{line}: {}", message.lines().next().unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn a_phrase_is_found_where_its_literal_begins() {
        let source = "fn f() {\n    let odd = '\"';\n    g(\"the URL is none\");\n}\n";
        assert_eq!(
            messages(source),
            ["3: `is none` in a message: write is invalid, is missing, is not one of"]
        );
        let source = "const A: &str = \"the server \\\n                 answers\\nlater\";";
        assert_eq!(messages(source).len(), 1);
        assert_eq!(messages("f(\"Answers come late\")").len(), 1);
        assert_eq!(messages("f(r#\"an \"answer\" of it\"#)").len(), 1);
    }

    #[test]
    fn names_comments_code_and_tests_are_left_alone() {
        let sources = [
            "// the answer is none\n/* no answer */ fn f<'a>(x: &'a str) {}",
            "f(\"answers\")",
            "f(\"the member `the answer` is missing\")",
            "f(\"There is no `error`, and it is no longer sent; unanswered is nonesuch\")",
            "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    const A: &str = \"the answer is none\";\n}\n",
        ];
        for source in sources {
            assert_eq!(messages(source), [""; 0], "{source}");
        }
        assert_eq!(
            messages("#[cfg(test)]\nmod tests;\n\nconst A: &str = \"an answer\";").len(),
            1
        );
    }

    #[test]
    fn literals_end_where_the_compiler_ends_them() {
        let texts = |source| -> Vec<String> {
            let literals = literals(source).into_iter();
            literals.map(|literal| literal.text).collect()
        };
        assert_eq!(texts(r#"("a\"b", '\'', "c", b"d")"#), ["a b", "c", "d"]);
        assert_eq!(
            texts(r###"(r##"a"#b"##, r"\", "c")"###),
            [r##"a"#b"##, r"\", "c"]
        );
        assert_eq!(texts("'\\u{22}' \"a\" 'b' \"c\""), ["a", "c"]);
    }

    #[test]
    fn only_messages_of_the_project_are_checked() {
        assert!(is_checked("crates/tokensmith-runtime/src/url.rs"));
        assert!(!is_checked("crates/tokensmith-runtime/src/url/tests.rs"));
        assert!(!is_checked(
            "crates/tokensmith-runtime/src/protocol/tests/auto.rs"
        ));
        assert!(!is_checked("tests/src/echo.rs"));
    }
}
