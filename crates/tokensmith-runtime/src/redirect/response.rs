//! What the parameters of an authorization response are called, and which of them mean a refusal.

use serde::{Deserialize, Serialize};
use tokensmith_description::Endpoint;
use tokensmith_description::refusal::{STANDARD_CODE, STANDARD_DESCRIPTION};

use super::malformed;
use super::parameters::Parameters;
use crate::error::meaning;
use crate::error::redirect_problem::RedirectProblem;
use crate::error::report::Report;
use crate::{Error, ErrorCode, ErrorKind};

/// How an authorization response is read: RFC 6749 sections 4.1.2 and 4.1.2.1, unless the document
/// says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ResponseNames {
    /// The name of `code`.
    pub(super) code: String,
    error: Vec<String>,
    error_description: Vec<String>,
    /// What codes of the provider's own mean.
    codes: Vec<(String, String)>,
    failures: Vec<Failure>,
    /// What must be beside the code.
    required: Vec<String>,
    /// What names the server: parameters, and the forms of their values.
    #[serde(default)]
    servers: Vec<(String, String)>,
    /// The parameter that signs the others.
    #[serde(default)]
    pub(super) signature: Option<String>,
}

/// A parameter whose value says that the response is a refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Failure {
    name: String,
    values: Vec<String>,
    negated: bool,
}

impl Default for ResponseNames {
    fn default() -> Self {
        Self {
            code: "code".to_owned(),
            error: vec!["error".to_owned()],
            error_description: vec!["error_description".to_owned()],
            codes: Vec::new(),
            failures: Vec::new(),
            required: Vec::new(),
            servers: Vec::new(),
            signature: None,
        }
    }
}

impl ResponseNames {
    /// Whether they are those of RFC 6749.
    pub(super) fn is_standard(&self) -> bool {
        *self == Self::default()
    }

    /// The names that a document has for the responses of its authorization endpoint.
    pub(super) fn of(endpoint: &Endpoint<'_>) -> Self {
        let mut fields = endpoint.fields().iter();
        let code = fields.find(|(name, _)| *name == "code");
        let codes = endpoint.error_codes().iter();
        let failures = endpoint.failures().iter().map(|mark| Failure {
            name: name(mark.pointer),
            values: mark
                .values
                .iter()
                .map(|value| (*value).to_owned())
                .collect(),
            negated: mark.negated,
        });
        Self {
            code: code.map_or_else(|| "code".to_owned(), |(_, pointer)| name(pointer)),
            error: names(endpoint.error_code(), STANDARD_CODE),
            error_description: names(endpoint.error_description(), STANDARD_DESCRIPTION),
            codes: codes
                .map(|(code, meaning)| ((*code).to_owned(), (*meaning).to_owned()))
                .collect(),
            failures: failures.collect(),
            required: endpoint
                .required_in_redirect()
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            servers: endpoint
                .server_in_redirect()
                .iter()
                .map(|(name, form)| ((*name).to_owned(), (*form).to_owned()))
                .collect(),
            signature: Some(endpoint.signature_in_redirect())
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        }
    }

    /// The values that the redirect has for variables of the server's URL.
    pub(super) fn server_values(
        &self,
        parameters: &Parameters<'_>,
    ) -> Result<Vec<(String, String)>, Error> {
        let there = self.servers.iter().filter_map(|(name, form)| {
            let value = parameters.get(name)?;
            let found = variable_of(form, value).ok_or_else(|| {
                let message = format!(
                    "the `{name}` of the redirect is not of the form `{form}`, which the document has"
                );
                malformed(RedirectProblem::OtherServer, message)
            });
            Some(found)
        });
        there.collect()
    }

    /// The first parameter that must be there and is not.
    pub(super) fn lacking(&self, parameters: &Parameters<'_>) -> Option<&str> {
        let mut required = self.required.iter();
        let lacking = required.find(|name| parameters.get(name).is_none());
        lacking.map(String::as_str)
    }

    /// The refusal that the response is, if it is one.
    pub(super) fn refusal(&self, parameters: &mut Parameters<'_>) -> Option<Report> {
        let is_failure = |failure: &Failure| {
            let value = parameters.get(&failure.name);
            value.is_some_and(|value| {
                failure.values.iter().any(|known| known == value) != failure.negated
            })
        };
        let is_marked = self.failures.iter().any(is_failure);
        let mut first = |names: &[String]| names.iter().find_map(|name| parameters.take(name));
        let code = first(&self.error);
        if code.is_none() && !is_marked {
            return None;
        }
        let description = first(&self.error_description);
        let codes = self.codes.iter();
        let codes = codes.map(|(code, meaning)| (code.as_str(), meaning.as_str()));
        let meaning = meaning::of(codes, code.as_deref(), description.as_deref());
        let mut report = Report {
            code: code.map(ErrorCode::from),
            description,
            uri: parameters.take("error_uri"),
            sent: true,
            redirect: Some(RedirectProblem::Refused),
            ..Report::new(ErrorKind::Provider, "no authorization was given")
        };
        if let Some(meaning) = meaning {
            report.means(meaning);
        }
        Some(report)
    }
}

/// The variable in a form, and its value where a text is of the form.
fn variable_of(form: &str, value: &str) -> Option<(String, String)> {
    let (before, rest) = form.split_once('{')?;
    let (name, behind) = rest.split_once('}')?;
    let value = value.strip_prefix(before)?.strip_suffix(behind)?;
    (!value.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

/// The parameters that may hold something, in the order in which they are looked at.
fn names(pointers: &[&str], standard: &str) -> Vec<String> {
    let last = (!pointers.contains(&standard)).then_some(standard);
    pointers.iter().copied().chain(last).map(name).collect()
}

/// The parameter that a JSON Pointer leads to: a redirect has no members within members.
fn name(pointer: &str) -> String {
    let name = pointer.strip_prefix('/').unwrap_or(pointer);
    name.replace("~1", "/").replace("~0", "~")
}
