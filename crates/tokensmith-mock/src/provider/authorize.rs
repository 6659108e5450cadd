//! The authorization endpoint: the page on which a user consents, and the way back.

use http::{Request, Response, header};
use ring::hmac;
use tokensmith_runtime::{
    CodeChallengeMethod, Description, Secret, ServerDescription, ServerVariable,
};

use super::issue::CODE_LIFETIME;
use super::operation_choice::Candidate;
use super::{Outcome, Provider, base_of, lock, page};
use crate::clock::millis;
use crate::refusal::Refusal;
use crate::reply::{REFUSAL_HEADER, respond, set};
use crate::state::{Code, Consent, Grant};

impl Provider {
    /// Shows the page of consent, or sends the browser back at once.
    pub(super) fn authorize(
        &self,
        candidate: &Candidate<'_>,
        request: &Request<Vec<u8>>,
        now: i64,
    ) -> Outcome {
        let redirect_uri = match self.redirect_uri(candidate) {
            Ok(uri) => uri,
            Err(refusal) => return failed(candidate.refusal.clone().unwrap_or(refusal)),
        };
        let signature = self.redirect_signature(candidate);
        let form_post = candidate.text("response_mode").as_deref() == Some("form_post");
        let state = candidate.text("state");
        let mut added: Vec<_> = state
            .map(|state| ("state".to_owned(), state))
            .into_iter()
            .collect();
        if self.standard {
            // RFC 9207.
            added.push(("iss".to_owned(), base_of(request)));
        }
        let challenge = match candidate.refusal.clone() {
            Some(refusal) => Err(refusal),
            None => challenge(candidate),
        };
        let challenge = match challenge {
            Ok(challenge) => challenge,
            Err(refusal) => {
                let error = [("error".to_owned(), refusal.code.to_owned())];
                let mut pairs: Vec<_> = error.into_iter().chain(added).collect();
                sign(&mut pairs, signature.as_ref());
                let mut response = back(&redirect_uri, &pairs, form_post);
                let reason = format!("{}: {}", refusal.code, refusal.reason);
                set(&mut response, REFUSAL_HEADER, &reason);
                return Outcome {
                    response,
                    refusal: Some(refusal),
                };
            }
        };
        let forms = candidate.endpoint.server_in_redirect();
        let is_form = |name: &str| forms.iter().any(|(other, _)| *other == name);
        for name in candidate.endpoint.required_in_redirect() {
            if !is_form(name) {
                added.push(((*name).to_owned(), format!("mock-{name}")));
            }
        }
        for (name, form) in forms {
            added.push(((*name).to_owned(), filled(&self.description, form)));
        }
        let mut fields = candidate.endpoint.fields().iter();
        let own = fields.find(|(name, _)| *name == "code");
        let code_name = own.map_or("code", |(_, at)| at.trim_start_matches('/'));
        let mut state = lock(&self.state);
        let client = candidate.client().map(str::to_owned);
        let consent = Consent {
            code: Code {
                grant: Grant {
                    nonce: candidate.text("nonce"),
                    ..state.grant(client, candidate.scopes())
                },
                redirect_uri: candidate.text("redirect_uri"),
                challenge,
                expires: now.saturating_add(millis(CODE_LIFETIME)),
                used: false,
            },
            redirect_uri,
            added,
            code_name: code_name.to_owned(),
            signature,
            form_post,
        };
        drop(state);
        let response = match self.options.approve || candidate.asks_to_approve() {
            true => self.decide(&consent, true),
            false => {
                let mut state = lock(&self.state);
                let id = state.credential("consent");
                let title = self.description.title();
                let page = page::consent(title, &id, &consent.code.grant);
                state.consents.insert(id, consent);
                page::respond(200, page)
            }
        };
        Outcome {
            response,
            refusal: None,
        }
    }

    /// Sends the browser back with what its user decided.
    pub(super) fn decide(&self, consent: &Consent, approved: bool) -> Response<Vec<u8>> {
        let first = match approved {
            true => {
                let mut state = lock(&self.state);
                let text = state.credential("code");
                state.add_code(text.clone(), consent.code.clone());
                (consent.code_name.clone(), text)
            }
            false => ("error".to_owned(), "access_denied".to_owned()),
        };
        let added = consent.added.iter().cloned();
        let mut pairs: Vec<_> = std::iter::once(first).chain(added).collect();
        sign(&mut pairs, consent.signature.as_ref());
        back(&consent.redirect_uri, &pairs, consent.form_post)
    }

    /// The parameter that signs a redirect, and the client secret that it is signed with. A mock that
    /// takes any client knows no secret, and its redirects are not signed.
    fn redirect_signature(&self, candidate: &Candidate<'_>) -> Option<(String, Secret)> {
        let name = candidate.endpoint.signature_in_redirect();
        let clients = self.clients();
        let mut clients = clients.iter();
        let known = clients.find(|known| Some(known.id.as_str()) == candidate.client());
        let secret = known.and_then(|known| known.secret.clone())?;
        (!name.is_empty()).then(|| (name.to_owned(), secret.into()))
    }

