//! Clients prove who they are by a certificate (RFC 8705).

use http::{Request, Response};
use tokensmith_mock::{ClientCertificate, MockClient, Options, Provider};
use tokensmith_runtime::{ClientAuth, Description, Endpoint, EndpointKind};

use super::acme::{CLIENT_CREDENTIALS, json, member, refusal};

static BY_CERTIFICATE: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"])
    .with_client_auth(ClientAuth::TlsClientAuth)
    .with_operations(&[&CLIENT_CREDENTIALS]);

/// Umbrella's clients authenticate by a certificate.
static UMBRELLA: Description<'static> =
    Description::new("umbrella", "Umbrella").with_endpoints(&[&BY_CERTIFICATE]);

/// Of any bytes: the handshake is the server's matter.
const OWN: &str = "-----BEGIN CERTIFICATE-----\nb3du\n-----END CERTIFICATE-----\n";

fn send(
    server: &Provider,
    url: &str,
    form: &str,
    certificate: Option<&[u8]>,
    authorization: &str,
) -> Response<Vec<u8>> {
    let mut request = Request::post(url)
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded");
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    if let Some(der) = certificate {
        request = request.extension(ClientCertificate::from_der(der));
    }
    let request = request.body(form.as_bytes().to_vec()).unwrap();
    server.respond(&request).response
}

const HTTPS: &str = "https://localhost/token";
const FORM: &str = "grant_type=client_credentials&client_id=id";

#[test]
fn a_document_that_asks_for_a_certificate_gets_one() {
    let server = Provider::new(UMBRELLA, &[], Options::new());
    assert_eq!(send(&server, HTTPS, FORM, Some(b"any"), "").status(), 200);
    let none = send(&server, HTTPS, FORM, None, "");
    assert!(refusal(&none).contains("the connection has no client certificate"));
    // Nobody sees certificates there.
    assert_eq!(send(&server, "/token", FORM, None, "").status(), 200);
    let seen = server.requests().pop().unwrap();
    assert_eq!(seen.notes, ["a client certificate is not seen over http"]);
    assert_eq!(seen.client_auth, Some("tls-client-auth"));

    server.add_client(MockClient::public("id").certificate(OWN).unwrap());
    server.add_client(MockClient::public("other"));
    assert_eq!(send(&server, HTTPS, FORM, Some(b"own"), "").status(), 200);
    let another = send(&server, HTTPS, FORM, Some(b"any"), "");
    assert!(refusal(&another).contains("another certificate"));
    let plain = send(&server, "/token", FORM, None, "");
    assert!(refusal(&plain).contains("has no client certificate"));
    let form = FORM.replace("id=id", "id=other");
    let other = send(&server, HTTPS, &form, Some(b"own"), "");
    assert!(refusal(&other).contains("no certificate is registered for the client"));
}

#[test]
fn a_plain_server_binds_tokens_to_certificates() {
    let client = MockClient::public("id").certificate(OWN).unwrap();
    let resource = MockClient::new("resource", "s");
    let server = Provider::standard(Options::new().client(client).client(resource));
    assert_eq!(send(&server, HTTPS, FORM, None, "").status(), 401);
    assert_eq!(send(&server, HTTPS, FORM, Some(b"any"), "").status(), 401);
    let token = send(&server, HTTPS, FORM, Some(b"own"), "");
    let token = member(&token, "/access_token");
    let user = |certificate: Option<&[u8]>| {
        let bearer = format!("Bearer {token}");
        let url = "https://localhost/userinfo";
        send(&server, url, "", certificate, &bearer)
            .status()
            .as_u16()
    };
    assert_eq!(
        [user(Some(b"own")), user(Some(b"any")), user(None)],
        [200, 401, 401]
    );
    let form = format!("token={token}");
    // resource:s
    let basic = "Basic cmVzb3VyY2U6cw==";
    let asked = send(&server, "/introspect", &form, None, basic);
    assert_eq!(
        json(&asked)["cnf"]["x5t#S256"],
        // printf own | sha256sum, in base64url
        "Wzl1ZRw8q5LQRMCW3DChwtlSVJdFdHLeSMUeyzY9H0o"
    );
}
