//! What an endpoint takes, by its security schemes and its parameters.

use super::Builder;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, shortened};
use crate::infer::client_auth::in_words::Named;
use crate::infer::client_auth::{demanded, other_id, public_in_words};
use crate::infer::declaration::{self, Declarations};
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::security::{self, Scheme};
use crate::infer::{example, grant};
use crate::model::{EndpointKind, Location};
use crate::openapi::security_scheme::SecurityScheme;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::{listed, sentences};

impl<'a> Builder<'_, 'a> {
    /// What the security schemes ask for.
    pub(super) fn alternatives(&self, diagnostics: &mut Diagnostics) -> Vec<Vec<Scheme<'a>>> {
        let method = self.site.extension.client_auth.method;
        // Of what the extension says nothing has to be guessed.
        let mut unsaid = diagnostics.aside();
        let diagnostics = if method.is_some() {
            &mut unsaid
        } else {
            diagnostics
        };
        security::alternatives(self.context, self.operation, self.site, diagnostics)
    }

    /// What the operation takes, and what the runtime sends of it.
    pub(super) fn declarations(
        &self,
        kind: EndpointKind,
        alternatives: &[Vec<Scheme<'a>>],
        diagnostics: &mut Diagnostics,
    ) -> (RuntimeParameters<'a>, Declarations<'a>) {
        let site = self.site;
        let read = |runtime, diagnostics: &mut Diagnostics| {
            let of = (self.item, self.operation);
            let mut found =
                declaration::declarations(self.context.api, of, (runtime, site), diagnostics);
            found.complete_path(site);
            found.examples = example::bodies(self.context, of.1, site);
            found.show_examples();
            found.conditions = self.context.conditions.of(&site.pointer).collect();
            let by = found.runtime.grant_type;
            let told = found
                .conditions
                .iter()
                .filter_map(|condition| condition.finding(by));
            told.for_each(|finding| diagnostics.find(finding));
            if self.operation.request_body.is_some() {
                let texts = [&of.1.summary, &of.1.description].into_iter().flatten();
                found.heed_words(texts.map(String::as_str), &site.pointer, diagnostics);
            }
            if kind.authenticates_client() {
                let of_document = || {
                    let text = self.context.api.info.description.as_deref();
                    Named::of_document(text.filter(|_| kind == EndpointKind::Token)?)
                };
                let of_assertion = found.described("client_assertion").and_then(|assertion| {
                    let text = assertion.description.or(assertion.shape.description)?;
                    let named = Named::of([(text, assertion.shape.pointer.clone())].into_iter());
                    named.filter(|named| named.method.sends_client_assertion())
                });
                found.client.named = Named::of(self.descriptions())
                    .or(of_assertion)
                    .or_else(of_document);
                let id = found.described(found.runtime.client_id);
                let words = id.and_then(|id| id.description.or(id.shape.description));
                found.client.id_words = words.map(str::to_owned);
                found.client.is_demanded = demanded::is_demanded(self.descriptions());
                found.client.is_nobody = self.is_nobody(&found);
                found.client.no_public = public_in_words::denied(self.descriptions());
                for (name, key) in security::keys(alternatives, site, diagnostics) {
                    found.add(name, key);
                }
            }
            self.credential(kind, alternatives, &mut found, diagnostics);
            found.runtime.makes_nonce = found.has("scope") || found.has("scopes");
            found
        };
        let standard = RuntimeParameters::new(kind, site);
        let mut found = diagnostics.aside();
        let declarations = read(standard, &mut found);
        let has_client = kind.authenticates_client();
        let otherwise = (has_client || kind == EndpointKind::Authorization)
            .then(|| standard.written_otherwise(site, &declarations))
            .flatten();
        let is_stated = site.extension.client_auth.client_id.is_some();
        let other_id = (has_client && !is_stated)
            .then(|| other_id::find(&declarations))
            .flatten();
        if otherwise.is_none() && other_id.is_none() {
            diagnostics.extend(found);
            return (standard, declarations);
        }
        let mut runtime = otherwise.unwrap_or(standard);
        let names = runtime.renamed(&standard);
        if !names.is_empty() {
            diagnostics.find(renamed(&names, site));
        }
        if let Some(finding) = other_id {
            diagnostics.find(finding);
            runtime.client_id = "";
        }
        (runtime, read(runtime, diagnostics))
    }

    /// Whether the operation asks for no authentication, and its body, which is closed, has nothing of the client.
    fn is_nobody(&self, declarations: &Declarations<'_>) -> bool {
        let client = &declarations.client;
        let own = self.operation.security.as_ref();
        own.is_some_and(Vec::is_empty)
            && client.body_is_closed
            && client.id.is_empty()
            && client.secret.is_empty()
            && client.assertion.is_none()
            && client.named.is_none()
            && !client.is_demanded
    }

    /// What is said of the operation and of its body, and where.
    pub(super) fn descriptions(&self) -> impl Iterator<Item = (&'a str, String)> {
        let at = self.site.pointer.as_str();
        let body = self.operation.request_body.as_ref();
        let body = body.and_then(|body| {
            let place = pointer::join(at, "requestBody");
            let (body, place) = declaration::resolve_body(self.context.api, body, place)?;
            Some((
                body.description.as_deref()?,
                pointer::join(&place, "description"),
            ))
        });
        let texts = [
            ("summary", &self.operation.summary),
            ("description", &self.operation.description),
        ];
        let texts = texts.into_iter();
        let texts =
            texts.filter_map(move |(key, text)| Some((text.as_deref()?, pointer::join(at, key))));
        texts.chain(body)
    }
}

