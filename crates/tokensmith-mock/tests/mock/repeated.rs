//! No parameter and no header is repeated.

use tokensmith_mock::Options;

use super::acme::{BASIC, acme, basic, get, post_as, refusal};

const TOKEN: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";

#[test]
fn nothing_is_there_twice() {
    let acme = acme(Options::new());
    let cases = [
        (
            "grant_type=client_credentials&grant_type=client_credentials",
            "`grant_type` is repeated in the body",
        ),
        (
            "grant_type=client_credentials&scope=a&scope=b",
            "`scope` is repeated in the body",
        ),
        (
            "grant_type=client_credentials&client_id=id&client_id=id",
            "`client_id` is repeated in the body",
        ),
        (
            "grant_type=client_credentials&other=a&other=a",
            "`other` is repeated in the body",
        ),
        // RFC 8707 section 2.
        ("grant_type=client_credentials&resource=a&resource=b", ""),
    ];
    for (form, expected) in cases {
        let response = basic(&acme, TOKEN, form);
        let text = refusal(&response);
        assert!(text.contains(expected), "{form}: {text}");
        assert_eq!(text.is_empty(), expected.is_empty(), "{form}: {text}");
    }
    let region = ("x-region", "eu");
    let two = post_as(&acme, TOKEN, GRANT, &[BASIC, region, region]);
    assert!(refusal(&two).contains("`x-region` is repeated in the header"));
    let two = post_as(&acme, TOKEN, GRANT, &[BASIC, BASIC]);
    assert!(refusal(&two).contains("`authorization` is repeated in the header"));

    let uri = "redirect_uri=https%3A%2F%2Fapp.example%2Fcb";
    let authorize = |query: &str| {
        let uri = format!("/oauth/authorize?approve&response_type=code&client_id=id&{uri}&{query}");
        get(&acme, &uri)
    };
    let scope = authorize("scope=a&scope=b");
    assert!(
        scope.headers()["location"]
            .to_str()
            .unwrap()
            .contains("error=invalid_request")
    );
    for query in [uri, "client_id=id"] {
        let response = authorize(query);
        assert_eq!(response.status(), 400, "{query}");
        assert!(refusal(&response).contains("is repeated"), "{query}");
    }
}
