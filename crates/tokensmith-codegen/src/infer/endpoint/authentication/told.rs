//! What is told of how a client authenticates: what is left out, and what only words say.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::client_auth::in_words::{self, Said};
use crate::infer::client_auth::verifier_in_words::{VERIFIER, verifier_of_public};
use crate::infer::declaration::Declarations;
use crate::infer::endpoint::Builder;
use crate::infer::grant::is_used_with_others;
use crate::infer::schema::Kind;
use crate::infer::security::{self, Scheme};
use crate::model::{BodyFormat, ClientAuth, EndpointKind, Location};
use crate::pointer;
use crate::prose::listed;

impl Builder<'_, '_> {
    /// Tells the ways to prove who calls that no request goes, where requests go another one.
    pub(super) fn tell_lost_alternatives(
        &self,
        kind: EndpointKind,
        (alternatives, declarations): (&[Vec<Scheme<'_>>], &Declarations<'_>),
        (method, certificate): (ClientAuth, bool),
        diagnostics: &mut Diagnostics,
    ) {
        let is_own = self.operation.security.is_some();
        let has_basic = alternatives
            .iter()
            .flatten()
            .any(|scheme| *scheme == Scheme::Basic);
        let is_sent = |scheme: Scheme<'_>| match scheme {
            // Beside HTTP Basic, no request has another word in the header.
            Scheme::Word(_) if has_basic => false,
            Scheme::Basic | Scheme::Word(_) => method.is_in_authorization(),
            Scheme::Method(own) => {
                own == method || own == ClientAuth::Body && method == ClientAuth::Auto
            }
            Scheme::Certificate => certificate,
            // What the whole document asks for is seldom meant for the endpoint that tokens come from.
            Scheme::Bearer | Scheme::Token if kind == EndpointKind::Token && !is_own => true,
            Scheme::Bearer | Scheme::Token | Scheme::Authorization => declarations.has_credential(),
            // No request sends cookies.
            Scheme::Key(_, place) => place.is_some(),
            // What cannot be sent is told as that.
            Scheme::Unknown => true,
        };
        let lost = security::lost(alternatives, is_sent);
        if lost.is_empty() {
            return;
        }
        let message = format!(
            "`security` also takes {}; requests have {}",
            listed(&lost, "or"),
            match method {
                ClientAuth::None => "another one of its alternatives",
                method => in_words::shown(method),
            }
        );
        let at = match is_own {
            true => pointer::join(&self.site.pointer, "security"),
            false => "/security".to_owned(),
        };
        diagnostics.push(
            Diagnostic::new(Rule::Unused, at, message).help(
                "where it has to be the other one, name that alone, in an overlay where the document is a vendor's; \
                 to hide this message, say how the client authenticates:\nx-tokensmith: {client-auth: basic}",
            ),
        );
    }

