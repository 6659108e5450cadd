//! Grants that only words name.

use super::*;

#[test]
fn implicit_in_a_list_of_grants_is_told() {
    let told = "a description names the grant implicit";
    let described = |text: &str| {
        Told::of(json!({"requestBody": form(json!({
            "grant_type": {"type": "string", "description": text}
        }))}))
    };
    let found = described("One of `client_credentials` or `implicit`");
    found.says(&[told]);
    found.advises("x-tokensmith: {grants: [implicit, ..]}");
    described("One of `client_credentials`; consent is implicit.").is_silent_of(told);
    let flow = json!({"description": "`client_credentials`, not the `implicit` flow"});
    Told::of(flow).is_silent_of(told);
    let stated = json!({
        "x-tokensmith": {"grants": ["client_credentials", "implicit"]},
        "requestBody": form(json!({"grant_type": {"type": "string"}}))
    });
    let grants: Vec<_> = Told::of(stated).model.endpoints[0]
        .grants()
        .map(str::to_owned)
        .collect();
    assert_eq!(grants, ["client_credentials", "implicit"]);
}

#[test]
fn a_grant_that_the_words_on_a_response_name_is_told() {
    let response = |words: &str| {
        let refresh = json!({"type": "string", "description": words});
        let members = json!({"access_token": {"type": "string"}, "refresh_token": refresh});
        Told::of(json!({"responses": {"200": json_body(members)}}))
    };
    let told = "`refresh_token`: the response's description calls it a value of `grant_type`";
    response("Send it with `grant_type=refresh_token`.").says(&[told]);
    response("Gets the next token.").is_silent_of(told);
}
