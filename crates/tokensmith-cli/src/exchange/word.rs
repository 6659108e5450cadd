//! A text in which secrets are names of variables: for a shell, or to be shown.

use tokensmith_template::Template;

/// A text in parts. As a word of a shell command it is one argument.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Word(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// A text that the shell passes on as it is.
    Text(String),
    /// The name of a variable that has to be set.
    Variable(String),
    /// Another word in base64.
    Base64(Word),
}

/// What stands in the place of a secret where a request is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    /// The name of its variable: `$TOKENSMITH_CLIENT_SECRET`.
    Variable,
    /// A mark.
    Mark,
}

impl Word {
    /// Creates a word from a text.
    pub(crate) fn text(text: &str) -> Self {
        match text.is_empty() {
            true => Self::default(),
            false => Self(vec![Part::Text(text.to_owned())]),
        }
    }

    /// Creates a word from the value that the caller has for a parameter.
    pub(crate) fn variable(parameter: &str) -> Self {
        Self(vec![Part::Variable(variable_name(parameter))])
    }

    /// Creates a word from a variable of exactly this name.
    pub(crate) fn named(variable: &str) -> Self {
        Self(vec![Part::Variable(variable.to_owned())])
    }

    /// Creates the base64 of another word.
    pub(crate) fn base64(word: Self) -> Self {
        Self(vec![Part::Base64(word)])
    }

    /// Creates a word from a text in which each of the secrets becomes its variable.
    pub(crate) fn with_secrets<'s>(
        text: &str,
        secrets: impl Iterator<Item = (&'s str, &'s str)> + Clone,
    ) -> Self {
        let found = secrets.clone().filter(|(_, secret)| !secret.is_empty());
        let found = found.filter_map(|(name, secret)| Some((text.find(secret)?, name, secret)));
        // Of two at one place the longer one.
        let first = found.min_by_key(|(start, _, secret)| (*start, usize::MAX - secret.len()));
        match first {
            None => Self::text(text),
            Some((start, name, secret)) => Self::text(&text[..start])
                .then(Self::named(name))
                .then(Self::with_secrets(&text[start + secret.len()..], secrets)),
        }
    }

    /// What is in base64 after the scheme `Basic`.
    pub(crate) fn basic_pair(&self) -> Option<&Self> {
        match self.0.as_slice() {
            [Part::Text(scheme), Part::Base64(pair)] if scheme.eq_ignore_ascii_case("Basic ") => {
                Some(pair)
            }
            _ => None,
        }
    }

    /// Whether a part of it is not a fixed text.
    pub(crate) fn has_variables(&self) -> bool {
        self.0.iter().any(|part| !matches!(part, Part::Text(_)))
    }

    /// Returns the word for people, its fixed texts as `write` writes them.
    pub(crate) fn shown(&self, instead: Instead, write: impl Fn(&str) -> String + Copy) -> String {
        let parts = self.0.iter().map(|part| match (part, instead) {
            (Part::Text(text), _) => write(text),
            (_, Instead::Mark) => "[redacted]".to_owned(),
            (Part::Variable(name), Instead::Variable) => format!("${name}"),
            (Part::Base64(word), Instead::Variable) => {
                format!("base64({})", word.shown(instead, str::to_owned))
            }
        });
        parts.collect()
    }

    /// Creates a word from a URL. Its variables become those of the shell.
    pub(crate) fn template(url: &str) -> Self {
        let template = Template::parse(url);
        let names = template.map_or_else(|_| Vec::new(), |template| template.variables());
        let mut word = Self::default();
        let mut rest = url;
        let mut searched = 0;
        while let Some(open) = rest[searched..].find('{').map(|found| searched + found) {
            let after = &rest[open + 1..];
            let mut names = names.iter();
            let name = names.find(|name| {
                let after = after.strip_prefix(**name);
                after.is_some_and(|after| after.starts_with('}'))
            });
            let Some(name) = name else {
                searched = open + 1;
                continue;
            };
            word = word.then(Self::text(&rest[..open]));
            word = word.then(Self::variable(name));
            rest = &after[name.len() + 1..];
            searched = 0;
        }
        word.then(Self::text(rest))
    }

    /// Appends another word.
    pub(crate) fn then(mut self, next: Self) -> Self {
        for part in next.0 {
            match (self.0.last_mut(), part) {
                (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
                (_, part) => self.0.push(part),
            }
        }
        self
    }

    /// Replaces the fixed texts.
    pub(crate) fn map_text(self, map: impl Fn(String) -> String) -> Self {
        let parts = self.0.into_iter().map(|part| match part {
            Part::Text(text) => Part::Text(map(text)),
            other => other,
        });
        Self(parts.collect())
    }

    /// Returns whether curl would read a fixed text of this URL as a pattern.
    pub(crate) fn has_globs(&self) -> bool {
        self.0.iter().any(|part| match part {
            Part::Text(text) => text.contains(['{', '}', '[', ']']),
            Part::Variable(_) | Part::Base64(_) => false,
        })
    }

    /// Returns the word as `sh` reads it.
    pub(crate) fn to_shell(&self) -> String {
        let is_plain = |part: &Part| match part {
            Part::Text(text) => text.bytes().all(is_plain_in_quotes),
            Part::Variable(_) | Part::Base64(_) => true,
        };
        if self.has_variables() && self.0.iter().all(is_plain) {
            let parts = self.0.iter().map(Part::in_quotes);
            return format!("\"{}\"", parts.collect::<String>());
        }
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => quoted(text),
            variable => format!("\"{}\"", variable.in_quotes()),
        });
        match self.0.is_empty() {
            true => quoted(""),
            false => parts.collect(),
        }
    }
}

impl Part {
    /// The part as it stands in double quotes. A text is one that `sh` leaves alone there.
    fn in_quotes(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Variable(name) => format!("${{{name}:?}}"),
            Self::Base64(word) => {
                let word = word.to_shell();
                format!("$(printf %s {word} | base64 | tr -d '\\n')")
            }
        }
    }
}

/// Whether `sh` leaves a byte alone in double quotes.
fn is_plain_in_quotes(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" %+,-./:=@_".contains(&byte)
}

/// Returns a text in single quotes, in which `sh` replaces nothing.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Variables that a shell or a session sets to something else.
const TAKEN: [&str; 20] = [
    "CDPATH", "DISPLAY", "ENV", "GROUPS", "HOME", "HOST", "HOSTNAME", "IFS", "LANG", "LOGNAME",
    "MAIL", "PATH", "PPID", "PWD", "RANDOM", "SECONDS", "SHELL", "UID", "USER", "USERNAME",
];

/// Returns the variable for a parameter: `PROJECT_KEY` for `projectKey`.
pub(crate) fn variable_name(parameter: &str) -> String {
    let mut name = String::new();
    let mut is_after_lower_case = false;
    for letter in parameter.chars() {
        if is_after_lower_case && letter.is_ascii_uppercase() {
            name.push('_');
        }
        is_after_lower_case = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        match letter.is_ascii_alphanumeric() {
            true => name.push(letter.to_ascii_uppercase()),
            false => name.push('_'),
        }
    }
    let is_name = name.starts_with(|first: char| first.is_ascii_uppercase());
    match is_name && !TAKEN.contains(&name.as_str()) {
        true => name,
        false => format!("OAUTH_{name}"),
    }
}
