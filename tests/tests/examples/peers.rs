//! Clients of others get tokens from the mocks of all providers, by every grant: openid-client,
//! oauth4webapi and Authlib, which know the RFCs and no provider.

mod cannot;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use tokensmith_mock::{Fault, MockClient, MockServer, Options, Provider};
use tokensmith_runtime::{
    ClientAuth, CodeChallengeMethod, Endpoint, EndpointKind, Operation, Secret,
};
use tokensmith_tests::oauth_clients::{Job, LIBRARIES, Tls, run};

use super::document::{self, RequestExample};
use super::mock::{accept, client, mock, with_jwt};
use super::{Case, Place, cases, text};

use cannot::{CANNOT, is_of, refusals, shows};

static NUMBER: AtomicUsize = AtomicUsize::new(0);

const CALLBACK: &str = "https://app.example/callback";

#[test]
fn clients_of_others_get_tokens_from_every_mock() {
    let mocks: Vec<(Case, MockServer)> = cases()
        .into_iter()
        .map(|case| {
            let mock = mock(&case);
            (case, mock)
        })
        .collect();
    let jobs: Vec<Job> = mocks
        .iter()
        .flat_map(|(case, mock)| jobs(case, mock))
        .collect();
    let names: BTreeSet<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names.len(), jobs.len(), "names are unique");

    let outcomes = run(&jobs);
    assert_eq!(outcomes.len(), jobs.len() * LIBRARIES.len());
    let mut wrong = Vec::new();
    for outcome in &outcomes {
        let name = format!("{}, {}", outcome.name, outcome.library);
        let reason = CANNOT.iter().find(|listed| is_of(listed, outcome));
        match (&outcome.token, reason) {
            (Some(token), None) => {
                let provider = outcome.name.split(' ').next();
                let mut mocks = mocks.iter();
                let found =
                    mocks.find(|(case, _)| Some(case.document.provider.as_str()) == provider);
                let (_, mock) = found.expect("a job has a mock");
                assert!(
                    mock.provider().is_active(token),
                    "{name}: not the mock's token"
                );
            }
            (None, Some((_, _, reason))) => {
                if !shows(reason, outcome, &mocks) {
                    let error = outcome.error.as_deref().unwrap_or_default();
                    let reason = reason.text;
                    let refusals: Vec<String> = refusals(outcome, &mocks).collect();
                    wrong.push(format!(
                        "{name} fails, but not because {reason}: {error}; the mock's refusals: {refusals:?}"
                    ));
                }
            }
            (Some(_), Some((_, _, reason))) => {
                wrong.push(format!("{name} works, though: {}", reason.text));
            }
            (None, None) => {
                let error = outcome.error.as_deref().unwrap_or_default();
                wrong.push(format!("{name}: {error}"));
            }
        }
    }
    let only = document::only();
    let is_tested = |name: &str| {
        let provider = name.split(' ').next();
        only.as_deref().is_none_or(|only| provider == Some(only))
    };
    let unused = CANNOT.iter().filter(|listed| {
        let mut outcomes = outcomes.iter();
        is_tested(listed.0) && !outcomes.any(|outcome| is_of(listed, outcome))
    });
    wrong.extend(unused.map(|(listed, ..)| format!("{listed} is listed and does not exist")));
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        outcomes.len(),
        wrong.join("\n")
    );
}

