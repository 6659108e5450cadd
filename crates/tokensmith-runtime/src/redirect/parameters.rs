//! The parameters of an authorization response, as the browser brings them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::malformed;
use crate::error::redirect_problem::RedirectProblem;
use crate::{Error, Extra, Secret};

/// The longest response that is read, in bytes. Servers and browsers take URLs of a few thousand.
const MAX_LENGTH: usize = 64 * 1024;
/// The most parameters that are read.
const MAX_PARAMETERS: usize = 100;

/// The parameters in their order. One without a value counts as omitted (RFC 6749 section 3.1),
/// except for [`into_extra`](Self::into_extra).
pub(super) struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Parameters<'a> {
    /// Reads a URL, a query or a form-encoded body.
    pub(super) fn read(response: &'a str) -> Result<Self, Error> {
        if response.len() > MAX_LENGTH {
            return Err(malformed(
                RedirectProblem::Unreadable,
                "the redirect is longer than 64 KiB",
            ));
        }
        let (before, fragment) = response.split_once('#').unwrap_or((response, ""));
        let query = query(before);
        let mut parameters = Vec::new();
        for parameter in form_urlencoded::parse(query.as_bytes()) {
            if parameters.len() == MAX_PARAMETERS {
                return Err(malformed(
                    RedirectProblem::Unreadable,
                    "the redirect has more than 100 parameters",
                ));
            }
            parameters.push(parameter);
        }
        if parameters.is_empty() && fragment.contains("state=") {
            return Err(malformed(
                RedirectProblem::Unreadable,
                "the redirect has its parameters in the fragment, which is not read: \
                 ask for `response_mode=query` or `form_post`",
            ));
        }
        Ok(Self(parameters))
    }

    /// The parameters that a signed response has (JARM section 2.1), without what is about the JWT.
    #[cfg(feature = "oidc")]
    pub(super) fn of_claims(claims: &'a serde_json::Map<String, serde_json::Value>) -> Self {
        use serde_json::Value;

        const OF_JWT: [&str; 5] = ["aud", "exp", "iat", "nbf", "jti"];
        let text = |value: &'a Value| match value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            value => Cow::Owned(value.to_string()),
        };
        let parameters = claims
            .iter()
            .filter(|(name, value)| !OF_JWT.contains(&name.as_str()) && !value.is_null());
        Self(
            parameters
                .map(|(name, value)| (Cow::Borrowed(name.as_str()), text(value)))
                .collect(),
        )
    }

    /// Whether there is one `state`, and it is this one. Takes the same time wherever the first
    /// difference is.
    pub(super) fn has_state(&self, expected: &Secret) -> bool {
        let mut states = self.0.iter().filter(|(name, _)| name == "state");
        let state = states.next().map(|(_, state)| Secret::from(state.as_ref()));
        !expected.is_empty() && state.as_ref() == Some(expected) && states.next().is_none()
    }

    /// Fails where a name stands twice (RFC 6749 section 3.1): programs that read the first and
    /// programs that read the last value would see different responses.
    pub(super) fn check_each_is_once(&self) -> Result<(), Error> {
        let names: BTreeSet<_> = self.0.iter().map(|(name, _)| name).collect();
        if names.len() == self.0.len() {
            return Ok(());
        }
        Err(malformed(
            RedirectProblem::Repeated,
            "the redirect has a parameter more than once",
        ))
    }

    /// Takes a parameter out; `None` where it is omitted.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(other, _)| other == name)?;
        let (_, value) = self.0.swap_remove(index);
        (!value.is_empty()).then(|| value.into_owned())
    }

    /// The value of a parameter; `None` where it is omitted.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(other, _)| other == name)?;
        (!value.is_empty()).then_some(value)
    }

    /// All but one, in the order of their names.
    pub(super) fn sorted_without(&self, name: &str) -> Vec<(&str, &str)> {
        let others = self.0.iter().filter(|(other, _)| other != name);
        let mut others: Vec<(&str, &str)> = others
            .map(|(name, value)| (name.as_ref(), value.as_ref()))
            .collect();
        others.sort_unstable();
        others
    }

    /// What is left.
    pub(super) fn into_extra(self) -> Extra {
        let mut extra = Extra::default();
        for (name, value) in self.0 {
            extra.insert(name.into_owned(), value.into_owned().into());
        }
        extra
    }
}

/// The values of `state` of a response, also of one that is too long to be read, and that of the
/// claims of a signed response, which is not verified.
pub(super) fn states(response: &str) -> impl Iterator<Item = Secret> {
    let before = response.split('#').next().unwrap_or_default();
    let parameters = form_urlencoded::parse(query(before).as_bytes()).take(MAX_PARAMETERS + 1);
    parameters.filter_map(|(name, value)| match name.as_ref() {
        "state" => Some(Secret::from(value.as_ref())),
        "response" if value.len() <= MAX_LENGTH => state_of(&value),
        _ => None,
    })
}

/// The `state` that a signed response claims.
fn state_of(response: &str) -> Option<Secret> {
    #[derive(Deserialize)]
    struct Claims {
        state: Secret,
    }
    let claims = response.split('.').nth(1)?;
    let claims = Zeroizing::new(URL_SAFE_NO_PAD.decode(claims).ok()?);
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Some(claims.state)
}

/// What follows the question mark of a URL, or the whole text where it is a query or a body
/// already. In those a question mark may stand within a value.
fn query(text: &str) -> &str {
    let is_url = text.starts_with('/') || has_scheme(text);
    let mark = text.find('?');
    let pair = text.find(['=', '&']);
    match (mark, pair) {
        (Some(mark), pair) if is_url || pair.is_none_or(|pair| mark < pair) => {
            text.get(mark + 1..).unwrap_or_default()
        }
        _ if is_url => "",
        _ => text,
    }
}

/// Whether a text begins like an absolute URL: `https:`, `com.example.app:` (RFC 8252 section 7.1).
fn has_scheme(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(is_part)
    })
}
