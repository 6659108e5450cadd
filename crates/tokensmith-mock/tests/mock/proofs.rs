//! Assertions and proofs of possession are verified.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, Response};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokensmith_mock::{MockClient, Options, Provider};

use super::acme::{BASIC, json, member, post, post_as, refusal};

/// A key of a client.
struct Key {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Key {
    fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self { pair, random }
    }

    fn jwk(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let number = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
        json!({"kty": "EC", "crv": "P-256", "x": number(1), "y": number(33)})
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self.pair.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A proof for the token endpoint, changed in one way.
    fn proof(&self, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let mut header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk()});
        let mut claims = json!({
            "jti": format!("{now}-{:p}", &header),
            "htm": "POST",
            "htu": "http://localhost/token",
            "iat": now,
        });
        change(&mut header, &mut claims);
        self.sign(&header, &claims)
    }
}

fn ask(server: &Provider, form: &str, proof: &str) -> Response<Vec<u8>> {
    post_as(server, "/token", form, &[("dpop", proof)])
}

#[test]
fn a_proof_is_checked_in_every_way() {
    let server = Provider::standard(Options::new());
    let (key, other) = (Key::new(), Key::new());
    let form = "grant_type=client_credentials&client_id=id&client_secret=s";
    let set = |name: &'static str, value: Value| {
        move |_: &mut Value, claims: &mut Value| claims[name] = value
    };
    let bad = [
        (
            key.proof(|header, _| header["typ"] = "JWT".into()),
            "has a `typ` other than",
        ),
        (
            key.proof(|header, _| header["jwk"] = other.jwk()),
            "is not signed by its key",
        ),
        (
            key.proof(|header, _| header["jwk"]["d"] = "x".into()),
            "shows a private key",
        ),
        (key.proof(set("htm", "GET".into())), "has another method"),
        (
            key.proof(set("htu", "http://evil.example/token".into())),
            "has another URL",
        ),
        (
            key.proof(set("iat", 1.into())),
            "was not made now, by its `iat`",
        ),
        (
            key.proof(set("iat", i64::MIN.into())),
            "was not made now, by its `iat`",
        ),
        (
            key.proof(set("iat", i64::MAX.into())),
            "was not made now, by its `iat`",
        ),
        (key.proof(set("jti", "".into())), "has no `jti`"),
        ("abc".to_owned(), "is not a JWT"),
    ];
    for (proof, expected) in bad {
        let response = ask(&server, form, &proof);
        assert_eq!(member(&response, "/error"), "invalid_dpop_proof");
        assert!(
            refusal(&response).contains(expected),
            "{}",
            refusal(&response)
        );
    }
    let proof = key.proof(set("jti", "once".into()));
    let response = ask(&server, form, &proof);
    assert_eq!(member(&response, "/token_type"), "DPoP");
    let token = member(&response, "/access_token");
    let about = post_as(&server, "/introspect", &format!("token={token}"), &[BASIC]);
    assert_eq!(json(&about)["cnf"]["jkt"].as_str().map(str::len), Some(43));
    assert!(refusal(&ask(&server, form, &proof)).contains("was used before"));
}