/// A plain server is found by its metadata, and does all that OpenID Connect asks for.
#[test]
fn clients_of_others_use_a_plain_server() {
    // The key of RFC 7515 appendix A.3.
    let (x, y) = (
        "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    );
    let mut key = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
    let signing = MockClient::public("signing").key(&key.to_string());
    let options = Options::new()
        .client(MockClient::new("app", "s3cret"))
        .client(MockClient::new(
            "long",
            "a secret of more than thirty-two bytes",
        ))
        .client(MockClient::public("open"))
        .client(MockClient::new("compressed", "s3cret"))
        .fault(Fault::gzip().client("compressed"))
        .client(signing.expect("is JSON"));
    key["d"] = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI".into();
    let provider = Provider::standard(options);
    let address = (Ipv4Addr::LOCALHOST, 0).into();
    let server = MockServer::start(provider, address).expect("a free port");
    let url = server.url();
    let folder = tempfile::tempdir().expect("a folder");
    let tls = certified("certified", &server, folder.path());
    let plain = |name: &str, grant: &str, pairs: &[(&str, &str)]| Job {
        name: name.to_owned(),
        token_endpoint: format!("{url}/token"),
        authorization_endpoint: Some(format!("{url}/authorize")),
        jwks_uri: format!("{url}/jwks"),
        issuer: url.clone(),
        auth: "client_secret_basic",
        client_id: "app".to_owned(),
        client_secret: Some("s3cret".to_owned()),
        grant: grant.to_owned(),
        parameters: texts(pairs),
        authorization_parameters: texts(&[("scope", "openid")]),
        redirect_uri: CALLBACK.to_owned(),
        pkce: true,
        signed: false,
        discover: false,
        dpop: false,
        private_key: None,
        tls: None,
        headers: BTreeMap::new(),
    };
    let jobs = [
        Job {
            discover: true,
            ..plain("discovered", "", &[])
        },
        Job {
            signed: true,
            ..plain("signed", "authorization_code", &[])
        },
        Job {
            auth: "client_secret_post",
            ..plain("post", "client_credentials", &[("scope", "a")])
        },
        plain(
            "password",
            "password",
            &[("username", "u"), ("password", "p")],
        ),
        Job {
            client_id: "compressed".to_owned(),
            ..plain("compressed", "client_credentials", &[])
        },
        Job {
            auth: "self_signed_tls_client_auth",
            client_id: "certified".to_owned(),
            client_secret: None,
            token_endpoint: format!("{}/token", server.https_url()),
            issuer: server.https_url(),
            tls: Some(tls.clone()),
            ..plain("certified", "client_credentials", &[])
        },
        Job {
            auth: "none",
            client_id: "open".to_owned(),
            client_secret: None,
            ..plain("public", "authorization_code", &[])
        },
        Job {
            discover: true,
            dpop: true,
            ..plain("bound to a key", "", &[])
        },
        Job {
            auth: "client_secret_jwt",
            client_id: "long".to_owned(),
            client_secret: Some("a secret of more than thirty-two bytes".to_owned()),
            ..plain("signed by the secret", "client_credentials", &[])
        },
        Job {
            auth: "private_key_jwt",
            client_id: "signing".to_owned(),
            client_secret: None,
            private_key: Some(key),
            ..plain("signed by a key", "client_credentials", &[])
        },
    ];
    let outcomes = run(&jobs);
    // Two jobs are not for oauth4webapi, and one of these not for Authlib.
    assert_eq!(outcomes.len(), LIBRARIES.len() * jobs.len() - 3);
    for outcome in &outcomes {
        let token = outcome.token.as_deref();
        let is_active = token.is_some_and(|token| server.provider().is_active(token));
        assert!(is_active, "{outcome:?}");
    }
    let refused = server
        .provider()
        .requests()
        .into_iter()
        .find(|seen| seen.refused.is_some());
    assert_eq!(refused, None);
}

/// Registers a client with a certificate, and writes the files of it and of the server.
fn certified(client: &str, server: &MockServer, folder: &Path) -> Tls {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new([client.to_owned()]).expect("a name");
    let certificate = certificate.self_signed(&key).expect("a certificate").pem();
    let client = MockClient::public(client).certificate(&certificate);
    server
        .provider()
        .add_client(client.expect("is a certificate"));
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("a folder to write into");
        path
    };
    Tls {
        roots: write("roots.pem", server.certificate().expect("a certificate")),
        certificate: write("certificate.pem", &certificate),
        key: write("key.pem", &key.serialize_pem()),
    }
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The grants of a provider: one job for each example of a request.
fn jobs(case: &Case, mock: &MockServer) -> Vec<Job> {
    let places = case.places();
    let jobs = places.flat_map(|place| {
        let requests = place.requests.clone().into_iter();
        let jobs = requests.map(|example| {
            let example = with_jwt(example, place.endpoint, &mock.url());
            job(case, mock, &place, example)
        });
        jobs.collect::<Vec<_>>()
    });
    let mut jobs: Vec<Job> = jobs.collect();
    let mut seen = BTreeMap::new();
    for job in &mut jobs {
        let count = seen
            .entry(job.name.clone())
            .and_modify(|count| *count += 1)
            .or_insert(1);
        if *count > 1 {
            job.name = format!("{} ({count})", job.name);
        }
    }
    jobs
}

fn job(case: &Case, mock: &MockServer, place: &Place, example: RequestExample) -> Job {
    let endpoint = place.endpoint;
    let grant = example
        .member(endpoint.grant_type())
        .map(text)
        .unwrap_or_default();
    let own = [
        endpoint.grant_type(),
        endpoint.client_id(),
        endpoint.client_secret(),
    ];
    let members = example
        .body
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()));
    let mut parameters: BTreeMap<String, String> = members
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    for name in ["code", "refresh_token", "device_code"] {
        if let Some(value) = parameters.get_mut(name) {
            // Each job and each library has its own, which the mock takes once.
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            *value = format!("{value}-{number}-{{library}}");
            for library in LIBRARIES {
                let mut mine = example.clone();
                mine.body
                    .insert(name.to_owned(), value.replace("{library}", library).into());
                accept(mock.provider(), &mine);
            }
        }
    }
    let (auth, credentials) = client(endpoint, &example);
    let parameters_have_assertion = parameters.contains_key("client_assertion");
    let authorization = authorization(case, &grant);
    let path = example
        .placed("path")
        .fold(place.path.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &text(value))
        });
    let query = super::pairs(example.placed("query"));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    let joint = if query.is_empty() { "" } else { "?" };
    let url = mock.url();
    Job {
        name: format!("{} {} {grant}", case.document.provider, place.path),
        token_endpoint: format!("{url}{path}{joint}{query}"),
        authorization_endpoint: authorization.map(|(endpoint, _)| {
            format!(
                "{url}{}",
                endpoint.paths().first().copied().unwrap_or_default()
            )
        }),
        jwks_uri: format!("{url}/.mock/jwks"),
        issuer: url,
        auth: method(auth),
        client_id: match credentials.id() {
            _ if parameters_have_assertion => "i".to_owned(),
            "" => super::ID.to_owned(),
            id => id.to_owned(),
        },
        client_secret: credentials.secret().map(Secret::expose).map(str::to_owned),
        grant,
        parameters,
        authorization_parameters: authorization
            .map(|(_, operation)| required(operation))
            .unwrap_or_default(),
        redirect_uri: CALLBACK.to_owned(),
        pkce: authorization
            .is_some_and(|(endpoint, _)| endpoint.code_challenge() == CodeChallengeMethod::S256),
        signed: false,
        discover: false,
        dpop: false,
        private_key: None,
        tls: None,
        headers: example
            .placed("header")
            .map(|(name, value)| (name.to_owned(), text(value)))
            .collect(),
    }
}

