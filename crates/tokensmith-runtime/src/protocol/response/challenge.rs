//! The `WWW-Authenticate` header (RFC 9110 section 11.6.1).

use http::{HeaderMap, header};

/// One challenge: a scheme with a token68 or parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// In lower case.
    pub(crate) scheme: String,
    pub(crate) token68: Option<String>,
    /// The names in lower case. Of a name that is repeated the last value counts.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter, unless it is empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut named = self
            .parameters
            .iter()
            .rev()
            .filter(|(other, _)| other == name);
        named
            .next()
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// Reads the challenges of a response.
pub(crate) fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let values = headers.get_all(header::WWW_AUTHENTICATE).iter();
    values
        .flat_map(|value| parse(&String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// Reads the challenges of one header. As some servers write them, parameters may also be separated
/// by spaces alone, follow a comma behind the scheme, and lack their quotes. Where something cannot
/// be read, what comes before it counts, and nothing after it.
pub(crate) fn parse(header: &str) -> Vec<Challenge> {
    let mut input = Input(header);
    let mut challenges = Vec::new();
    input.skip_separators();
    while let Some(scheme) = input.scheme() {
        let mut challenge = Challenge {
            scheme,
            token68: None,
            parameters: Vec::new(),
        };
        let read = input.rest_of(&mut challenge);
        challenges.push(challenge);
        if read.is_none() {
            break;
        }
    }
    challenges
}

/// What is left to read.
#[derive(Clone, Copy)]
struct Input<'a>(&'a str);

impl<'a> Input<'a> {
    fn scheme(&mut self) -> Option<String> {
        let scheme = self.token()?.to_ascii_lowercase();
        let ends = self.0.is_empty() || self.0.starts_with([' ', '\t', ',']);
        ends.then_some(scheme)
    }

    /// Reads what follows the scheme, up to the next challenge. `None` where it cannot be read on.
    fn rest_of(&mut self, challenge: &mut Challenge) -> Option<()> {
        self.skip(is_space);
        if let Some(token68) = self.token68() {
            challenge.token68 = Some(token68.to_owned());
        } else if self.begins_with_parameters() {
            self.skip_separators();
            self.parameters(&mut challenge.parameters)?;
        } else if !self.0.is_empty() && !self.0.starts_with(',') {
            return None;
        }
        self.skip_separators();
        Some(())
    }

    /// Whether a parameter comes next, perhaps after a comma, which some servers put behind the
    /// scheme.
    fn begins_with_parameters(&self) -> bool {
        let mut ahead = *self;
        ahead.skip_separators();
        ahead.parameter_name().is_some()
    }

    /// At least one parameter, and all that follow it.
    fn parameters(&mut self, parameters: &mut Vec<(String, String)>) -> Option<()> {
        let mut name = self.parameter_name()?;
        loop {
            parameters.push((name.to_ascii_lowercase(), self.value()?));
            let before = self.0.len();
            self.skip_separators();
            if self.0.len() == before && !self.0.is_empty() {
                return None;
            }
            match self.parameter_name() {
                Some(next) => name = next,
                None => return Some(()),
            }
        }
    }

    fn skip_separators(&mut self) {
        self.skip(|character| is_space(character) || character == ',');
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(skipped);
    }

    /// The characters that satisfy a condition, if there are any.
    fn take(&mut self, taken: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self
            .0
            .find(|character| !taken(character))
            .unwrap_or(self.0.len());
        let (token, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!token.is_empty()).then_some(token)
    }

    fn token(&mut self) -> Option<&'a str> {
        self.take(is_token)
    }

    /// A token68, if it is followed by the end of the challenge.
    fn token68(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        ahead
            .take(|character| character.is_ascii_alphanumeric() || "-._~+/".contains(character))?;
        ahead.skip(|character| character == '=');
        let (token68, _) = self.0.split_at_checked(self.0.len() - ahead.0.len())?;
        ahead.skip(is_space);
        let ends = ahead.0.is_empty() || ahead.0.starts_with(',');
        ends.then(|| {
            *self = ahead;
            token68
        })
    }

    /// A name and the equals sign after it. Without one it is the scheme of the next challenge.
    fn parameter_name(&mut self) -> Option<&'a str> {
        let mut ahead = *self;
        let name = ahead.token()?;
        ahead.skip(is_space);
        ahead.0 = ahead.0.strip_prefix('=')?;
        ahead.skip(is_space);
        *self = ahead;
        Some(name)
    }

    /// A value that lacks its quotes, which may hold spaces: up to a comma, or to a space and the
    /// next parameter.
    fn unquoted(&mut self) -> Option<&'a str> {
        let mut rest = *self;
        let end = loop {
            rest.skip(|character| character != ',' && !is_space(character));
            let end = self.0.len() - rest.0.len();
            rest.skip(is_space);
            let mut ahead = rest;
            if rest.0.is_empty() || rest.0.starts_with(',') || ahead.parameter_name().is_some() {
                break end;
            }
        };
        let (value, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!value.is_empty() && !value.contains('"')).then_some(value)
    }

    fn value(&mut self) -> Option<String> {
        let Some(quoted) = self.0.strip_prefix('"') else {
            return self.unquoted().map(str::to_owned);
        };
        let mut value = String::new();
        let mut characters = quoted.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next()?),
                character => value.push(character),
            }
        }
        self.0 = characters.as_str();
        Some(value)
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

/// RFC 9110 section 5.6.2.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

#[cfg(test)]
mod tests;
