//! How a client authenticates at an endpoint.

mod assertion;
mod assumed;
mod clue;
pub(crate) mod demanded;
pub(crate) mod in_words;
pub(crate) mod other_id;
pub(crate) mod public_in_words;
pub(crate) mod verifier_in_words;

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::grant::is_tagged_for_others;
use crate::infer::parameter_places::Places;
use crate::infer::security::Scheme;
use crate::model::{Audience, Authentication, ClientAuth, Location, rfc};
use crate::openapi::extension::KEY;
use crate::openapi::site::Site;
use crate::pointer;
use assumed::{assertion_read_as_signed, chosen, pair_read_as_basic, read_as_basic};
use clue::Clue;
use in_words::Named;

/// What the request itself has to say about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientParameters {
    /// Where `client_id` stands.
    pub(crate) id: Places,
    /// What is said of `client_id`.
    pub(crate) id_words: Option<String>,
    /// Where `client_secret` stands.
    pub(crate) secret: Places,
    /// Where `client_secret` is declared.
    pub(crate) secret_at: Option<String>,
    /// Where a choice stands of which some branches have the secret and others have not.
    pub(crate) choice: Option<String>,
    /// Where `client_assertion` is declared.
    pub(crate) assertion: Option<String>,
    /// Where an `Authorization` header for HTTP Basic is declared.
    pub(crate) authorization_header: Option<String>,
    /// Whether requests may be without it.
    pub(crate) header_is_optional: bool,
    /// What is said of it.
    pub(crate) header_words: Option<String>,
    /// Whether it is said to have the identifier and the secret, and not how.
    pub(crate) header_is_of_pair: bool,
    /// Where a token is asked for at the endpoint that gives it.
    pub(crate) circular: Option<String>,
    /// Where an `Authorization` header is declared of which nothing is said.
    pub(crate) unsaid_header: Option<String>,
    /// The method that the operation's description names.
    pub(crate) named: Option<Named>,
    /// Whether the body has no other members than those that are declared.
    pub(crate) body_is_closed: bool,
    /// Whether the operation asks for no authentication, and its requests have no place for any.
    pub(crate) is_nobody: bool,
    /// Whether the operation's description demands an authentication, whichever it is.
    pub(crate) is_demanded: bool,
    /// Where words keep public clients from the endpoint.
    pub(crate) no_public: Option<String>,
}