impl<'a> Builder<'_, 'a> {
    /// Adds the credential of the caller's that the endpoint asks for; what is circular is told.
    fn credential(
        &self,
        kind: EndpointKind,
        alternatives: &[Vec<Scheme<'a>>],
        declarations: &mut Declarations<'a>,
        diagnostics: &mut Diagnostics,
    ) {
        let is_circular = match kind {
            EndpointKind::Token => !self.is_for_callers(alternatives, declarations),
            // What is pushed begins an authorization: there is no token yet (RFC 9126, section 2.1).
            EndpointKind::PushedAuthorization => true,
            _ => false,
        };
        let in_header = declarations.credential.take();
        match kind {
            kind if kind.is_for_browsers() => return,
            _ if is_circular => {
                // A flow that has its tokens here says how to get one, and not what to show.
                let is_own_flow = security::has_flow_only(alternatives)
                    && grant::has_flow(self.context.api, &self.site.path);
                let is_asked_for = in_header.is_some() || security::asks_callers(alternatives);
                // An alternative that asks for nothing has it optional.
                let is_optional = in_header.is_none() && alternatives.iter().any(Vec::is_empty);
                if is_asked_for && !is_optional && self.site.extension.client_auth.method.is_none()
                {
                    let place = in_header.map(|header| header.shape.pointer);
                    let asks = match (&place, &self.operation.security) {
                        (Some(_), _) => Asks::Parameter,
                        (None, Some(_)) => Asks::Operation,
                        (None, None) => Asks::Document,
                    };
                    let is_own = asks != Asks::Document;
                    let place = place.as_deref().unwrap_or(&self.site.pointer);
                    let is_elsewhere = place == self.site.pointer
                        && security::has_flow_only(alternatives)
                        && !is_own_flow;
                    let asked_for = self.asked_for();
                    diagnostics.push(match (is_elsewhere, is_own) {
                        _ if kind == EndpointKind::PushedAuthorization => {
                            before_tokens(place, &asked_for)
                        }
                        (true, true) => asks_other_flow(place),
                        _ if is_own_flow => asks_own_flow(place, &asked_for),
                        _ => circular(place, asks, &asked_for),
                    });
                    declarations.client.circular = Some(place.to_owned());
                }
                return;
            }
            _ => {}
        }
        let by_scheme = security::credential(alternatives, self.site, diagnostics);
        for credential in [in_header, by_scheme].into_iter().flatten() {
            declarations.add(security::AUTHORIZATION, credential);
        }
    }

    /// The schemes of bearer tokens and keys that security asks for: the name of each, and the beginning of what is said of it.
    fn asked_for(&self) -> Vec<String> {
        let of_document = || self.context.api.security.as_ref();
        let requirements = self.operation.security.as_ref().or_else(of_document);
        let names = requirements
            .into_iter()
            .flatten()
            .flat_map(|one| one.keys());
        let shown = names.filter_map(|name| {
            let scheme = self.context.untyped.security_scheme(name)?;
            let scheme = SecurityScheme(scheme.value);
            let is_flow = scheme.text("type") == Some("oauth2");
            let text = scheme.text("description").unwrap_or_default();
            let first = sentences(text).map(str::trim).find(|text| !text.is_empty());
            let first = first.filter(|_| !is_flow);
            let words = first.map(|text| format!(" (\"{}\")", shortened(text).escape_debug()));
            Some(format!(
                "`{}`{}",
                name.escape_debug(),
                words.unwrap_or_default()
            ))
        });
        shown.collect()
    }

    /// Whether a token endpoint means the token or the key that it asks for: a service that gives a token for one, and nothing else
    /// that would say who asks.
    fn is_for_callers(
        &self,
        alternatives: &[Vec<Scheme<'a>>],
        declarations: &Declarations<'a>,
    ) -> bool {
        let client = &declarations.client;
        let shows_client = !client.secret.is_empty()
            || client.assertion.is_some()
            || client.authorization_header.is_some()
            || client.unsaid_header.is_some()
            || client.named.is_some();
        let header = declarations.credential.as_ref();
        // The client may prove itself in a header of its own.
        let is_beside_credential = || {
            let mut others = declarations.common.iter();
            others.any(|(name, other)| other.location == Location::Header && other.is_secret(name))
        };
        let is_stated = self.operation.security.is_some()
            || header.is_some_and(|header| header.required || is_beside_credential());
        // What the document says of all operations is seldom meant for the one that begins.
        is_stated && !shows_client && !security::has_flow(alternatives)
    }
}

/// What asks for a token or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// A parameter in the `Authorization` header.
    Parameter,
    /// The operation's `security`.
    Operation,
    /// The document's `security`.
    Document,
}

