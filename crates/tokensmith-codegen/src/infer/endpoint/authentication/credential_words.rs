//! What a document says of the client's identifier and secret: of all requests, or of those whose branch of the body has it.

use crate::infer::body_branch::Branch;
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::schema::Shape;
use crate::infer::security::KEY_WORDS;
use crate::model::{CredentialWords, Operation};

/// What is said of the parameter of this name.
pub(super) fn said(
    name: &str,
    declarations: &Declarations<'_>,
    operations: &[Operation],
) -> Vec<CredentialWords> {
    let is_id = name == declarations.runtime.client_id;
    let text = |declared: Option<&DeclaredParameter<'_>>| {
        declared.map_or_else(String::new, |declared| match is_id {
            true => with_value(text(declared), &declared.shape),
            false => text(declared).to_owned(),
        })
    };
    let common = declarations.common.get(name);
    let of_all_bodies = text(common);
    if !of_all_bodies.is_empty() {
        return vec![of_all(&of_all_bodies)];
    }
    let requires = |operation: &&Operation| {
        let branches = branches(declarations, operation.grant.as_deref());
        let mut branches = branches.iter().peekable();
        branches.peek().is_some() && branches.all(|branch| branch.required.contains(name))
    };
    let requiring = operations.iter().filter(requires).count();
    let differs = common.is_none() && (1..operations.len()).contains(&requiring);
    let mut said: Vec<CredentialWords> = Vec::new();
    for operation in operations {
        let is_required = differs && requires(&operation);
        for branch in branches(declarations, operation.grant.as_deref()) {
            let text = text(branch.parameters.get(name));
            if text.is_empty() && !is_required {
                continue;
            }
            let known = said
                .iter_mut()
                .find(|known| known.text == text && known.is_required == is_required);
            match known {
                Some(known) if known.requests.last() == Some(&operation.ident) => {}
                Some(known) => known.requests.push(operation.ident.clone()),
                None => said.push(CredentialWords {
                    text,
                    requests: vec![operation.ident.clone()],
                    is_required,
                }),
            }
        }
    }
    match said.as_slice() {
        [only] if only.requests.len() == operations.len() => vec![of_all(&only.text)],
        _ => said,
    }
}

fn of_all(text: &str) -> CredentialWords {
    CredentialWords {
        text: text.to_owned(),
        requests: Vec::new(),
        is_required: false,
    }
}

/// The branches of the body that requests of a grant may be of: those that name it, before those that name none.
fn branches<'d, 'a>(
    declarations: &'d Declarations<'a>,
    grant: Option<&str>,
) -> Vec<&'d Branch<'a>> {
    let all = declarations.branches.iter();
    let Some(grant) = grant else {
        return all.collect();
    };
    let (own, shared): (Vec<_>, Vec<_>) = all
        .filter(|branch| branch.is_for(grant))
        .partition(|branch| !branch.grants.is_empty());
    if own.is_empty() { shared } else { own }
}

/// What is said of an identifier, with the value that the document has for it: often that of all clients.
fn with_value(text: &str, shape: &Shape<'_>) -> String {
    let is_shown = |value: &&String| {
        let mut letters = value.chars();
        !value.is_empty() && letters.all(|letter| letter.is_ascii_graphic() && letter != '`')
    };
    let default = shape.default.as_ref();
    let only = default.or(match shape.values.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let Some(value) = only.filter(is_shown) else {
        return text.to_owned();
    };
    let said = format!("The document gives `{value}` as its value.");
    match text {
        "" => said,
        text if text.ends_with(['.', '!', '?']) => format!("{text} {said}"),
        text => format!("{text}. {said}"),
    }
}

/// The description; empty where it says no more than what a key is.
fn text<'a>(declared: &DeclaredParameter<'a>) -> &'a str {
    let text = declared.description.or(declared.shape.description);
    let text = text.map_or("", str::trim);
    if text == KEY_WORDS { "" } else { text }
}