    /// Where the browser may be sent back to (RFC 6749 section 3.1.2).
    fn redirect_uri(&self, candidate: &Candidate<'_>) -> Result<String, Refusal> {
        let client = candidate
            .client()
            .ok_or_else(|| Refusal::request("the client is not known"))?;
        let clients = self.clients();
        let known = clients.iter().find(|known| known.id == client);
        let registered = known.map_or(&[][..], |known| &known.redirect_uris);
        let Some(uri) = candidate.text("redirect_uri") else {
            let only = registered.first().filter(|_| registered.len() == 1);
            let missing = || Refusal::request("`redirect_uri` is missing");
            return only.cloned().ok_or_else(missing);
        };
        if !registered.is_empty() && !registered.contains(&uri) {
            return Err(Refusal::request("`redirect_uri` is not registered"));
        }
        match is_redirect_uri(&uri) {
            true => Ok(uri),
            false => Err(Refusal::request(
                "`redirect_uri` is not an absolute URI without a fragment",
            )),
        }
    }
}

/// Whether a text is an absolute URI without a fragment (RFC 6749 section 3.1.2), and not a script.
pub(super) fn is_redirect_uri(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else {
        return false;
    };
    // RFC 3986 section 3.1.
    let begins = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let scripts = ["javascript", "data", "vbscript"];
    let is_script = scripts.iter().any(|name| scheme.eq_ignore_ascii_case(name));
    // Browsers drop some control characters and spaces, and would see another URI.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    begins && scheme.bytes().all(is_of_scheme) && !is_script && is_plain && !text.contains('#')
}

/// The challenge of the code's verifier, and whether it is a hash.
fn challenge(candidate: &Candidate<'_>) -> Result<Option<(String, bool)>, Refusal> {
    let Some(challenge) = candidate.text("code_challenge") else {
        return Ok(None);
    };
    let declared = candidate.endpoint.code_challenge();
    let sent = candidate.text("code_challenge_method");
    match (declared, sent.as_deref()) {
        (CodeChallengeMethod::None, _) => {
            Err(Refusal::request("the endpoint takes no `code_challenge`"))
        }
        (CodeChallengeMethod::S256, Some("S256")) if !is_hash(&challenge) => Err(Refusal::request(
            "`code_challenge` is not 43 characters of base64url (RFC 7636 section 4.2)",
        )),
        (CodeChallengeMethod::S256, Some("S256")) => Ok(Some((challenge, true))),
        (CodeChallengeMethod::S256, None) => Err(Refusal::request(
            "`code_challenge_method` is missing, which means `plain`, not S256 (RFC 7636 section 4.3)",
        )),
        (CodeChallengeMethod::Plain, Some("plain") | None) => Ok(Some((challenge, false))),
        (declared, _) => {
            let declared = declared.as_str();
            let reason = format!("`code_challenge_method` is not {declared}");
            Err(Refusal::request(reason))
        }
    }
}

/// Whether a text has the form of a SHA-256 hash in base64url.
fn is_hash(text: &str) -> bool {
    let is_of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() == 43 && text.bytes().all(is_of_base64)
}

/// A refusal that nobody can be sent back with.
pub(super) fn failed(refusal: Refusal) -> Outcome {
    page_of("The authorization request is refused", refusal)
}

/// A page that says why a request is refused.
pub(super) fn page_of(title: &str, refusal: Refusal) -> Outcome {
    let mut response = page::respond(400, page::message(title, &refusal.reason));
    let reason = format!("{}: {}", refusal.code, refusal.reason);
    set(&mut response, REFUSAL_HEADER, &reason);
    Outcome {
        response,
        refusal: Some(refusal),
    }
}

/// The form of a value that names the server, with a value that the server's variable takes.
fn filled(description: &Description<'_>, form: &str) -> String {
    let variables = description
        .servers()
        .iter()
        .flat_map(ServerDescription::variables);
    let sample = |variable: &ServerVariable<'_>| {
        let listed = variable.values().first().copied();
        variable.default().or(listed).map(str::to_owned)
    };
    variables
        .into_iter()
        .fold(form.to_owned(), |text, variable| {
            let name = format!("{{{}}}", variable.name());
            text.replace(
                &name,
                &sample(variable).unwrap_or_else(|| "mock".to_owned()),
            )
        })
}

/// Adds the parameter that signs the others, as `with_signature_in_redirect` describes it.
fn sign(pairs: &mut Vec<(String, String)>, signature: Option<&(String, Secret)>) {
    let Some((name, secret)) = signature else {
        return;
    };
    let mut signed = pairs.clone();
    signed.sort();
    let mut text = form_urlencoded::Serializer::new(String::new());
    let text = text.extend_pairs(signed).finish();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let tag = hmac::sign(&key, text.as_bytes());
    let digits = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
    pairs.push((name.clone(), digits.collect()));
}

/// Sends the browser back to the client.
pub(super) fn back(uri: &str, pairs: &[(String, String)], form_post: bool) -> Response<Vec<u8>> {
    if form_post {
        return page::respond(200, page::form_post(uri, pairs));
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(pairs).finish();
    let joint = if uri.contains('?') { '&' } else { '?' };
    let mut response = respond(302, "", "");
    let location = format!("{uri}{joint}{query}");
    set(&mut response, header::LOCATION.as_str(), &location);
    response
}
