//! What a document says in words of how clients authenticate.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::infer::grant::negation::affirmed;
use crate::model::ClientAuth;
use crate::prose::{plain, plain_sentences, sentences};

/// Where the text on the whole document stands.
const DOCUMENT: &str = "/info/description";

/// A method of client authentication that a description names.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// `Auto` where it names Basic and the body.
    pub(crate) method: ClientAuth,
    /// Where the description stands.
    pub(crate) pointer: String,
}

impl Named {
    /// The method that these descriptions name; `None` where they name several that no client tries in turn.
    pub(crate) fn of<'a>(descriptions: impl Iterator<Item = (&'a str, String)>) -> Option<Self> {
        descriptions
            .filter_map(|(text, pointer)| Some((method(text)?, pointer)))
            .map(|(method, pointer)| Self { method, pointer })
            .next()
    }

    /// The method that the text on the whole document names for requests for tokens: most of it is about other requests.
    pub(crate) fn of_document(text: &str) -> Option<Self> {
        const TOPICS: [&str; 9] = [
            "get a token",
            "get an access token",
            "obtain a token",
            "obtain an access token",
            "request a token",
            "request an access token",
            "requesting a token",
            "token endpoint",
            "token request",
        ];
        let is_about = |sentence: &&str| {
            let plain = plain(sentence);
            TOPICS.iter().any(|topic| plain.contains(topic))
        };
        let about: Vec<&str> = sentences(text).filter(is_about).collect();
        Some(Self {
            method: method(&about.join(". "))?,
            pointer: DOCUMENT.to_owned(),
        })
    }

    /// Says of a finding that words speak against it.
    pub(super) fn contradicted(&self, finding: Finding, method: ClientAuth) -> Finding {
        let message = format!(
            "by the {} description, the client authenticates by {}, and the document declares {}; requests do as declared",
            self.owner(),
            shown(self.method),
            shown(method)
        );
        let help = format!(
            "say which is right:\nx-tokensmith: {{client-auth: {}}}",
            method.as_str()
        );
        finding.inferred(&self.pointer, message, help)
    }

    /// Whose description it is.
    fn owner(&self) -> &'static str {
        match self.pointer.as_str() {
            DOCUMENT => "document's",
            _ => "operation's",
        }
    }

    /// Says of a finding that only words speak for it.
    pub(super) fn inferred(&self, finding: Finding, method: ClientAuth) -> Finding {
        let message = format!(
            "by the {} description, the client authenticates by {}",
            self.owner(),
            shown(method)
        );
        let help = match method {
            ClientAuth::Basic => {
                "declare a security scheme:\nsecuritySchemes: {basic: {type: http, scheme: basic}}"
                    .to_owned()
            }
            method => format!(
                "say so:\nx-tokensmith: {{client-auth: {}}}",
                method.as_str()
            ),
        };
        finding.inferred(&self.pointer, message, help)
    }
}

/// A method in words.
pub(crate) fn shown(method: ClientAuth) -> &'static str {
    match method {
        ClientAuth::Basic => "HTTP Basic",
        ClientAuth::Auto => "HTTP Basic or in the body",
        ClientAuth::Body => "its secret in the body",
        method => method.as_str(),
    }
}

/// Whether a text has the client authenticate by HTTP Basic, perhaps beside another way.
pub(crate) fn names_basic(text: &str) -> bool {
    matches!(method(text), Some(ClientAuth::Basic | ClientAuth::Auto))
}

