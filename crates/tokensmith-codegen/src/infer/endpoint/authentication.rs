//! How a client authenticates at an endpoint of this kind.

mod client_words;
mod credential_words;
mod silence;
mod told;

use openapiv3::Operation as ApiOperation;

use super::Builder;
use std::collections::BTreeMap;

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::Declarations;
use crate::infer::schema::Schemas;
use crate::infer::security::{AUTHORIZATION, BEARER, Scheme};
use crate::infer::{Context, client_auth, security};
use crate::model::{Authentication, ClientAuth, ClientWords, EndpointKind, Operation, rfc};
use crate::pointer;

/// How a client authenticates, and what else is said of it.
pub(super) struct Authenticated {
    pub(super) authentication: Authentication,
    /// Whether it shows a certificate.
    pub(super) certificate: bool,
    pub(super) words: ClientWords,
}

impl Builder<'_, '_> {
    /// A client that is to be registered has nothing to authenticate with.
    pub(super) fn authentication(
        &self,
        kind: EndpointKind,
        requests: (&[String], &[Operation]),
        declared: (&[Vec<Scheme<'_>>], &Declarations<'_>),
        diagnostics: &mut Diagnostics,
    ) -> Authenticated {
        if kind != EndpointKind::Registration {
            return self.authentication_of_client(kind, requests, declared, diagnostics);
        }
        let method = ClientAuth::None;
        let at = &self.site.pointer;
        let evidence = Evidence::new(EvidenceKind::Convention, at).saying("RFC 7591, section 3");
        diagnostics
            .find(Finding::new(Question::ClientAuthentication, method.as_str()).on(evidence));
        Authenticated {
            authentication: Authentication {
                client_id: String::new(),
                ..Authentication::standard(method)
            },
            certificate: false,
            words: ClientWords::default(),
        }
    }

    fn authentication_of_client(
        &self,
        kind: EndpointKind,
        (grants, operations): (&[String], &[Operation]),
        (alternatives, declarations): (&[Vec<Scheme<'_>>], &Declarations<'_>),
        diagnostics: &mut Diagnostics,
    ) -> Authenticated {
        let parameters = &declarations.client;
        let mut certificate = false;
        let is_silent = self.is_silent(kind, alternatives, declarations);
        let unproven = self.method_without_evidence(kind, is_silent, declarations, diagnostics);
        let mut authentication = match unproven {
            Some(method) => {
                let mut authentication = Authentication::standard(method);
                client_auth::apply(self.site, &mut authentication);
                authentication
            }
            None => {
                certificate = client_auth::always_has_certificate(alternatives);
                let at = match self.operation.security {
                    Some(_) => pointer::join(&self.site.pointer, "security"),
                    None => "/security".to_owned(),
                };
                let security = (alternatives, at.as_str());
                let usual = self.usual.filter(|_| kind != EndpointKind::Token);
                client_auth::infer(
                    self.site,
                    security,
                    parameters,
                    (grants, usual),
                    diagnostics,
                )
            }
        };
        if let Some(at) = &parameters.no_public {
            let finding = Finding::new(Question::ClientAuthentication, "no public client");
            diagnostics.find(finding.by(EvidenceKind::Description, at));
        }
        if kind.is_for_browsers() {
            let name = declarations.runtime.client_id;
            name.clone_into(&mut authentication.client_id);
            self.tell_keys_of_browsers(alternatives, diagnostics);
        }
        if !kind.is_for_browsers() {
            told::tell_numbers(declarations, diagnostics);
        }
        told::tell_undeclared_secrets(grants, declarations, authentication.method, diagnostics);
        told::tell_secret_of_other_grants(grants, declarations, authentication.method, diagnostics);
        certificate |= authentication.method == ClientAuth::TlsClientAuth;
        if !kind.is_for_browsers() && self.site.extension.client_auth.method.is_none() {
            let method = (authentication.method, certificate);
            self.tell_lost_alternatives(kind, (alternatives, declarations), method, diagnostics);
            self.tell_words(authentication.method, declarations, diagnostics);
            told::tell_basic_of_secret(declarations, authentication.method, diagnostics);
        }
        if !kind.is_for_browsers() {
            let of_endpoint = (kind, grants, operations);
            self.name_client(of_endpoint, declarations, &mut authentication, diagnostics);
        }
        let mut words = client_words::of(
            operations,
            alternatives,
            declarations,
            authentication.method,
        );
        let is_stated = self.site.extension.client_auth.method.is_some();
        words.is_as_at_token_endpoint = is_silent && !is_stated && self.usual.is_some();
        words.verifier_is_public =
            self.tell_verifier_of_public(authentication.method, declarations, diagnostics);
        Authenticated {
            authentication,
            certificate,
            words,
        }
    }

    /// Says under which names requests have the client's id and secret; nothing has the id where an assertion or nobody names the
    /// client.
    fn name_client(
        &self,
        (kind, grants, operations): (EndpointKind, &[String], &[Operation]),
        declarations: &Declarations<'_>,
        authentication: &mut Authentication,
        diagnostics: &mut Diagnostics,
    ) {
        let names = &declarations.runtime;
        names.client_id.clone_into(&mut authentication.client_id);
        names
            .client_secret
            .clone_into(&mut authentication.client_secret);
        let client = &declarations.client;
        // An assertion names the client (RFC 7521, section 4.2).
        let is_in_assertion = authentication.method.sends_client_assertion()
            && client.assertion.is_some()
            && client.id.is_empty()
            && self.site.extension.client_auth.client_id.is_none();
        if is_in_assertion {
            authentication.client_id.clear();
        }
        let names_nobody = match kind {
            EndpointKind::Token => is_without_client(declarations, operations),
            EndpointKind::DeviceAuthorization => {
                declarations.has_credential() && client.id.is_empty()
            }
            _ => client.id.is_empty(),
        };
        if authentication.method != ClientAuth::None || !names_nobody {
            return;
        }
        authentication.client_id.clear();
        let mut parameters = operations
            .iter()
            .flat_map(|operation| &operation.parameters);
        let is_stated = self.site.extension.client_auth.method.is_some()
            // It is a parameter of requests, which is told.
            || names.client_id.is_empty();
        if kind == EndpointKind::Token
            && !is_stated
            && (grants.iter().any(|grant| grant == "password")
                || !parameters.any(|parameter| parameter.secret))
        {
            let schemas = Schemas {
                api: self.context.api,
            };
            let nested = declarations.nested(schemas, diagnostics);
            // An operation that needs no authentication says so.
            if !self.asks_for_nothing() || nested.contains_key("client_id") {
                diagnostics.push(names_nobody_at(&self.site.pointer, &nested));
            }
        }
    }

    /// Whether the operation itself says that it needs no authentication.
    fn asks_for_nothing(&self) -> bool {
        let own = self.operation.security.as_ref();
        own.is_some_and(|own| own.iter().all(|one| one.is_empty()))
    }

    /// The method where neither the security schemes nor the parameters show one that has to be inferred.
    fn method_without_evidence(
        &self,
        kind: EndpointKind,
        is_silent: bool,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<ClientAuth> {
        if kind.is_for_browsers() {
            return Some(ClientAuth::Auto);
        }
        let declared = self.site.extension.client_auth.method;
        if !declarations.client.secret.is_empty() || declarations.client.assertion.is_some() {
            return None;
        }
        // A header says how, as at the token endpoint.
        if declarations.client.authorization_header.is_some()
            || declarations.client.unsaid_header.is_some()
        {
            return None;
        }
        let stated = declared.map(|method| {
            let at = client_auth::stated_at(self.site);
            let finding = Finding::new(Question::ClientAuthentication, method.as_str());
            (method, finding.by(EvidenceKind::Statement, at))
        });
        // What the caller shows is all that the endpoint asks for.
        if let Some(credential) = declarations.common.get(AUTHORIZATION) {
            let by_credential = || {
                let at = &credential.shape.pointer;
                let text = "the caller's own credential";
                let evidence = Evidence::new(EvidenceKind::Security, at).saying(text);
                let none = ClientAuth::None;
                let finding = Finding::new(Question::ClientAuthentication, none.as_str());
                (none, finding.on(evidence))
            };
            let (method, finding) = stated.unwrap_or_else(by_credential);
            diagnostics.find(finding);
            return Some(method);
        }
        if !is_silent {
            return None;
        }
        Some(match stated {
            Some((method, finding)) => {
                diagnostics.find(finding);
                method
            }
            None => {
                let is_demanded = declarations.client.is_demanded;
                self.tell_as_at_token_endpoint(kind, is_demanded, diagnostics);
                self.usual.unwrap_or(ClientAuth::Auto)
            }
        })
    }
}

impl Builder<'_, '_> {
    /// Returns the places of parameters within objects of the body, unless requests have them
    /// outside of objects.
    pub(super) fn nested(
        &self,
        authentication: &Authentication,
        operations: &[Operation],
        declarations: &Declarations<'_>,
        diagnostics: &Diagnostics,
    ) -> BTreeMap<&'static str, String> {
        let has_client = !authentication.client_id.is_empty();
        if has_client && operations.iter().any(|operation| operation.grant.is_some()) {
            return BTreeMap::new();
        }
        let api = self.context.api;
        declarations.nested(Schemas { api }, diagnostics)
    }
}

/// Says of the token that callers give which scopes it needs.
pub(super) fn describe_scopes_of_bearer(
    context: &Context<'_>,
    operation: &ApiOperation,
    operations: &mut [Operation],
) {
    let Some(needed) = security::scopes_in_words(context, operation) else {
        return;
    };
    let parameters = operations
        .iter_mut()
        .flat_map(|operation| &mut operation.parameters);
    for bearer in parameters.filter(|parameter| parameter.prefix.as_deref() == Some(BEARER)) {
        let said = bearer.description.get_or_insert_default();
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(&needed);
    }
}

fn names_nobody_at(at: &str, nested: &BTreeMap<&str, String>) -> Diagnostic {
    if let Some(place) = nested.get("client_id") {
        let place = place.escape_debug();
        let message = format!(
            "the document has the client's id in `{place}`: the caller gives that object, and requests name no client otherwise"
        );
        let help = "give the object with the credentials of the client in it; where the provider knows the client in another way too, say how:\nx-tokensmith: {client-auth: basic}";
        return Diagnostic::new(Rule::UnknownClientAuth, at, message).help(help);
    }
    let message = "the document declares neither a client authentication nor a `client_id`; requests have neither";
    Diagnostic::new(Rule::UnknownClientAuth, at, message).help(
        "where the provider wants to know the client, say how:\nx-tokensmith: {client-auth: body}",
    )
}

/// Whether no request names the client: the document has nothing of it, and no RFC asks for it. What says nothing of its requests has none.
fn is_without_client(declarations: &Declarations<'_>, operations: &[Operation]) -> bool {
    let client = &declarations.client;
    client.is_nobody || client.id.is_empty() && operations.iter().all(is_of_its_own)
}

/// Whether the credential of a grant says enough, by RFC 6749, section 4.3.2, RFC 7521, section 4.1 and RFC 8693, section 2.1.
fn is_of_its_own(operation: &Operation) -> bool {
    const OF_THEIR_OWN: [&str; 4] = [
        "password",
        rfc::JWT_BEARER,
        rfc::SAML2_BEARER,
        rfc::TOKEN_EXCHANGE,
    ];
    match operation.grant.as_deref() {
        None => true,
        Some(grant) => rfc::grant(grant).is_some_and(|grant| OF_THEIR_OWN.contains(&grant.value)),
    }
}
