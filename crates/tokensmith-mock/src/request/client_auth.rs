//! Who asks: exactly one client authentication, and the one that the document has.

mod assertion;
mod authorization;
mod registered;

use tokensmith_runtime::{ClientAuth, Endpoint, Location, Operation};

use super::members::{Members, place};
use super::parameter_check::{effective, places};
use crate::options::MockClient;
use crate::refusal::Refusal;

/// RFC 7523 section 2.2.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How a client authenticated that has a certificate (RFC 8705).
pub(crate) const CERTIFICATE: &str = ClientAuth::TlsClientAuth.as_str();

/// The grants of RFC 6749 and RFC 8628, in which the client is always known.
const OF_RFCS: [&str; 5] = [
    "authorization_code",
    "client_credentials",
    "password",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
];

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The client's identifier, if the request names the client.
    pub(crate) id: Option<String>,
    /// How the client authenticated.
    pub(crate) method: &'static str,
    /// The identifier of the client assertion, which can be used once (RFC 7523 section 3).
    pub(crate) assertion: Option<String>,
}

/// What proves who asks.
enum Proof {
    Authorization(String),
    Secret(Location, String),
    Assertion(String),
}

/// What a server knows of a request that its members do not say.
pub(crate) struct Known<'k> {
    /// The clients that are registered.
    pub(crate) clients: &'k [MockClient],
    /// The URL that the request was sent to, without its query.
    pub(crate) url: &'k str,
    /// The time.
    pub(crate) now: i64,
    /// The certificate of the client, by its thumbprint.
    pub(crate) certificate: Option<&'k str>,
}

impl Known<'_> {
    /// Whether the server would see a certificate.
    fn is_secure(&self) -> bool {
        self.url.starts_with("https:")
    }
}

/// Checks who asks.
pub(crate) fn identify(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
    known: &Known<'_>,
) -> Result<Identity, Refusal> {
    let mut proofs = proofs(members, endpoint, operation);
    if proofs.len() > 1 {
        let names: Vec<String> = proofs.iter().map(|proof| named(proof, endpoint)).collect();
        return Err(Refusal::request(format!(
            "the client authenticates more than once: {}",
            names.join(" and ")
        )));
    }
    let named_id = named_id(members, endpoint, operation)?;
    let identity = match proofs.pop() {
        None => public(named_id, endpoint, operation, known)?,
        Some(proof) => {
            let proven = prove(proof, members, endpoint, known)?;
            let Proven { id, secret, .. } = proven;
            if let (Some(proven), Some(named)) = (&id, &named_id)
                && proven != named
            {
                let name = endpoint.client_id();
                return Err(Refusal::request(format!(
                    "`{name}` names another client than the client authentication"
                )));
            }
            let identity = Identity {
                id: id.or(named_id),
                method: proven.method,
                assertion: proven.assertion,
            };
            return registered::compare(identity, secret.as_deref(), endpoint, known);
        }
    };
    registered::compare(identity, None, endpoint, known)
}

fn proofs(members: &Members<'_>, endpoint: &Endpoint<'_>, operation: &Operation<'_>) -> Vec<Proof> {
    let is_declared = |location: Location, name: &str| {
        let mut declared = operation.parameters().iter();
        declared.any(|parameter| {
            effective(endpoint, parameter.location()) == location
                && parameter.name().eq_ignore_ascii_case(name)
        })
    };
    let mut proofs = Vec::new();
    if let Some(value) = members.header("authorization")
        && !is_declared(Location::Header, "authorization")
    {
        proofs.push(Proof::Authorization(value.to_owned()));
    }
    let name = endpoint.client_secret();
    for location in [Location::Body, Location::Query, Location::Header] {
        let is_copy = places(endpoint, name, Location::Body).any(|copy| copy == location);
        let is_first = !proofs
            .iter()
            .any(|proof| matches!(proof, Proof::Secret(..)));
        if let Some(secret) = members.text(location, name)
            && !is_declared(location, name)
            && (is_first || !is_copy)
        {
            proofs.push(Proof::Secret(location, secret));
        }
    }
    let location = effective(endpoint, Location::Body);
    if let Some(assertion) = members.text(location, "client_assertion")
        && !is_declared(location, "client_assertion")
    {
        proofs.push(Proof::Assertion(assertion));
    }
    proofs
}

/// How a proof is called in a refusal.
fn named(proof: &Proof, endpoint: &Endpoint<'_>) -> String {
    match proof {
        Proof::Authorization(value) => match authorization::scheme(value, endpoint) {
            Some((scheme, _)) => format!("`{scheme}` in the header Authorization"),
            None => "the header Authorization, which has no known scheme".to_owned(),
        },
        Proof::Secret(location, _) => {
            format!("`{}` in the {}", endpoint.client_secret(), place(*location))
        }
        Proof::Assertion(_) => "`client_assertion`".to_owned(),
    }
}

/// The client that a parameter names. Where the document demands the name, it has to be there.
fn named_id(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
) -> Result<Option<String>, Refusal> {
    let name = endpoint.client_id();
    if name.is_empty() {
        return Ok(None);
    }
    let copies = endpoint.copies().iter();
    let copies = copies.filter(|(other, _)| *other == name);
    let mut demanded: Vec<Location> = copies.map(|(_, location)| *location).collect();
    if operation.names_client() {
        demanded.push(Location::Body);
    }
    for location in demanded {
        let location = effective(endpoint, location);
        if members.values(location, name).is_empty() {
            let place = place(location);
            return Err(Refusal::request(format!(
                "`{name}` is missing in the {place}"
            )));
        }
    }
    let places = [
        Location::Body,
        Location::Query,
        Location::Header,
        Location::Path,
    ];
    let mut found = places
        .into_iter()
        .filter_map(|location| members.text(location, name));
    let first = found.next();
    if found.any(|other| Some(&other) != first.as_ref()) {
        return Err(Refusal::request(format!(
            "`{name}` has different values in different places"
        )));
    }
    Ok(first)
}