/// Infers the client authentication: `x-tokensmith` first, then the security schemes and the parameters.
pub(crate) fn infer(
    site: &Site,
    (alternatives, security_at): (&[Vec<Scheme<'_>>], &str),
    parameters: &ClientParameters,
    (grants, usual): (&[String], Option<ClientAuth>),
    diagnostics: &mut Diagnostics,
) -> Authentication {
    let declared = &site.extension.client_auth;
    let inference = Inference {
        site,
        security_at,
        schemes: alternatives.iter().flatten().copied().collect(),
        parameters,
        grants,
        usual,
    };
    let mut authentication = match declared.method {
        Some(method) => {
            diagnostics.find(
                inference
                    .finding(method)
                    .by(EvidenceKind::Statement, stated_at(site)),
            );
            Authentication::standard(method)
        }
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

/// Where `x-tokensmith` says how the client authenticates.
pub(crate) fn stated_at(site: &Site) -> String {
    pointer::join_all(&site.pointer, &[KEY, "client-auth"])
}

struct Inference<'a> {
    site: &'a Site,
    /// Where the security requirements stand.
    security_at: &'a str,
    schemes: Vec<Scheme<'a>>,
    parameters: &'a ClientParameters,
    grants: &'a [String],
    /// How clients authenticate at the token endpoint, where this is another one.
    usual: Option<ClientAuth>,
}

impl Inference<'_> {
    /// The method, with what speaks for it and what speaks against it.
    fn finding(&self, method: ClientAuth) -> Finding {
        let clues = self.clues();
        let speaks = clues.iter().any(|clue| clue.speaks_for(method));
        let mut finding = Finding::new(Question::ClientAuthentication, method.as_str());
        for clue in clues {
            let evidence = clue.evidence(self.security_at);
            finding = match clue.speaks_for(method) {
                true => finding.on(evidence),
                false => finding.against(evidence),
            };
        }
        if !speaks && self.site.extension.client_auth.method.is_none() {
            finding = finding.by(EvidenceKind::Convention, &self.site.pointer);
        }
        finding
    }

    fn clues(&self) -> Vec<Clue<'_>> {
        let parameters = self.parameters;
        let of_schemes = self.schemes.iter().filter_map(|scheme| Clue::of(*scheme));
        let header = parameters.authorization_header.as_deref().map(Clue::Header);
        let secret = parameters.secret_at.as_deref().map(Clue::Secret);
        let assertion = parameters.assertion.as_deref().map(Clue::Assertion);
        let circular = parameters.circular.as_deref().map(Clue::Circular);
        let named = parameters.named.as_ref();
        let named = named.map(|named| Clue::Named(named.method, &named.pointer));
        of_schemes
            .chain(header)
            .chain(secret)
            .chain(assertion)
            .chain(circular)
            .chain(named)
            .collect()
    }

    fn infer(&self, has_scheme: bool, diagnostics: &mut Diagnostics) -> Authentication {
        let parameters = self.parameters;
        let is_stated = has_scheme
            || parameters.authorization_header.is_some()
            || self.schemes.contains(&Scheme::Basic);
        let unsaid = parameters.unsaid_header.as_deref().filter(|_| !is_stated);
        let in_body = self.schemes.contains(&Scheme::Method(ClientAuth::Body));
        let place = parameters
            .secret
            .main_of_secret()
            .or(in_body.then_some(Location::Body));
        // What is declared is surer than what is said.
        let named = self.named().filter(|_| !is_stated && unsaid.is_none());
        let is_named_basic =
            named.is_some_and(|named| matches!(named.method, ClientAuth::Basic | ClientAuth::Auto));
        let basic = is_stated || unsaid.is_some() || is_named_basic;
        let method = match (place.map(of_place), basic) {
            (Some(method), _) if parameters.secret.is_required() => method,
            // `auto` tries the body, and no other place.
            (Some(ClientAuth::Body), true) => ClientAuth::Auto,
            (None, _) if named.is_some() => named.map_or(ClientAuth::Auto, |named| named.method),
            (_, true) => ClientAuth::Basic,
            (Some(method), false) => method,
            (None, false) => return self.without_secret(diagnostics),
        };
        let finding = self.finding(method);
        let is_by_words = place.is_none() || method == ClientAuth::Auto;
        diagnostics.find(match (unsaid, named.filter(|_| is_by_words)) {
            (Some(at), _) => read_as_basic(finding, at),
            (None, Some(named)) => named.inferred(finding, method),
            (None, None) => match (self.contrary(method), &parameters.choice) {
                (Some(named), _) => named.contradicted(finding, method),
                (None, Some(at)) => chosen(finding, method, at),
                (None, None) => match self.header_of_pair() {
                    Some(at) => pair_read_as_basic(finding, at),
                    None => finding,
                },
            },
        });
        Authentication::standard(method)
    }

    /// The header that is said to have the identifier and the secret, where nothing says that it is HTTP Basic.
    fn header_of_pair(&self) -> Option<&str> {
        let at = self.parameters.authorization_header.as_deref();
        let is_guess = self.parameters.header_is_of_pair && !self.schemes.contains(&Scheme::Basic);
        at.filter(|_| is_guess)
    }

    /// The method that the description names, unless the document declares something else to authenticate by.
    fn named(&self) -> Option<&Named> {
        let is_declared = |scheme: &Scheme<'_>| {
            matches!(
                scheme,
                Scheme::Word(_) | Scheme::Method(_) | Scheme::Certificate
            )
        };
        let is_declared =
            self.parameters.assertion.is_some() || self.schemes.iter().any(is_declared);
        self.parameters.named.as_ref().filter(|_| !is_declared)
    }

    /// What words say where the document declares something else.
    fn contrary(&self, method: ClientAuth) -> Option<&Named> {
        let named = self.parameters.named.as_ref();
        named.filter(|named| !Clue::Named(named.method, &named.pointer).speaks_for(method))
    }

    fn without_secret(&self, diagnostics: &mut Diagnostics) -> Authentication {
        let word = self.schemes.iter().find_map(|scheme| match scheme {
            Scheme::Word(word) => Some(*word),
            _ => None,
        });
        let mut schemes = self.schemes.iter();
        let named = schemes.find_map(|scheme| match scheme {
            Scheme::Method(method) => Some(*method),
            _ => None,
        });
        let certificate = self.schemes.contains(&Scheme::Certificate);
        let certificate = certificate.then_some(ClientAuth::TlsClientAuth);
        let as_usual = self.assertion_as_usual();
        let assertion = self.parameters.assertion.is_some();
        let said = self.named_assertion().or(as_usual);
        let assertion = assertion.then_some(said.unwrap_or(ClientAuth::PrivateKeyJwt));
        let shown = certificate.or(named).or(assertion);
        let public = (word.is_none() && !self.needs_secret()).then_some(ClientAuth::None);
        let method = match shown.or(word.map(|_| ClientAuth::Basic)).or(public) {
            Some(method) => method,
            None => ClientAuth::Auto,
        };
        let mut finding = self.finding(method);
        if self.named_assertion().is_none() && as_usual == Some(method) {
            finding = finding.by(EvidenceKind::SiblingEndpoint, &self.site.pointer);
        }
        diagnostics.find(match self.guessed_assertion(shown) {
            Some(at) => assertion_read_as_signed(
                finding.by(EvidenceKind::Convention, at),
                &self.site.pointer,
            ),
            None => finding,
        });
        if let (Some(word), None) = (word, shown) {
            return self.other_scheme(word, diagnostics);
        }
        if method != ClientAuth::Auto {
            return Authentication::standard(method);
        }
        let unsaid = match self.asks_for_nothing() {
            true => {
                "`security` of the operation asks for nothing, and the document says nothing else of how the client authenticates"
            }
            false => "the document does not say how the client authenticates",
        };
        let message = format!(
            "{unsaid}; Basic is tried first, and where a grant may be repeated, the body next"
        );
        diagnostics.push(
            Diagnostic::new(Rule::UnknownClientAuth, &self.site.pointer, message)
                .help("say which it is:\nx-tokensmith: {client-auth: basic}"),
        );
        Authentication::standard(ClientAuth::Auto)
    }

    /// Whether the operation itself says that it needs no authentication.
    fn asks_for_nothing(&self) -> bool {
        self.schemes.is_empty() && self.security_at.starts_with(&self.site.pointer)
    }

    /// Whether some grant is for clients with a secret only; or is one that they use as well, where the document says nothing of the client.
    fn needs_secret(&self) -> bool {
        // What a token asks for says nothing of who asks for tokens.
        let is_of_callers = |scheme: &Scheme<'_>| {
            matches!(scheme, Scheme::Bearer | Scheme::Token | Scheme::Unknown)
        };
        let has_scheme = !self.schemes.iter().all(is_of_callers);
        let parameters = self.parameters;
        let is_of_others = |grant: &str| {
            let words = parameters.id_words.as_deref();
            words.is_some_and(|words| is_tagged_for_others(words, grant, self.grants))
        };
        let says_nothing =
            |grant: &str| !has_scheme && (parameters.id.is_empty() || is_of_others(grant));
        let of_most = ["authorization_code", "refresh_token"];
        parameters.is_demanded
            || parameters.no_public.is_some()
            || self.grants.iter().any(|grant| {
                rfc::grant(grant).is_none_or(|known| {
                    known.confidential
                        || of_most.contains(&known.value)
                            && !parameters.is_nobody
                            && says_nothing(grant)
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

/// The client authentication that has the secret at this place.
fn of_place(place: Location) -> ClientAuth {
    match place {
        Location::Query => ClientAuth::Query,
        Location::Header => ClientAuth::Header,
        Location::Body | Location::Path => ClientAuth::Body,
    }
}
