//! How a client authenticates at an endpoint of this kind.

use super::Builder;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::client_auth::in_words::{self, Said};
use crate::infer::declaration::Declarations;
use crate::infer::security::{AUTHORIZATION, KEY_WORDS, Scheme};
use crate::infer::{client_auth, security};
use crate::model::{
    Authentication, ClientAuth, ClientWords, EndpointKind, Location, Operation, rfc,
};
use crate::openapi::extension::Role;
use crate::pointer;
use crate::prose::listed;

/// How a client authenticates, and what else is said of it.
pub(super) struct Authenticated {
    pub(super) authentication: Authentication,
    /// Whether it shows a certificate.
    pub(super) certificate: bool,
    pub(super) words: ClientWords,
}

/// What no request type has a place for: alternatives, and what is said of the credentials.
fn client_words(
    operations: &[Operation],
    alternatives: &[Vec<Scheme<'_>>],
    declarations: &Declarations<'_>,
    method: ClientAuth,
) -> ClientWords {
    let described = |name: &str| {
        let of_branches = declarations.branches.iter();
        let of_branches = of_branches.filter_map(|branch| branch.parameters.get(name));
        let mut declared = declarations.common.get(name).into_iter().chain(of_branches);
        declared
            .find_map(|declared| declared.description.or(declared.shape.description))
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty() && text != KEY_WORDS)
    };
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
    ClientWords {
        is_optional: is_optional && method != ClientAuth::None || may_be_without,
        takes_assertion: !is_by_assertion && declarations.client.assertion.is_some(),
        id: described(declarations.runtime.client_id),
        secret: described(declarations.runtime.client_secret),
    }
}

impl Builder<'_, '_> {
    pub(super) fn authentication(
        &self,
        kind: EndpointKind,
        (grants, operations): (&[String], &[Operation]),
        (alternatives, declarations): (&[Vec<Scheme<'_>>], &Declarations<'_>),
        diagnostics: &mut Diagnostics,
    ) -> Authenticated {
        let parameters = &declarations.client;
        let mut certificate = false;
        let mut authentication = match self.method_without_evidence(kind, declarations, diagnostics)
        {
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
                client_auth::infer(self.site, security, parameters, grants, diagnostics)
            }
        };
        tell_undeclared_secrets(grants, declarations, authentication.method, diagnostics);
        certificate |= authentication.method == ClientAuth::TlsClientAuth;
        if kind != EndpointKind::Authorization && self.site.extension.client_auth.method.is_none() {
            let method = (authentication.method, certificate);
            self.tell_lost_alternatives(kind, (alternatives, declarations), method, diagnostics);
            self.tell_words(authentication.method, declarations, diagnostics);
        }
        if kind != EndpointKind::Authorization {
            let names = &declarations.runtime;
            names.client_id.clone_into(&mut authentication.client_id);
            names
                .client_secret
                .clone_into(&mut authentication.client_secret);
            let names_nobody = match kind {
                EndpointKind::Token => is_without_client(declarations, operations),
                EndpointKind::DeviceAuthorization => {
                    declarations.has_credential() && parameters.id.is_empty()
                }
                _ => parameters.id.is_empty(),
            };
            if authentication.method == ClientAuth::None && names_nobody {
                authentication.client_id.clear();
                let parameters = operations
                    .iter()
                    .flat_map(|operation| &operation.parameters);
                let is_stated = self.site.extension.client_auth.method.is_some();
                if kind == EndpointKind::Token
                    && !is_stated
                    && (grants.iter().any(|grant| grant == "password")
                        || !parameters.clone().any(|parameter| parameter.secret))
                {
                    diagnostics.push(names_nobody_at(&self.site.pointer));
                }
            }
        }
        let words = client_words(
            operations,
            alternatives,
            declarations,
            authentication.method,
        );
        Authenticated {
            authentication,
            certificate,
            words,
        }
    }