#[test]
fn a_bound_token_opens_nothing_without_its_proof() {
    let server = Provider::standard(Options::new());
    let (key, other) = (Key::new(), Key::new());
    let form = "grant_type=password&username=u&password=p&scope=openid&client_id=app";
    let bound = member(&ask(&server, form, &key.proof(|_, _| {})), "/access_token");
    let free = member(&post(&server, "/token", form), "/access_token");
    for path in ["/userinfo", "/.mock/resource"] {
        let proof = |key: &Key, token: &str| {
            let digest = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
            key.proof(|_, claims| {
                claims["htm"] = "GET".into();
                claims["htu"] = format!("http://localhost{path}").into();
                claims["ath"] = URL_SAFE_NO_PAD.encode(digest).into();
                let random: [u8; 8] = ring::rand::generate(&key.random).unwrap().expose();
                claims["jti"] = URL_SAFE_NO_PAD.encode(random).into();
            })
        };
        let open = |scheme: &str, token: &str, proofs: &[String]| {
            let request = Request::get(path).header("authorization", format!("{scheme} {token}"));
            let headers = proofs.iter();
            let request = headers.fold(request, |request, proof| request.header("dpop", proof));
            let response = server.respond(&request.body(Vec::new()).unwrap()).response;
            let challenge = response.headers().get("www-authenticate");
            let challenge = challenge.map_or("", |challenge| challenge.to_str().unwrap());
            let scheme = challenge.split(' ').next().unwrap_or_default().to_owned();
            (response.status().as_u16(), scheme)
        };
        let opened = (200, String::new());
        let refused = |scheme: &str| (401, scheme.to_owned());
        assert_eq!(open("DPoP", &bound, &[proof(&key, &bound)]), opened);
        assert_eq!(open("Bearer", &free, &[]), opened);
        assert_eq!(open("Bearer", &bound, &[]), refused("DPoP"), "{path}");
        assert_eq!(open("DPoP", &bound, &[]), refused("DPoP"));
        assert_eq!(open("DPoP", &free, &[proof(&key, &free)]), refused("DPoP"));
        assert_eq!(open("Bearer", "other", &[]), refused("Bearer"));
        let wrong = [proof(&other, &bound), proof(&key, &free)];
        for wrong in wrong {
            assert_eq!(open("DPoP", &bound, &[wrong]), refused("DPoP"));
        }
        let two = [proof(&key, &bound), proof(&key, &bound)];
        assert_eq!(open("DPoP", &bound, &two), refused("DPoP"));
    }
}

#[test]
fn a_public_clients_refresh_token_is_bound_to_its_key() {
    let server = Provider::standard(Options::new());
    let (key, other) = (Key::new(), Key::new());
    let proof = |key: &Key, id: &str| key.proof(|_, claims| claims["jti"] = id.into());
    let form = "grant_type=password&username=u&password=p&client_id=app";
    let token = member(&ask(&server, form, &proof(&key, "1")), "/refresh_token");
    let form = format!("grant_type=refresh_token&refresh_token={token}&client_id=app");
    let stolen = ask(&server, &form, &proof(&other, "2"));
    assert!(refusal(&stolen).contains("is bound to another key"));
    assert!(refusal(&post(&server, "/token", &form)).contains("is bound to another key"));
    // Nothing was used up.
    assert_eq!(ask(&server, &form, &proof(&key, "3")).status(), 200);
}

#[test]
fn an_assertion_is_signed_by_a_key_of_the_client() {
    let (key, other) = (Key::new(), Key::new());
    let client = MockClient::public("id")
        .key(&key.jwk().to_string())
        .unwrap();
    let server = Provider::standard(Options::new().client(client));
    let ask = |key: &Key, id: &str, audience: &str| {
        let claims = json!({"iss": id, "sub": id, "aud": audience, "exp": 4_000_000_000_u64});
        let jwt = key.sign(&json!({"alg": "ES256"}), &claims);
        let kind = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
        post(
            &server,
            "/token",
            &format!("grant_type=client_credentials&{kind}&client_assertion={jwt}"),
        )
    };
    for audience in [
        "http://localhost",
        "http://localhost/",
        "http://localhost/token",
    ] {
        assert_eq!(ask(&key, "id", audience).status(), 200, "{audience}");
    }
    let cases = [
        (
            ask(&other, "id", "http://localhost"),
            "is not signed by a key of the client",
        ),
        (
            ask(&key, "id", "https://evil.example"),
            "has an `aud` of another server",
        ),
        (
            ask(&key, "nobody", "http://localhost"),
            "the client `nobody` is not registered",
        ),
        (
            post(
                &server,
                "/token",
                "grant_type=password&username=u&password=p&client_id=id",
            ),
            "did not authenticate",
        ),
    ];
    for (response, expected) in cases {
        assert!(
            refusal(&response).contains(expected),
            "{}",
            refusal(&response)
        );
    }
    assert!(MockClient::public("id").key("no JSON").is_err());
}