    /// Tells the keys that an authorization endpoint itself asks for: a browser is sent there by a URL.
    pub(super) fn tell_keys_of_browsers(
        &self,
        alternatives: &[Vec<Scheme<'_>>],
        diagnostics: &mut Diagnostics,
    ) {
        let keys = security::demanded_keys(alternatives);
        if keys.is_empty() || self.operation.security.is_none() {
            return;
        }
        let message = format!(
            "`security` of the authorization endpoint asks for {}; no authorization request has it",
            listed(&keys, "and")
        );
        let help = "where it is a value that may stand in a browser's URL, declare it as a parameter of the query; otherwise remove it from `security`";
        let at = pointer::join(&self.site.pointer, "security");
        diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
    }

    /// Tells what the document says in words of HTTP Basic, and requests do otherwise.
    pub(super) fn tell_words(
        &self,
        method: ClientAuth,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        if !method.is_in_authorization() {
            return;
        }
        let client = &declarations.client;
        let schemes = security::said_of_basic(self.context, self.operation);
        let mut said: Vec<Said<'_>> = schemes
            .into_iter()
            .map(|(text, pointer)| Said { text, pointer })
            .collect();
        let header = client
            .header_words
            .as_deref()
            .zip(client.authorization_header.clone());
        said.extend(header.map(|(text, pointer)| Said { text, pointer }));
        let of_operation = self.descriptions();
        let of_operation = of_operation.map(|(text, pointer)| Said { text, pointer });
        let raw = in_words::raw(method, said.iter().cloned().chain(of_operation));
        let id = declarations.common.get(declarations.runtime.client_id);
        let id = id.filter(|id| id.places.has(Location::Body) && !id.required);
        said.extend(id.and_then(|id| {
            let text = id.description.or(id.shape.description)?;
            let pointer = id.shape.pointer.clone();
            Some(Said { text, pointer })
        }));
        let without_header = in_words::without_header(&said, client.no_public.is_none());
        for finding in raw.into_iter().chain(without_header) {
            diagnostics.find(finding);
        }
    }

    /// Tells that requests with a code verifier have no client authentication, where a client may have a secret.
    pub(super) fn tell_verifier_of_public(
        &self,
        method: ClientAuth,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let verifier = declarations.described(VERIFIER);
        let has_secret = method != ClientAuth::None;
        let may_be_public = declarations.client.no_public.is_none();
        let Some(verifier) = verifier.filter(|_| has_secret && may_be_public) else {
            return false;
        };
        let own = verifier.description.or(verifier.shape.description);
        let name = declarations.runtime.client_secret;
        let secret = declarations.described(name).and_then(|secret| {
            let text = secret.description.or(secret.shape.description)?;
            let pointer = secret.shape.pointer.clone();
            Some(Said { text, pointer })
        });
        let schemes = security::said_of_basic(self.context, self.operation);
        let of_endpoint = self.descriptions().chain(schemes);
        let of_endpoint = of_endpoint.map(|(text, pointer)| Said { text, pointer });
        let found = verifier_of_public((&verifier.shape.pointer, own), (name, secret), of_endpoint);
        let is_public = found.is_some();
        found
            .into_iter()
            .for_each(|finding| diagnostics.find(finding));
        is_public
    }
}

/// How to send requests without the secret, where some clients have none.
fn without_secret(is_public: bool) -> &'static str {
    match is_public {
        true => "for requests without it, use a client with `Credentials::public`",
        false => in_words::NO_PUBLIC,
    }
}

/// Tells grants whose bodies do not declare the secret that those of others do: all requests of an endpoint carry it.
pub(super) fn tell_undeclared_secrets(
    grants: &[String],
    declarations: &Declarations<'_>,
    method: ClientAuth,
    diagnostics: &mut Diagnostics,
) {
    let is_assertion = method.sends_client_assertion();
    let name = match is_assertion {
        true => "client_assertion",
        false => declarations.runtime.client_secret,
    };
    let is_of_some = declarations.is_in_branch(name) && !declarations.common.contains_key(name);
    if method != ClientAuth::Body && !is_assertion || !is_of_some {
        return;
    }
    for grant in grants {
        let own = declarations
            .branches
            .iter()
            .filter(|branch| branch.is_for(grant) && !branch.grants.is_empty());
        let Some(first) = own.clone().next() else {
            continue;
        };
        let id = declarations.runtime.client_id;
        let declares = |wanted: &str| {
            let mut own = own.clone();
            own.any(|branch| branch.parameters.contains_key(wanted))
        };
        if declares(name) {
            continue;
        }
        let is_public = declarations.client.no_public.is_none();
        let lacks_id = !declares(id) && !declarations.common.contains_key(id) && !id.is_empty();
        let (grant_name, secret) = (grant.escape_debug(), name.escape_debug());
        let (message, help) = match lacks_id {
            _ if is_assertion => (
                format!(
                    "the body of the grant {grant_name} declares no `{secret}`, and others do; it is sent all the same"
                ),
                "where the provider refuses it, describe the requests of this grant in a document of their own, and say there how the client authenticates:\nx-tokensmith: {client-auth: none}",
            ),
            true => (
                format!(
                    "the body of the grant {grant_name} declares neither `{id}` nor `{secret}`, and others do; both are sent all the same",
                    id = id.escape_debug()
                ),
                match is_public {
                    true => {
                        "for requests without the secret, use a client with `Credentials::public`; without both, with `Credentials::public(\"\")`"
                    }
                    false => in_words::NO_PUBLIC,
                },
            ),
            false => (
                format!(
                    "the body of the grant {grant_name} declares no `{secret}`, and others do; where the client has a secret, it is sent all the same"
                ),
                without_secret(is_public),
            ),
        };
        let finding = Finding::new(Question::Parameter, "sent where the client has one")
            .of(name)
            .of_grant(grant)
            .by(EvidenceKind::Parameters, &first.pointer)
            .inferred(&first.pointer, message, help);
        diagnostics.find(finding);
    }
}