/// A client that proves nothing in its request; it may have a certificate.
fn public(
    id: Option<String>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
    known: &Known<'_>,
) -> Result<Identity, Refusal> {
    let auth = endpoint.client_auth();
    if auth == ClientAuth::TlsClientAuth && known.is_secure() && known.certificate.is_none() {
        return Err(Refusal::client("the connection has no client certificate"));
    }
    let has_certificate =
        |client: &MockClient| Some(&client.id) == id.as_ref() && !client.certificates.is_empty();
    let is_certified = auth == ClientAuth::Auto
        && known.certificate.is_some()
        && (known.clients.is_empty() || known.clients.iter().any(has_certificate));
    let is_confidential = operation.grant_type() == Some("client_credentials");
    let needs_none = auth.sends_identifier_only();
    let method = match needs_none {
        true => auth.as_str(),
        false if is_certified && id.is_some() => CERTIFICATE,
        false => "none",
    };
    let is_nameless = endpoint.client_id().is_empty();
    // A document does not say of one grant that it is without a client, as RFC 7523 section 3.1 and
    // vendors' own grants have it.
    let is_extension = operation
        .grant_type()
        .is_some_and(|grant| !OF_RFCS.contains(&grant));
    if id.is_none() && !(needs_none && is_nameless || is_extension) {
        let name = endpoint.client_id();
        let expected = match needs_none {
            true => format!("`{name}` is missing"),
            false => format!(
                "there is no client authentication: {} is expected",
                auth.as_str()
            ),
        };
        return Err(Refusal::client(expected));
    }
    if is_confidential && !needs_none && method != CERTIFICATE {
        return Err(Refusal::client(
            "there is no client authentication, which client credentials need",
        ));
    }
    Ok(Identity {
        id,
        method,
        assertion: None,
    })
}

/// What a proof says.
struct Proven {
    id: Option<String>,
    secret: Option<String>,
    /// How it was sent.
    method: &'static str,
    /// The identifier of a client assertion.
    assertion: Option<String>,
}

impl Proven {
    fn by_secret(id: Option<String>, secret: String, method: &'static str) -> Self {
        Self {
            id,
            secret: Some(secret),
            method,
            assertion: None,
        }
    }
}

fn prove(
    proof: Proof,
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    known: &Known<'_>,
) -> Result<Proven, Refusal> {
    use ClientAuth as A;
    let auth = endpoint.client_auth();
    let body = effective(endpoint, Location::Body);
    match (proof, auth) {
        (
            Proof::Authorization(value),
            A::Auto | A::Basic | A::BasicRaw | A::Secret | A::BasicSecret,
        ) => authorization::read(&value, endpoint),
        (Proof::Authorization(value), _) if endpoint.public_by_basic() => {
            let proven = authorization::read(&value, endpoint)?;
            match proven.secret.as_deref() {
                None | Some("") => Ok(proven),
                Some(_) => Err(Refusal::client(format!(
                    "HTTP Basic is for clients without a secret; {} is expected of others",
                    auth.as_str()
                ))),
            }
        }
        (Proof::Secret(at, secret), A::Auto | A::Body | A::AssertionSecret) if at == body => {
            Ok(Proven::by_secret(None, secret, "body"))
        }
        (Proof::Secret(Location::Query, secret), A::Query) => {
            Ok(Proven::by_secret(None, secret, "query"))
        }
        (Proof::Secret(Location::Header, secret), A::Header) => {
            Ok(Proven::by_secret(None, secret, "header"))
        }
        (Proof::Assertion(jwt), A::Auto | A::ClientSecretJwt | A::PrivateKeyJwt) => {
            let kind = members.text(body, "client_assertion_type");
            if kind.as_deref() != Some(JWT_BEARER) {
                return Err(Refusal::client(format!(
                    "`client_assertion_type` is not `{JWT_BEARER}`"
                )));
            }
            let read = assertion::read(&jwt, endpoint, known)?;
            Ok(Proven {
                id: Some(read.client),
                secret: None,
                method: "assertion",
                assertion: read.id,
            })
        }
        (proof, auth) => {
            let sent = named(&proof, endpoint);
            let auth = auth.as_str();
            Err(Refusal::client(format!(
                "the client authenticates by {sent}; {auth} is expected"
            )))
        }
    }
}

/// Checks which client an authorization request names (RFC 6749 section 4.1.1).
pub(crate) fn name(
    members: &Members<'_>,
    endpoint: &Endpoint<'_>,
    operation: &Operation<'_>,
    known: &[MockClient],
) -> Result<Identity, Refusal> {
    let name = endpoint.client_id();
    let id = named_id(members, endpoint, operation)?;
    let id = id.ok_or_else(|| Refusal::client(format!("`{name}` is missing")))?;
    if !known.is_empty() && !known.iter().any(|client| client.id == id) {
        let id = id.escape_debug();
        return Err(Refusal::client(format!(
            "the client `{id}` is not registered"
        )));
    }
    Ok(Identity {
        id: Some(id),
        method: "none",
        assertion: None,
    })
}
