//! Which grants an endpoint takes whose `grant_type` may be any string: by examples, by what a request must have, by words.

use std::collections::BTreeSet;

use openapiv3::Operation as ApiOperation;

use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::Declarations;
use crate::model::{name, rfc};

/// A grant that OpenID Connect's backchannel authentication defines (CIBA, section 10.1).
const CIBA: &str = "urn:openid:params:grant-type:ciba";

/// What says which grants there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Examples of whole requests.
    Examples,
    /// Examples of the parameter.
    ItsExamples,
    /// A parameter that a request must have, and that only one grant has.
    Parameter,
    /// The words about the parameter.
    ItsDescription,
    /// The words about the operation, which name one grant only.
    Words,
}

/// The grants, by the best evidence there is.
pub(super) fn infer(
    operation: &ApiOperation,
    declarations: &Declarations<'_>,
) -> Option<(BTreeSet<String>, Evidence)> {
    let found = [
        (by_examples(declarations), Evidence::Examples),
        (by_its_examples(declarations), Evidence::ItsExamples),
        (by_parameters(declarations), Evidence::Parameter),
        (by_description(declarations), Evidence::ItsDescription),
        (by_words(operation), Evidence::Words),
    ];
    found.into_iter().find(|(grants, _)| !grants.is_empty())
}

fn by_examples(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let name = declarations.runtime.grant_type;
    let values = declarations
        .examples
        .iter()
        .filter_map(|example| example.get(name)?.as_str());
    // What stands between braces or angles is a place for a value.
    values
        .filter(|value| !value.is_empty() && !value.contains(['{', '<', ' ']))
        .map(str::to_owned)
        .collect()
}

/// Several examples of the parameter, if all of them are grants that RFCs define.
fn by_its_examples(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let declared = declarations.common.get(declarations.runtime.grant_type);
    let examples = declared.map_or(&[][..], |declared| declared.shape.examples.as_slice());
    if examples.iter().all(|example| rfc::grant(example).is_some()) {
        examples.iter().cloned().collect()
    } else {
        BTreeSet::new()
    }
}

fn by_parameters(declarations: &Declarations<'_>) -> BTreeSet<String> {
    by_required(|name| {
        let declared = declarations.common.get(name);
        declared.is_some_and(|declared| declared.required)
    })
}

/// The only grant whose RFC asks for nothing but what `is_required`, and for something.
fn by_required(is_required: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let of_rfcs = rfc::GRANTS.iter().filter(|grant| {
        let required = grant.parameters.iter().filter(|(_, required)| *required);
        let mut names = required.map(|(name, _)| name).peekable();
        names.peek().is_some() && names.all(|name| is_required(name))
    });
    let mut grants: BTreeSet<String> = of_rfcs.map(|grant| grant.value.to_owned()).collect();
    if is_required("auth_req_id") {
        grants.insert(CIBA.to_owned());
    }
    // An assertion is what several grants have.
    if grants.len() == 1 {
        grants
    } else {
        BTreeSet::new()
    }
}

fn by_description(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let declared = declarations.common.get(declarations.runtime.grant_type);
    let description =
        declared.and_then(|declared| declared.description.or(declared.shape.description));
    named(description.unwrap_or_default())
}

fn by_words(operation: &ApiOperation) -> BTreeSet<String> {
    let texts = [&operation.summary, &operation.description];
    let text: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    let text = text.join("\n");
    let mut grants = named(&text);
    let lower = text.to_lowercase().replace('-', " ");
    for (phrase, value) in [
        ("client credentials", "client_credentials"),
        ("authorization code", "authorization_code"),
    ] {
        if lower.contains(phrase) {
            grants.insert(value.to_owned());
        }
    }
    // A text that names several may say of one that it is not there.
    if grants.len() == 1 {
        grants
    } else {
        BTreeSet::new()
    }
}

/// The grant that a branch of a body is taken for, and why.
pub(crate) struct OfBranch {
    pub(crate) grant: String,
    by: String,
}