/// Tells grants that the secret is not used with, by its description: all requests of an endpoint carry it.
pub(super) fn tell_secret_of_other_grants(
    grants: &[String],
    declarations: &Declarations<'_>,
    method: ClientAuth,
    diagnostics: &mut Diagnostics,
) {
    let name = declarations.runtime.client_secret;
    let declared = declarations.common.get(name);
    let Some(declared) = declared.filter(|_| method == ClientAuth::Body) else {
        return;
    };
    let words = declared.description.or(declared.shape.description);
    let words = words.unwrap_or_default();
    let at = &declared.shape.pointer;
    for grant in grants
        .iter()
        .filter(|grant| is_used_with_others(words, grant))
    {
        let message = format!(
            "by its description, `{}` is used with other grants than {}; where the client has a secret, it is sent all the same",
            name.escape_debug(),
            grant.escape_debug()
        );
        let help = without_secret(declarations.client.no_public.is_none());
        let finding = Finding::new(Question::Parameter, "sent where the client has one")
            .of(name)
            .of_grant(grant)
            .by(EvidenceKind::Parameters, at)
            .inferred(at, message, help);
        diagnostics.find(finding);
    }
}

/// Tells that the secret's own words have HTTP Basic, where the document declares it in the body.
pub(super) fn tell_basic_of_secret(
    declarations: &Declarations<'_>,
    method: ClientAuth,
    diagnostics: &mut Diagnostics,
) {
    let name = declarations.runtime.client_secret;
    let declared = declarations.described(name);
    let Some(declared) = declared.filter(|_| method == ClientAuth::Body) else {
        return;
    };
    let words = declared.description.or(declared.shape.description);
    // What somebody else sent by Basic is here in the body.
    let is_sent = |words: &str| in_words::names_basic(words) && !words.contains("extract");
    if !words.is_some_and(is_sent) {
        return;
    }
    let at = &declared.shape.pointer;
    let message = format!(
        "by its description, `{}` may be sent by HTTP Basic; requests have it in the body, where it is declared",
        name.escape_debug()
    );
    let help = "where HTTP Basic is what the provider wants with every grant, add to the operation:\nx-tokensmith: {client-auth: basic}";
    diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(help));
}

/// Tells the credentials of a client that are declared as numbers: in JSON they are sent as texts.
pub(super) fn tell_numbers(declarations: &Declarations<'_>, diagnostics: &mut Diagnostics) {
    if !declarations.formats.contains(&BodyFormat::Json) {
        return;
    }
    let of_branches = declarations.branches.iter();
    let of_branches = of_branches.flat_map(|branch| &branch.parameters);
    let names = [
        declarations.runtime.client_id,
        declarations.runtime.client_secret,
    ];
    for (name, declared) in declarations.common.iter().chain(of_branches) {
        let is_number = matches!(declared.shape.kind, Kind::Integer | Kind::Number);
        if !names.contains(name) || !is_number || declared.location != Location::Body {
            continue;
        }
        let message = format!(
            "`{}` is declared as a number, and is sent as a text in JSON",
            name.escape_debug()
        );
        let help = "where the provider takes no text, send requests as a form or write the request yourself; to hide this message, declare it as a string";
        diagnostics
            .push(Diagnostic::new(Rule::Unused, &declared.shape.pointer, message).help(help));
    }
}
