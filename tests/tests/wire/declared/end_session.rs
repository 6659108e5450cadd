//! An endpoint that signs users out, as a document has it, and the mock of that document.

use tokensmith_description::Shelves;
use tokensmith_runtime::blocking::Client;
use tokensmith_runtime::{Any, Credentials, EndpointKind, GenericRequest};

use super::{find, model};

#[test]
fn the_url_has_the_parameters_of_the_document() {
    let (document, shelves) = (model("end-session"), Shelves::default());
    let description = document.describe(&shelves);
    let (endpoint, operation) = find(&description, EndpointKind::EndSession, None);
    let client = Client::<Any>::for_server("https://api.example.com", Credentials::public("app"));
    let client = client.expect("a client");
    let request = GenericRequest::<()>::new(endpoint, operation)
        .secret_parameter("id_token_hint", "a.b.c")
        .parameter("federated", "true")
        .parameter("post_logout_redirect_uri", "https://app.example/out");
    let logout = client.logout_url(&request).expect("a URL");
    let state = logout.pending.state().expose();
    assert_eq!(
        logout.url,
        format!(
            "https://api.example.com/oauth2/logout?client_id=app&id_token_hint=a.b.c&federated=true\
             &post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fout&state={state}"
        )
    );
    let stays = GenericRequest::<()>::new(endpoint, operation).parameter("id_token_hint", "a.b.c");
    assert!(!client.logout_url(&stays).expect("a URL").comes_back());
    let lacks = GenericRequest::<()>::new(endpoint, operation);
    let error = client.logout_url(&lacks).expect_err("the hint is required");
    assert!(
        error.to_string().contains("`id_token_hint` is required"),
        "{error}"
    );
}