    /// The method where neither the security schemes nor the parameters show one that has to be inferred.
    fn method_without_evidence(
        &self,
        kind: EndpointKind,
        declarations: &Declarations<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Option<ClientAuth> {
        if kind == EndpointKind::Authorization {
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
        // A public client may revoke its tokens, and what protects an introspection endpoint is often left out.
        let is_often_bare = matches!(kind, EndpointKind::Revocation | EndpointKind::Introspection);
        let has_security = self.operation.security.is_some() || self.context.api.security.is_some();
        if !is_often_bare || has_security {
            return None;
        }
        Some(match stated {
            Some((method, finding)) => {
                diagnostics.find(finding);
                method
            }
            None => {
                self.tell_as_at_token_endpoint(kind, diagnostics);
                self.usual.unwrap_or(ClientAuth::Auto)
            }
        })
    }
}

impl Builder<'_, '_> {
    /// Tells the ways to prove who calls that no request goes, where requests go another one.
    fn tell_lost_alternatives(
        &self,
        kind: EndpointKind,
        (alternatives, declarations): (&[Vec<Scheme<'_>>], &Declarations<'_>),
        (method, certificate): (ClientAuth, bool),
        diagnostics: &mut Diagnostics,
    ) {
        let is_own = self.operation.security.is_some();
        let is_sent = |scheme: Scheme<'_>| match scheme {
            Scheme::Basic | Scheme::Word(_) => method.is_in_authorization(),
            Scheme::Method(own) => {
                own == method || own == ClientAuth::Body && method == ClientAuth::Auto
            }
            Scheme::Certificate => certificate,
            // What the whole document asks for is seldom meant for the endpoint that tokens come from.
            Scheme::Bearer | Scheme::Token if kind == EndpointKind::Token && !is_own => true,
            Scheme::Bearer | Scheme::Token | Scheme::Authorization => declarations.has_credential(),
            // What cannot be sent is told as that.
            Scheme::Key(..) | Scheme::Unknown => true,
        };
        let lost = security::lost(alternatives, is_sent);
        if lost.is_empty() {
            return;
        }
        let message = format!(
            "`security` also takes {}; requests have another one of its alternatives",
            listed(&lost, "or")
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

    /// Tells what the document says in words of HTTP Basic, and requests do otherwise.
    fn tell_words(
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
        let raw = in_words::raw(method, &said);
        let id = declarations.common.get(declarations.runtime.client_id);
        let id = id.filter(|id| id.places.has(Location::Body) && !id.required);
        said.extend(id.and_then(|id| {
            let text = id.description.or(id.shape.description)?;
            let pointer = id.shape.pointer.clone();
            Some(Said { text, pointer })
        }));
        let without_header = in_words::without_header(&said);
        for finding in raw.into_iter().chain(without_header) {
            diagnostics.find(finding);
        }
    }

    /// Says how a client authenticates at an endpoint of which the document says nothing: RFC 7009, section 2.1 and RFC 7662, section 2.1
    /// leave it to what the token endpoint has.
    fn tell_as_at_token_endpoint(&self, kind: EndpointKind, diagnostics: &mut Diagnostics) {
        let at = &self.site.pointer;
        let help = "say which it is:\nx-tokensmith: {client-auth: basic}";
        let unsaid = format!(
            "the document does not say how the client authenticates at the {} endpoint",
            kind.as_str()
        );
        let Some(method) = self.usual.map(ClientAuth::as_str) else {
            let message = format!("{unsaid}; Basic is tried first, then the body");
            diagnostics.push(Diagnostic::new(Rule::UnknownClientAuth, at, message).help(help));
            return;
        };
        let message = format!("{unsaid}; it does as at the token endpoint: `{method}`");
        let mut tokens = self.context.sites.iter();
        let token = tokens.find(|site| site.role == Role::Token);
        let place = token.map_or(at, |token| &token.pointer);
        let finding = Finding::new(Question::ClientAuthentication, method)
            .by(EvidenceKind::SiblingEndpoint, place)
            .inferred(at, message, help);
        diagnostics.find(finding);
    }
}

/// Tells grants whose bodies do not declare the secret that those of others do: all requests of an endpoint carry it.
fn tell_undeclared_secrets(
    grants: &[String],
    declarations: &Declarations<'_>,
    method: ClientAuth,
    diagnostics: &mut Diagnostics,
) {
    let name = declarations.runtime.client_secret;
    let is_of_some = declarations.is_in_branch(name) && !declarations.common.contains_key(name);
    if method != ClientAuth::Body || !is_of_some {
        return;
    }
    for grant in grants {
        let mut own = declarations
            .branches
            .iter()
            .filter(|branch| branch.is_for(grant) && !branch.grants.is_empty());
        let Some(first) = own.clone().next() else {
            continue;
        };
        if own.any(|branch| branch.parameters.contains_key(name)) {
            continue;
        }
        let message = format!(
            "the body of the grant {} declares no `{}`, and others do; where the client has a secret, it is sent all the same",
            grant.escape_debug(),
            name.escape_debug()
        );
        let help = "for requests without it, use a client with `Credentials::public`";
        let finding = Finding::new(Question::Parameter, "sent where the client has one")
            .of(name)
            .of_grant(grant)
            .by(EvidenceKind::Parameters, &first.pointer)
            .inferred(&first.pointer, message, help);
        diagnostics.find(finding);
    }
}

fn names_nobody_at(at: &str) -> Diagnostic {
    let message = "the document declares neither a client authentication nor a `client_id`; requests have neither";
    Diagnostic::new(Rule::UnknownClientAuth, at, message).help(
        "where the provider wants to know the client, say how:\nx-tokensmith: {client-auth: body}",
    )
}

/// Whether no request names the client: the document has nothing of it, and no RFC asks for it. What says nothing of its requests has none.
fn is_without_client(declarations: &Declarations<'_>, operations: &[Operation]) -> bool {
    declarations.client.id.is_empty() && operations.iter().all(is_of_its_own)
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