/// The method that a text names and does not deny.
fn method(text: &str) -> Option<ClientAuth> {
    /// Registered names (RFC 8414, section 2), and what HTTP Basic is called.
    const NAMES: [(&str, ClientAuth); 10] = [
        ("client_secret_basic", ClientAuth::Basic),
        ("client_secret_post", ClientAuth::Body),
        ("client_secret_jwt", ClientAuth::ClientSecretJwt),
        ("private_key_jwt", ClientAuth::PrivateKeyJwt),
        ("tls_client_auth", ClientAuth::TlsClientAuth),
        ("http basic", ClientAuth::Basic),
        ("basic auth", ClientAuth::Basic),
        ("basic access auth", ClientAuth::Basic),
        ("authorization: basic", ClientAuth::Basic),
        ("basic base64", ClientAuth::Basic),
    ];
    let lower = plain_sentences(text);
    let named = |part: &str| {
        let names = NAMES.iter().filter(|(name, _)| part.contains(name));
        let http = is_http_authentication(part).then_some(ClientAuth::Basic);
        let names = names.map(|(_, method)| *method).chain(http);
        let in_body = has_secret_in_body(part).then_some(ClientAuth::Body);
        names.chain(in_body).collect::<Vec<_>>()
    };
    let is_named =
        |part: &str| !is_of_users(part) && !part.contains("not be sent") && !named(part).is_empty();
    let mut methods: Vec<ClientAuth> = Vec::new();
    for method in affirmed(&lower, is_named).into_iter().flat_map(named) {
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    match methods.as_slice() {
        [only] => Some(*only),
        [ClientAuth::Basic, ClientAuth::Body] | [ClientAuth::Body, ClientAuth::Basic] => {
            Some(ClientAuth::Auto)
        }
        _ => None,
    }
}

/// Whether a text in small letters has the authentication of HTTP without a scheme, which is Basic as a rule.
fn is_http_authentication(text: &str) -> bool {
    const SCHEMES: [&str; 5] = ["bearer", "digest", "hawk", "scheme", "signature"];
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_named = words
        .windows(2)
        .any(|pair| pair[0] == "http" && ["auth", "authentication"].contains(&pair[1]));
    is_named && !SCHEMES.iter().any(|scheme| text.contains(scheme))
}

/// Whether a text in small letters has the client's secret in the body.
fn has_secret_in_body(text: &str) -> bool {
    const SECRETS: [&str; 4] = [
        "client_secret",
        "client secret",
        "client credentials in the",
        "client's credentials in the",
    ];
    const BODIES: [&str; 5] = [
        "in the body",
        "in the request body",
        "in the request's body",
        "in the post body",
        "in the form body",
    ];
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&BODIES) && has(&SECRETS)
}

/// Whether a text is about the name and the password of a person, and about no client.
fn is_of_users(text: &str) -> bool {
    const OF_CLIENTS: [&str; 4] = ["client", "app", "key", "secret"];
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    has(&["user", "password", "email"]) && !has(&OF_CLIENTS)
}

/// Words about a header or an identifier, and where they stand.
#[derive(Clone)]
pub(crate) struct Said<'a> {
    pub(crate) text: &'a str,
    pub(crate) pointer: String,
}

/// What is advised where requests could be without a secret, and words keep public clients from the endpoint.
pub(crate) const NO_PUBLIC: &str = "by the description of the endpoint, it takes no public clients; where it takes requests without client authentication, correct the description in an overlay";

/// Finds requests that have the identifier in the body and no header, by the words that say so.
pub(crate) fn without_header(said: &[Said<'_>], is_public: bool) -> Option<Finding> {
    let said = said.iter().find(|said| is_conditional(said.text))?;
    let (message, help) = match is_public {
        true => (
            "by its description, some requests have no `Authorization` header; \
             clients with a secret send it with all requests, and `Credentials::public` sends `client_id` in the body instead",
            "for requests without the header, use a client with `Credentials::public`",
        ),
        false => (
            "by its description, some requests have no `Authorization` header; all requests have it, since the endpoint takes no public clients by its description",
            NO_PUBLIC,
        ),
    };
    let finding = Finding::new(Question::ClientAuthentication, "the body without a secret")
        .by(EvidenceKind::Description, &said.pointer);
    Some(finding.inferred(&said.pointer, message, help))
}

/// Finds HTTP Basic that is described without the form encoding of RFC 6749, section 2.3.1.
pub(crate) fn raw<'a>(
    method: ClientAuth,
    mut said: impl Iterator<Item = Said<'a>>,
) -> Option<Finding> {
    if !matches!(method, ClientAuth::Basic | ClientAuth::Auto) {
        return None;
    }
    let said = said.find(|said| joins_as_they_are(said.text))?;
    let message = "by its description, HTTP Basic has the base64 of the identifier and the secret as they are; \
         requests form-encode both first (RFC 6749, section 2.3.1), which changes characters other than letters, digits and `*-._`";
    let help = "where the provider takes them as they are, say so:\nx-tokensmith: {client-auth: basic-raw}";
    let finding = Finding::new(Question::ClientAuthentication, "form-encoded before base64")
        .by(EvidenceKind::Convention, &said.pointer);
    Some(finding.inferred(&said.pointer, message, help))
}

