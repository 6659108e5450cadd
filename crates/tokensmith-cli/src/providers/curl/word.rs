//! A word of a shell command: fixed texts, and variables of the shell.

use tokensmith_template::Template;

/// A word of a command.
#[derive(Debug, Default)]
pub(super) struct Word(Vec<Part>);

#[derive(Debug)]
enum Part {
    /// A text that the shell passes on as it is.
    Text(String),
    /// The name of a variable that has to be set.
    Variable(String),
}

impl Word {
    /// Creates a word from a text.
    pub(super) fn text(text: &str) -> Self {
        match text.is_empty() {
            true => Self::default(),
            false => Self(vec![Part::Text(text.to_owned())]),
        }
    }

    /// Creates a word from the value that the caller has for a parameter.
    pub(super) fn variable(parameter: &str) -> Self {
        Self(vec![Part::Variable(variable_name(parameter))])
    }

    /// Creates a word from a URL. Its variables become those of the shell.
    pub(super) fn template(url: &str) -> Self {
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
    pub(super) fn then(mut self, next: Self) -> Self {
        for part in next.0 {
            match (self.0.last_mut(), part) {
                (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
                (_, part) => self.0.push(part),
            }
        }
        self
    }

    /// Replaces the fixed texts.
    pub(super) fn map_text(self, map: impl Fn(String) -> String) -> Self {
        let parts = self.0.into_iter().map(|part| match part {
            Part::Text(text) => Part::Text(map(text)),
            variable @ Part::Variable(_) => variable,
        });
        Self(parts.collect())
    }

    /// Returns whether curl would read a fixed text of this URL as a pattern.
    pub(super) fn has_globs(&self) -> bool {
        self.0.iter().any(|part| match part {
            Part::Text(text) => text.contains(['{', '}', '[', ']']),
            Part::Variable(_) => false,
        })
    }

    /// Returns the word as `sh` reads it.
    pub(super) fn to_shell(&self) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => quoted(text),
            Part::Variable(name) => format!("\"${{{name}:?}}\""),
        });
        match self.0.is_empty() {
            true => quoted(""),
            false => parts.collect(),
        }
    }
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
fn variable_name(parameter: &str) -> String {
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
