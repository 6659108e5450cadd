use super::{find, is_credential};

fn found(text: &str) -> Vec<&str> {
    find(text).into_iter().map(|range| &text[range]).collect()
}

#[test]
fn credentials_are_found() {
    for credential in [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "4f9c1d0be83a4c2f",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "Y2xpZW50OlMzY3JldC1jYW5hcnk",
        "gMQqnBZnLPxbTcZmhKhVyTdK",
        "4f9c-1d0b-e83a-4c2f",
        "p%2Fss%2Bw%C3%B6rd%3D1",
        "8417203956117203",
        "xoxb-123456-abcdef",
        "ghp_abcdefghijkl",
        "glpat-abcdefghijklmnop",
        "shpat_abcdefabcdef",
        "ya29.abcdefghij",
        "GOCSPX-abcdefghij",
        "sk-proj-abcdefghijkl1",
    ] {
        assert!(is_credential(credential), "{credential}");
        let text = format!("no {credential}.");
        assert_eq!(found(&text), [credential]);
    }
}

#[test]
fn what_is_introduced_is_found() {
    for (text, credential) in [
        ("Bearer zq1xk2", "zq1xk2"),
        ("bad token 'swordfish'", "swordfish"),
        ("client_secret=swordfish&grant_type=x", "swordfish"),
        ("{\"password\":\"swordfish\"}", "swordfish"),
        ("API key: zq1-xk", "zq1-xk"),
        ("Basic dGlnZXJz==", "dGlnZXJz"),
        ("`refresh_token`: zq1xk2 is spent", "zq1xk2"),
        ("Bearer abcdefgh", "abcdefgh"),
        ("you sent 'Authorization: bearer abcdefgh'.", "abcdefgh"),
        ("DPoP abcdefgh, which is unknown", "abcdefgh"),
        ("api key: deadbeef", "deadbeef"),
        ("the api_key is deadbeef", "deadbeef"),
        ("your password was hunter2!", "hunter2"),
        ("bearer: abcdefgh", "abcdefgh"),
        ("X-Api-Key: abcdefgh", "abcdefgh"),
        ("Authorization: Token abcdefgh", "abcdefgh"),
        (
            "bytes 0x5a, 0x71, 0x34, 0x6b, 0x39, 0x76 are unknown",
            "0x5a, 0x71, 0x34, 0x6b, 0x39, 0x76",
        ),
        ("5A 71 34 6b 39 76 52 77", "5A 71 34 6b 39 76 52 77"),
        ("invalid key deadbeefcafe", "deadbeefcafe"),
        ("https://api.example.com/x?sig=swordfish", "swordfish"),
        ("rt=swordfish&scope=x", "swordfish"),
        (
            "no route to https://ada:swordfish@db.example.com/x",
            "ada:swordfish",
        ),
        (
            "no route to amqp://ada:sword/fish@db.example.com",
            "ada:sword/fish",
        ),
        ("postgres://ada@db.example.com", "ada"),
    ] {
        assert_eq!(found(text), [credential], "{text}");
    }
}

#[test]
fn words_names_and_numbers_are_not() {
    for text in [
        "Invalid client secret: expired on 2025-04-04T21:10:04.123Z",
        "AADSTS7000215: Invalid client secret provided. Trace ID: 0f8fad5b-d9cb-469f-a165-70867728950e",
        "org.springframework.security.authentication.BadCredentialsException: Bad credentials",
        "Error code 40110000 (E0000011), OAuth2 SHA256 base64url https://tools.ietf.org/html/rfc6749#section-5.2",
        "`refresh_token`: not a refresh token; 'secret': required",
        "see https://login.example.com/error?code=7000215",
        "Bearer token is missing; use Basic authentication",
        "the token is expired, the key is 2048 bits, the error code is AADSTS700016",
        "X-Api-Key: missing; Authorization: expected Bearer",
        "the flags 0x01 0x02, from 10 20 30 40 50 60 70 80 90 to 100",
        "expected `Authorization: Bearer <token>`, Bearer tokens, or Bearer authentication.",
        "Use the Bearer scheme, DPoP proofs or DPoP nonce; the bearer presented nothing",
        "Invalid key: malformed; api key: required; session: expired; a facade",
        "https://example.com:8443/users/@me and https://medium.com/@someone",
        "sk-learn, key-value, npm_config, xoxb-token, hf_token, github_pat_required, sig, pass",
        "getAccessTokenByClientId failed: grant_type 'urn:ietf:params:oauth:grant-type:jwt-bearer'",
    ] {
        assert!(found(text).is_empty(), "{:?}", found(text));
    }
}