/// Whether a text says of a header, or of an identifier beside it, that some requests are without.
fn is_conditional(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "do not include",
        "must not be included",
        "not needed",
        "not required",
        "only for pkce",
        "only for public",
        "only needed",
        "only required",
        "only with pkce",
        "required for pkce",
        "required for public",
        "should not be included",
    ];
    let lower = plain(text);
    WORDS.iter().any(|words| lower.contains(words))
}

/// Whether a text writes out what is encoded by base64, and nothing that is done before.
fn joins_as_they_are(text: &str) -> bool {
    const PAIRS: [&str; 4] = ["id:clientsecret", "id:secret", "key:secret", "id:appsecret"];
    const ENCODED: [&str; 4] = ["formencod", "urlencod", "percentencod", "percentescap"];
    let lower = text.to_ascii_lowercase();
    let kept = lower.chars();
    let kept: String = kept
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == ':')
        .collect();
    let has = |words: &[&str]| words.iter().any(|word| kept.contains(word));
    let is_joined = has(&PAIRS) || kept.contains("colon") && kept.contains("secret");
    kept.contains("base64") && is_joined && !has(&ENCODED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_some_requests_are_without_is_known_by_its_words() {
        for text in [
            "Not required if the grant type is `refresh_token`.",
            "**Only required for PKCE flow**. The identifier.",
            "Basic. Do **not** include it with PKCE.",
        ] {
            assert!(is_conditional(text), "{text}");
        }
        for text in ["HTTP Basic, which is required.", "The identifier.", ""] {
            assert!(!is_conditional(text), "{text}");
        }
    }

    #[test]
    fn a_method_is_named_or_denied() {
        for (text, expected) in [
            (
                "Send `Authorization: Basic base64(id:secret)`.",
                Some(ClientAuth::Basic),
            ),
            (
                "Requires **HTTP Basic** with the client's credentials.",
                Some(ClientAuth::Basic),
            ),
            (
                "Clients use client_secret_basic or client_secret_post.",
                Some(ClientAuth::Auto),
            ),
            (
                "Clients authenticate by `private_key_jwt`.",
                Some(ClientAuth::PrivateKeyJwt),
            ),
            (
                "This request is authenticated with normal HTTP auth.",
                Some(ClientAuth::Basic),
            ),
            ("HTTP authentication with a bearer token.", None),
            ("Put it into the HTTP Authorization header.", None),
            (
                "Send client_id and `client_secret` in the request body.",
                Some(ClientAuth::Body),
            ),
            (
                "Pass the client secret in the body or by HTTP Basic.",
                Some(ClientAuth::Auto),
            ),
            ("Do not send the client secret in the body.", None),
            ("By private_key_jwt, or by tls_client_auth.", None),
            ("Basic authentication is not supported.", None),
            (
                "Send `Authorization: Basic ..`. Never use client_secret_post.",
                Some(ClientAuth::Basic),
            ),
            (
                "The user name and the password go into a basic authorization header.",
                None,
            ),
            ("A basic exchange.", None),
        ] {
            assert_eq!(method(text), expected, "{text}");
        }
    }

    #[test]
    fn the_text_on_the_document_names_the_method_of_token_requests() {
        let of = |text: &str| Named::of_document(text).map(|named| named.method);
        for (text, expected) in [
            (
                "An API.\n\n# Authentication\nCall the token endpoint with HTTP Basic.",
                Some(ClientAuth::Basic),
            ),
            (
                "To obtain an access token, authenticate by `private_key_jwt`. Other requests have Basic auth.",
                Some(ClientAuth::PrivateKeyJwt),
            ),
            ("All requests have Basic auth, with the API token.", None),
            ("HTTP Basic is not supported by the token endpoint.", None),
            ("The token endpoint gives tokens.", None),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_encoded_by_base64_is_written_out_or_not() {
        for text in [
            "Pseudo code: `\"Basic \" + toBase64(client_id + \":\" + client_secret)`",
            "Base64 of the id and the secret, as in `clientId:clientSecret`",
            "The key and the secret are joined with a colon between them, and Base64 encoded.",
        ] {
            assert!(joins_as_they_are(text), "{text}");
        }
        for text in [
            "The base64 of the URL-encoded client_id:client_secret",
            "Basic authentication by client_id and client_secret",
            "HTTP Basic, base64-encoded",
        ] {
            assert!(!joins_as_they_are(text), "{text}");
        }
    }
}