/// What is said of a token endpoint that asks for a token.
fn circular(at: &str, asks: Asks, asked_for: &[String]) -> Diagnostic {
    let named = match asked_for {
        [] => String::new(),
        names => format!(", {},", listed(names, "or")),
    };
    let message = match asks {
        Asks::Parameter | Asks::Operation => format!(
            "the token endpoint asks for a token or a key in the `Authorization` header{named}; requests are sent without one, since tokens come from here"
        ),
        Asks::Document => format!(
            "the document's `security` asks for a token or a key{named} everywhere, and so at the token endpoint; requests for tokens are sent without one"
        ),
    }
    .replace(",;", ";");
    let help = match asks {
        Asks::Parameter => {
            "where it wants a token of the caller's, declare a scheme for that, and no client secret:\nsecuritySchemes: {bearer: {type: http, scheme: bearer}}\n\
             where it does not, remove the parameter, in an overlay where the document is a vendor's"
        }
        Asks::Operation => {
            "where it wants a token of the caller's, declare a scheme for that, and no client secret:\nsecuritySchemes: {bearer: {type: http, scheme: bearer}}\n\
             where it does not, say what it asks for, which may be nothing:\nsecurity: []"
        }
        Asks::Document => {
            "say what the endpoint itself asks for, which may be nothing:\nsecurity: []\n\
             or, as another key, how the client authenticates:\nx-tokensmith: {client-auth: body}"
        }
    };
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

/// What is said of a pushed authorization request that asks for a token.
fn before_tokens(at: &str, asked_for: &[String]) -> Diagnostic {
    let named = match asked_for {
        [] => String::new(),
        names => format!(" ({})", listed(names, "or")),
    };
    let message = format!(
        "`security` asks for a token or a key{named} where authorization requests are pushed; requests are sent without one, since there is no token yet: the client authenticates as it does for tokens (RFC 9126, section 2.1)"
    );
    let help = "say what the endpoint itself asks for, which may be nothing:\nsecurity: []";
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

/// What is said of a token endpoint that asks for a token of a flow whose tokens come from another URL.
fn asks_other_flow(at: &str) -> Diagnostic {
    let message = "the token endpoint asks for a token of an OAuth flow whose token URL is another; requests are sent without one";
    let help = "where it wants a token of the caller's, declare a scheme for that, and no client secret:\nsecuritySchemes: {bearer: {type: http, scheme: bearer}}\n\
         where it is the token endpoint of the flow, correct its `tokenUrl`";
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

/// What is said of a token endpoint that asks for a token of the flow that begins there.
fn asks_own_flow(at: &str, asked_for: &[String]) -> Diagnostic {
    let message = format!(
        "`security` asks for a token of {} at the endpoint that the flow has its tokens from; requests for tokens are sent without one",
        listed(asked_for, "or")
    );
    let help = "say what the endpoint itself asks for, which may be nothing:\nsecurity: []";
    Diagnostic::new(Rule::Unused, at, message).help(help)
}

/// That parameters are the runtime's which are not called as RFC 6749 calls them.
fn renamed(names: &[(&str, &str)], site: &Site) -> Finding {
    let names: Vec<String> = names
        .iter()
        .map(|(own, name)| format!("`{}` for `{own}`", name.escape_debug()))
        .collect();
    let meaning = listed(&names, "and");
    let message = format!("by their names, the client sends {meaning}");
    let help = "say which parameters they are:\n\
         x-tokensmith: {grant-type-parameter: .., client-auth: {client-id: .., client-secret: ..}}";
    Finding::new(Question::ClientParameters, meaning)
        .by(EvidenceKind::Name, &site.pointer)
        .inferred(&site.pointer, message, help)
}
