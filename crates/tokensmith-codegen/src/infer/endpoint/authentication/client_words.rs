//! What is said of clients that no request type has a place for.

use super::{credential_words, is_of_its_own};
use crate::infer::declaration::Declarations;
use crate::infer::security::Scheme;
use crate::model::{ClientAuth, ClientWords, Location, Operation};

/// What no request type has a place for: alternatives, and what is said of the credentials.
pub(super) fn of(
    operations: &[Operation],
    alternatives: &[Vec<Scheme<'_>>],
    declarations: &Declarations<'_>,
    method: ClientAuth,
) -> ClientWords {
    let is_by_assertion = method.sends_client_assertion() || method.is_signed_with_key();
    // What no requirement asks for may be the secret in the body.
    let client = &declarations.client;
    let shows_itself = !client.secret.is_empty() || client.assertion.is_some();
    let is_optional = !shows_itself && alternatives.iter().any(Vec::is_empty);
    // A body in which nothing of the client has to be, for a grant that says enough itself.
    let may_be_without = method == ClientAuth::Body
        && alternatives.is_empty()
        && client.assertion.is_none()
        && !client.secret.is_required()
        && !client.id.is_required()
        && operations
            .iter()
            .all(|operation| operation.grant.is_some() && is_of_its_own(operation));
    let is_optional = is_optional && method != ClientAuth::None || may_be_without;
    let denies_public = client.no_public.is_some();
    let secret_is_optional =
        !is_optional && !denies_public && may_lack_secret(declarations, method);
    ClientWords {
        is_optional: is_optional && !denies_public,
        // What else is said of public clients says where they have it.
        id_may_be_in_body: !is_optional
            && !secret_is_optional
            && !denies_public
            && may_have_id(declarations, method),
        denies_public,
        is_as_at_token_endpoint: false,
        secret_is_optional,
        takes_assertion: !is_by_assertion && declarations.client.assertion.is_some(),
        nonce_is_undeclared: declarations.runtime.makes_nonce && !declarations.has("nonce"),
        verifier_is_public: false,
        id: credential_words::said(declarations.runtime.client_id, declarations, operations),
        secret: credential_words::said(
            declarations.runtime.client_secret,
            declarations,
            operations,
        ),
    }
}

/// Whether the document requires the client's identifier, and its secret in no request, whether as a parameter or as a header.
fn may_lack_secret(declarations: &Declarations<'_>, method: ClientAuth) -> bool {
    let client = &declarations.client;
    let mut branches = declarations.branches.iter();
    let secret = declarations.runtime.client_secret;
    let is_of_branch = branches.any(|branch| branch.required.contains(secret));
    let is_unneeded = !client.secret.is_empty() && !client.secret.is_required() && !is_of_branch;
    let has_optional_header = client.authorization_header.is_some() && client.header_is_optional;
    match method {
        ClientAuth::Body | ClientAuth::Query | ClientAuth::Header => {
            is_unneeded && client.id.is_required()
        }
        ClientAuth::Basic | ClientAuth::BasicRaw => {
            has_optional_header && !client.id.is_empty() && !client.secret.is_required()
        }
        _ => false,
    }
}

/// Whether the body may have the identifier of a client that shows it in the `Authorization` header.
fn may_have_id(declarations: &Declarations<'_>, method: ClientAuth) -> bool {
    let id = &declarations.client.id;
    let name = declarations.runtime.client_id;
    let mut branches = declarations.branches.iter();
    let is_of_branch = branches.any(|branch| branch.required.contains(name));
    let is_basic = matches!(method, ClientAuth::Basic | ClientAuth::BasicRaw);
    is_basic && id.has(Location::Body) && !id.is_required() && !is_of_branch
}