impl OfBranch {
    pub(crate) fn diagnostic(&self, branch: &Branch<'_>, name: &str) -> Diagnostic {
        let Self { grant, by } = self;
        let message = format!("`{name}` may be any string here; by {by} it is read as {grant}");
        Diagnostic::new(Rule::Inferred, &branch.pointer, message).help(format!(
            "say it in the schema:\nproperties: {{{name}: {{type: string, enum: [{grant}]}}}}"
        ))
    }
}

/// The grant of a branch that does not state it; `by` is the parameter that says which it is.
pub(crate) fn of_branch(branch: &Branch<'_>, by: &str) -> Option<OfBranch> {
    let only = |grants: BTreeSet<String>| {
        let mut grants = grants.into_iter();
        grants.next().filter(|_| grants.next().is_none())
    };
    let parameter = branch.parameters.get(by);
    let words = parameter.and_then(|declared| declared.description.or(declared.shape.description));
    let found = |grant, by: String| Some(OfBranch { grant, by });
    if let Some(grant) = only(named(words.unwrap_or_default())) {
        return found(grant, "the parameter's description".to_owned());
    }
    if let Some((name, grant)) = branch.name.and_then(|name| Some((name, by_title(name)?))) {
        return found(grant, format!("the name `{}`", name.escape_debug()));
    }
    let grant = only(by_required(|name| branch.required.contains(name)))?;
    found(
        grant,
        "a parameter that only this grant requires".to_owned(),
    )
}

/// The only grant whose name is part of a name: `RefreshToken` in `refresh-token-request`.
fn by_title(title: &str) -> Option<String> {
    let title = name::pascal(title)?;
    let mut named = rfc::GRANTS
        .iter()
        .filter(|grant| title.contains(grant.ident));
    let first = named.next()?;
    named.next().is_none().then(|| first.value.to_owned())
}

/// The grants whose values stand in a text: as words of their own, between quotes where they are plain words.
fn named(text: &str) -> BTreeSet<String> {
    let values = rfc::GRANTS.iter().map(|grant| grant.value).chain([CIBA]);
    let is_named = |value: &&str| {
        text.match_indices(*value).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let mut rest = text[start + value.len()..].chars();
            let after = rest.next();
            // What stands after a colon may be the rest of a URN.
            let ends = after == Some(':') && !rest.next().is_some_and(char::is_alphanumeric);
            let is_part = |letter: Option<char>| {
                letter.is_some_and(|letter| letter.is_alphanumeric() || "_-:".contains(letter))
            };
            let is_quoted = [before, after]
                .iter()
                .all(|letter| letter.is_some_and(|letter| "`'\"*".contains(letter)));
            is_quoted || !is_part(before) && (ends || !is_part(after)) && value.contains(['_', ':'])
        })
    };
    values.filter(is_named).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(grants: &BTreeSet<String>) -> Vec<&str> {
        grants.iter().map(String::as_str).collect()
    }

    #[test]
    fn values_are_known_as_words_or_between_quotes() {
        let of = |text| named(text);
        assert_eq!(
            texts(&of("Always `client_credentials`.")),
            ["client_credentials"]
        );
        assert_eq!(
            texts(&of("Either \"password\" or client_credentials: see below")),
            ["client_credentials", "password"]
        );
        assert!(of("Send the password and my_client_credentials").is_empty());
        let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
        assert_eq!(
            texts(&of(&format!("Must be `{exchange}`, which ..."))),
            [exchange]
        );
    }

    #[test]
    fn an_operation_that_speaks_of_several_grants_says_nothing() {
        let operation = |summary: &str| ApiOperation {
            summary: Some(summary.to_owned()),
            ..ApiOperation::default()
        };
        let one = by_words(&operation("A token by the Client Credentials flow"));
        assert_eq!(texts(&one), ["client_credentials"]);
        let two = by_words(&operation("Client credentials, not authorization_code"));
        assert!(two.is_empty());
    }
}
