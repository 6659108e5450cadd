//! Questions on a terminal.

use std::io::{BufRead, Write};

use tokensmith_codegen::diagnostic::output::Printable;

/// Who is asked, where somebody is there to answer.
pub(super) struct Dialog<I, O> {
    pub(super) input: I,
    pub(super) output: O,
    pub(super) is_terminal: bool,
}

/// A question, and the option that answers it beforehand.
pub(super) struct Question<'a> {
    pub(super) text: &'a str,
    pub(super) option: &'a str,
    /// The answer where none is given.
    pub(super) default: Option<&'a str>,
}

/// An answer, and whether somebody gave it; else it is the default.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer<T> {
    pub(super) value: T,
    pub(super) is_given: bool,
}

impl<I: BufRead, O: Write> Dialog<I, O> {
    /// The answer as `read` takes it. What was given beforehand has to be right; on a terminal a wrong answer is told and asked for again, and
    /// an empty one leaves the question open. Elsewhere the default is the answer, and what has none has to be given.
    pub(super) fn ask<T>(
        &mut self,
        question: &Question<'_>,
        given: Option<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Answer<T>, String> {
        let Question {
            text,
            option,
            default,
        } = question;
        let given_as = |value| Answer {
            value,
            is_given: true,
        };
        let by_default = |value| Answer {
            value,
            is_given: false,
        };
        if let Some(given) = given {
            let value = read(given).map_err(|fault| format!("{option}: {fault}"))?;
            return Ok(given_as(value));
        }
        if !self.is_terminal {
            let default = default
                .ok_or_else(|| format!("standard input is not a terminal: give {option}"))?;
            return read(default).map(by_default);
        }
        let hint = default
            .filter(|default| !default.is_empty())
            .map_or(String::new(), |default| format!(" [{default}]"));
        loop {
            self.say(&format!("{text}{hint}: "))?;
            let mut answer = String::new();
            let length = self.input.read_line(&mut answer);
            if length.map_err(|error| error.to_string())? == 0 {
                return Err(format!("the input has ended: give {option}"));
            }
            let result = match (answer.trim(), default) {
                ("", Some(default)) => read(default).map(by_default),
                (answer, _) => read(answer).map(given_as),
            };
            match result {
                Ok(answer) => return Ok(answer),
                // It quotes what was typed or pasted.
                Err(fault) => {
                    self.say(Printable::text(&fault).as_str())?;
                    self.say("\n")?;
                }
            }
        }
    }

    fn say(&mut self, text: &str) -> Result<(), String> {
        let said = self.output.write_all(text.as_bytes());
        said.and_then(|()| self.output.flush())
            .map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: Question<'_> = Question {
        text: "a number",
        option: "--number",
        default: Some("1"),
    };

    fn number(text: &str) -> Result<u8, String> {
        text.parse()
            .map_err(|_| format!("`{text}` is not a number"))
    }

    fn answer(value: u8, is_given: bool) -> Result<Answer<u8>, String> {
        Ok(Answer { value, is_given })
    }

    fn dialog(input: &'static str, is_terminal: bool) -> Dialog<&'static [u8], Vec<u8>> {
        Dialog {
            input: input.as_bytes(),
            output: Vec::new(),
            is_terminal,
        }
    }

    #[test]
    fn a_wrong_answer_is_asked_for_again() {
        let mut dialog = dialog("x\n 7 \n\n", true);
        assert_eq!(dialog.ask(&QUESTION, None, number), answer(7, true));
        // An empty line leaves the question open.
        assert_eq!(dialog.ask(&QUESTION, None, number), answer(1, false));
        assert!(
            dialog
                .ask(&QUESTION, None, number)
                .is_err_and(|fault| fault.contains("--number"))
        );
        assert_eq!(
            String::from_utf8_lossy(&dialog.output),
            "a number [1]: `x` is not a number\na number [1]: a number [1]: a number [1]: "
        );
    }

    #[test]
    fn what_is_given_or_has_a_default_is_not_asked_for() {
        let mut dialog = dialog("7\n", false);
        assert_eq!(dialog.ask(&QUESTION, None, number), answer(1, false));
        assert_eq!(dialog.ask(&QUESTION, Some("2"), number), answer(2, true));
        let fault = dialog.ask(&QUESTION, Some("x"), number);
        assert_eq!(fault, Err("--number: `x` is not a number".to_owned()));
        let needed = Question {
            default: None,
            ..QUESTION
        };
        assert!(dialog.ask(&needed, None, number).is_err());
    }
}