/// An authorization endpoint that a client of the RFCs can send a user to.
fn authorization(
    case: &Case,
    grant: &str,
) -> Option<(&'static Endpoint<'static>, &'static Operation<'static>)> {
    let description = tokensmith_providers::provider(&case.document.provider)?;
    let mut endpoints = description.endpoints().iter().copied();
    let found = endpoints.find(|endpoint| {
        endpoint.kind() == EndpointKind::Authorization
            && endpoint.client_id() == "client_id"
            && endpoint.fields().iter().all(|(name, _)| *name != "code")
    });
    let endpoint = found.filter(|_| grant == "authorization_code")?;
    Some((endpoint, endpoint.operations().first().copied()?))
}

/// Values for what an authorization request must have.
fn required(operation: &Operation<'_>) -> BTreeMap<String, String> {
    let required = operation
        .parameters()
        .iter()
        .filter(|parameter| parameter.is_required());
    let others = required.filter(|parameter| parameter.name() != "redirect_uri");
    let values = others.map(|parameter| {
        let value = parameter.values().first().copied().or(parameter.default());
        (
            parameter.name().to_owned(),
            value.unwrap_or("mock").to_owned(),
        )
    });
    values.collect()
}

/// How OpenID Connect calls a client authentication; those that it does not know are tried by Basic.
fn method(auth: ClientAuth) -> &'static str {
    match auth {
        ClientAuth::Body | ClientAuth::AssertionSecret => "client_secret_post",
        ClientAuth::ClientSecretJwt => "client_secret_jwt",
        ClientAuth::PrivateKeyJwt => "private_key_jwt",
        ClientAuth::None => "none",
        _ => "client_secret_basic",
    }
}
