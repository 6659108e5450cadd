//! How a client authenticates at an endpoint.

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::places::Places;
use crate::infer::security::Scheme;
use crate::model::{Audience, Authentication, ClientAuth, Location, rfc};
use crate::openapi::site::Site;

/// What the request itself has to say about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientParameters {
    /// Where `client_id` stands.
    pub(crate) id: Places,
    /// Where `client_secret` stands.
    pub(crate) secret: Places,
    /// `client_assertion` is among the parameters.
    pub(crate) assertion: bool,
    /// An `Authorization` header for HTTP Basic is among the parameters.
    pub(crate) authorization_header: bool,
    /// Where an `Authorization` header is declared of which nothing is said.
    pub(crate) unsaid_header: Option<String>,
}

/// Infers the client authentication: `x-tokensmith` first, then the security schemes and the parameters.
pub(crate) fn infer(
    site: &Site,
    alternatives: &[Vec<Scheme<'_>>],
    parameters: &ClientParameters,
    grants: &[String],
    diagnostics: &mut Diagnostics,
) -> Authentication {
    let declared = &site.extension.client_auth;
    let inference = Inference {
        site,
        schemes: alternatives.iter().flatten().copied().collect(),
        parameters,
        grants,
    };
    let mut authentication = match declared.method {
        Some(method) => Authentication::standard(method),
        None => inference.infer(declared.scheme.is_some(), diagnostics),
    };
    apply(site, &mut authentication);
    authentication.id_location = id_location(&parameters.id, authentication.method);
    authentication
}

/// Where the identifier stands if only a header or the query has it, and the body may have the
/// secret.
pub(crate) fn id_location(id: &Places, method: ClientAuth) -> Option<Location> {
    let is_in_body =
        id.has(Location::Body) || !matches!(method, ClientAuth::Body | ClientAuth::None);
    id.main()
        .filter(|place| !is_in_body && matches!(place, Location::Header | Location::Query))
}

/// Returns whether a certificate of the client is part of every way to authenticate.
pub(crate) fn always_has_certificate(alternatives: &[Vec<Scheme<'_>>]) -> bool {
    let mut all = alternatives.iter();
    !alternatives.is_empty() && all.all(|schemes| schemes.contains(&Scheme::Certificate))
}

/// What `x-tokensmith` says beside the method.
pub(crate) fn apply(site: &Site, authentication: &mut Authentication) {
    let declared = site.extension.client_auth.clone();
    authentication.public_by_basic = declared.public_by_basic;
    if let Some(scheme) = declared.scheme {
        authentication.scheme = scheme;
    }
    if let Some(name) = declared.client_id {
        authentication.client_id = name;
    }
    if let Some(name) = declared.client_secret {
        authentication.client_secret = name;
    }
    authentication.audience = match declared.audience.as_deref() {
        None | Some("url") => Audience::Url,
        Some("issuer") => Audience::Issuer,
        Some(text) => Audience::Fixed(text.to_owned()),
    };
}

struct Inference<'a> {
    site: &'a Site,
    schemes: Vec<Scheme<'a>>,
    parameters: &'a ClientParameters,
    grants: &'a [String],
}

impl Inference<'_> {
    fn infer(&self, has_scheme: bool, diagnostics: &mut Diagnostics) -> Authentication {
        let parameters = self.parameters;
        let is_stated =
            has_scheme || parameters.authorization_header || self.schemes.contains(&Scheme::Basic);
        let unsaid = parameters.unsaid_header.as_deref().filter(|_| !is_stated);
        if let Some(at) = unsaid {
            diagnostics.push(read_as_basic(at));
        }
        let basic = is_stated || unsaid.is_some();
        let in_body = self.schemes.contains(&Scheme::Method(ClientAuth::Body));
        let place = parameters
            .secret
            .main_of_secret()
            .or(in_body.then_some(Location::Body));
        let method = match (place.map(of_place), basic) {
            (Some(method), _) if parameters.secret.is_required() => method,
            // `auto` tries the body, and no other place.
            (Some(ClientAuth::Body), true) => ClientAuth::Auto,
            (_, true) => ClientAuth::Basic,
            (Some(method), false) => method,
            (None, false) => return self.without_secret(diagnostics),
        };
        Authentication::standard(method)
    }

    fn without_secret(&self, diagnostics: &mut Diagnostics) -> Authentication {
        let word = self.schemes.iter().find_map(|scheme| match scheme {
            Scheme::Word(word) => Some(*word),
            _ => None,
        });
        if self.schemes.contains(&Scheme::Certificate) {
            return Authentication::standard(ClientAuth::TlsClientAuth);
        }
        let mut schemes = self.schemes.iter();
        if let Some(Scheme::Method(method)) =
            schemes.find(|scheme| matches!(scheme, Scheme::Method(_)))
        {
            return Authentication::standard(*method);
        }
        if self.parameters.assertion {
            return Authentication::standard(ClientAuth::PrivateKeyJwt);
        }
        if let Some(word) = word {
            return self.other_scheme(word, diagnostics);
        }
        if !self.needs_secret() {
            return Authentication::standard(ClientAuth::None);
        }
        diagnostics.push(
            Diagnostic::new(
                Rule::UnknownClientAuth,
                &self.site.pointer,
                "the document does not say how the client authenticates; Basic is tried first, and where a grant may be repeated, the body next",
            )
            .help("say which it is:\nx-tokensmith: {client-auth: basic}"),
        );
        Authentication::standard(ClientAuth::Auto)
    }

    /// Whether some grant is for clients with a secret only; or is one that they use as well, where the document says nothing of the client.
    fn needs_secret(&self) -> bool {
        // What a token asks for says nothing of who asks for tokens.
        let is_of_callers = |scheme: &Scheme<'_>| {
            matches!(scheme, Scheme::Bearer | Scheme::Token | Scheme::Unknown)
        };
        let says_nothing = self.schemes.iter().all(is_of_callers) && self.parameters.id.is_empty();
        let of_most = ["authorization_code", "refresh_token"];
        self.grants.iter().any(|grant| {
            rfc::grant(grant).is_none_or(|known| {
                known.confidential || says_nothing && of_most.contains(&known.value)
            })
        })
    }

    /// A scheme that is not `Basic`: what stands after the word is a guess unless the document says it.
    fn other_scheme(&self, word: &str, diagnostics: &mut Diagnostics) -> Authentication {
        /// Schemes of the registry (RFC 9110, section 16.4.1) that work in another way.
        const OTHERS: [&str; 9] = [
            "concealed",
            "digest",
            "gnap",
            "hoba",
            "mutual",
            "negotiate",
            "oauth",
            "privatetoken",
            "vapid",
        ];
        let lower = word.to_ascii_lowercase();
        let shown = word.escape_debug();
        if OTHERS.contains(&lower.as_str()) || lower.starts_with("scram-") {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Unsupported,
                    &self.site.pointer,
                    format!("the client authenticates by the HTTP scheme `{shown}`, which is not supported"),
                )
                .help("where the provider takes another client authentication as well, say so:\nx-tokensmith: {client-auth: basic}"),
            );
        } else {
            diagnostics.push(
                Diagnostic::new(
                    Rule::UnknownClientAuth,
                    &self.site.pointer,
                    format!("the HTTP scheme `{shown}` does not say what follows it; it is read as `Basic` under another name"),
                )
                .help(format!(
                    "say what it is:\nx-tokensmith: {{client-auth: {{method: basic, scheme: {shown}}}}}\n\
                     or, for the secret alone:\nx-tokensmith: {{client-auth: {{method: secret, scheme: {shown}}}}}"
                )),
            );
        }
        Authentication {
            scheme: word.to_owned(),
            ..Authentication::standard(ClientAuth::Basic)
        }
    }
}

fn read_as_basic(at: &str) -> Diagnostic {
    let message =
        "nothing is said of what the `Authorization` header carries; it is read as HTTP Basic";
    Diagnostic::new(Rule::Inferred, at, message).help(
        "declare a security scheme instead:\nsecuritySchemes: {basic: {type: http, scheme: basic}}",
    )
}

/// The client authentication that has the secret at this place.
fn of_place(place: Location) -> ClientAuth {
    match place {
        Location::Query => ClientAuth::Query,
        Location::Header => ClientAuth::Header,
        Location::Body | Location::Path => ClientAuth::Body,
    }
}
