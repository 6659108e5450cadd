//! Which parameters a grant has, and which of them it must have, by words.

use serde_json::{Value, json};

use super::{Told, form};
use crate::model::Operation;

const UMA: &str = "urn:ietf:params:oauth:grant-type:uma-ticket";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

impl Told {
    fn of_body(required: &[&str], properties: Value) -> Self {
        let mut body = form(properties);
        body["content"]["application/x-www-form-urlencoded"]["schema"]["required"] =
            json!(required);
        Self::of(json!({"requestBody": body}))
    }

    fn request(&self, grant: &str) -> &Operation {
        let operations = self.model.endpoints.iter();
        let mut operations = operations.flat_map(|endpoint| &endpoint.operations);
        let found = operations.find(|operation| operation.grant.as_deref() == Some(grant));
        found.unwrap_or_else(|| panic!("no request of {grant}"))
    }

    fn arguments(&self, grant: &str) -> Vec<&str> {
        let parameters = self.request(grant).parameters.iter();
        let required = parameters.filter(|parameter| parameter.required);
        required.map(|parameter| parameter.wire.as_str()).collect()
    }
}

#[test]
fn a_grant_in_parentheses_is_the_only_one_that_requires_a_parameter() {
    let text = |description: &str| json!({"type": "string", "description": description});
    let of = |user: &str, ticket: &str| {
        Told::of_body(
            &["grant_type", "username", "password", "ticket"],
            json!({
                "grant_type": {"enum": ["client_credentials", "password", UMA]},
                "username": text(user),
                "password": text(user),
                "ticket": text(ticket)
            }),
        )
    };
    let told = of(
        "Who asks (Resource Owner Password Flow)",
        "The ticket (UMA grant)",
    );
    assert_eq!(told.arguments("client_credentials"), [""; 0]);
    assert_eq!(told.arguments("password"), ["username", "password"]);
    assert_eq!(told.arguments(UMA), ["ticket"]);
    told.says(&[
        "`ticket` is required of every request",
        "client_credentials",
    ]);
    told.says(&["`username` is required of every request", "uma-ticket"]);
}

/// No request of a grant of the provider's own has both a code and a refresh token.
#[test]
fn the_credentials_of_several_grants_are_not_all_required_of_another() {
    let told = Told::of_body(
        &["grant_type", "username", "password", "refresh_token"],
        json!({
            "grant_type": {"enum": ["password", "refresh_token", "acme_pass"]},
            "username": {"type": "string"},
            "password": {"type": "string"},
            "refresh_token": {"type": "string"},
        }),
    );
    assert_eq!(told.arguments("acme_pass"), [""; 0]);
    told.says(&["`refresh_token` is required of every request", "acme_pass"]);
}

#[test]
fn a_token_of_another_grant_is_not_the_assertion() {
    let of = |name: &str, description: &str| {
        let mut properties = json!({"grant_type": {"enum": [JWT_BEARER, UMA]}});
        properties[name] = json!({"type": "string", "description": description});
        Told::of_body(&["grant_type"], properties)
    };
    for told in [
        of("claim_token", "Claims."),
        of("claims_jwt", "Claims (UMA grant)"),
    ] {
        assert_eq!(told.arguments(JWT_BEARER), ["assertion"]);
        told.says(&["declared without `assertion`"]);
    }
}

#[test]
fn one_of_several_parameters_is_optional() {
    let of = |description: &str| {
        let mut body = form(json!({
            "grant_type": {"enum": ["password"]},
            "username": {"type": "string"},
            "email": {"type": "string"},
            "password": {"type": "string"}
        }));
        body["content"]["application/x-www-form-urlencoded"]["schema"]["description"] =
            json!(description);
        Told::of(json!({"requestBody": body}))
    };
    let told = of("The `username` or `email` field is required along with the `password`.");
    assert_eq!(told.arguments("password"), ["password"]);
    told.says(&["`username`", "one of several parameters is needed"]);
    let told = of("Signs in.");
    assert_eq!(told.arguments("password"), ["username", "password"]);
}

#[test]
fn one_of_several_forms_requires_what_it_has() {
    let mut body = form(json!({
        "grant_type": {"enum": ["password"]},
        "username": {"type": "string"},
        "email": {"type": "string"},
        "password": {"type": "string"}
    }));
    body["content"]["application/x-www-form-urlencoded"]["schema"]["anyOf"] =
        json!([{"required": ["username"]}, {"required": ["email"]}]);
    let told = Told::of(json!({"requestBody": body}));
    assert_eq!(told.arguments("password"), ["password"]);
}

/// A `client_id` of one grant says nothing of who asks with the others.
#[test]
fn an_identifier_of_one_grant_leaves_the_others_open() {
    let of = |description: &str| {
        Told::of(json!({
            "security": [],
            "requestBody": form(json!({
                "grant_type": {"enum": [
                    "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"
                ]},
                "client_id": {"type": "string", "description": description},
                "code": {"type": "string"},
                "device_code": {"type": "string"}
            }))
        }))
    };
    let open = "how the client authenticates; Basic is tried first";
    of("Who asks (for device_code grant).").says(&[open]);
    of("Who asks.").is_silent_of(open);
}

#[test]
fn a_body_that_is_a_list_is_told() {
    let member = json!({"type": "object", "properties": {"user": {"type": "string"}}});
    let of = |schema: Value| {
        Told::of(json!({
            "x-tokensmith": {"endpoint": "token"},
            "requestBody": {"content": {"application/json": {"schema": schema}}}
        }))
    };
    let lost = "nothing of the declared body is sent";
    of(json!({"type": "array", "items": member})).says(&["a list", lost]);
    of(member).is_silent_of(lost);
}

#[test]
fn refreshing_in_words_is_a_grant_that_is_not_listed() {
    let of = |description: &str| {
        let properties = json!({"grant_type": {"enum": ["authorization_code"]}});
        Told::of(json!({"description": description, "requestBody": form(properties)}))
    };
    let lost = &["names the grant refresh_token"];
    of("Exchange the code, or refresh the access token using a refresh token.").says(lost);
    let given = "The response has a refresh token, which can be used to refresh the access token.";
    of(given).is_silent_of(lost[0]);
}

/// What OpenID4VCI and UMA say of their grants is not the provider's own.
#[test]
fn a_pre_authorized_code_is_required_with_its_grant_alone() {
    let grant = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
    let text = json!({"type": "string"});
    let told = Told::of_body(
        &["grant_type"],
        json!({
            "grant_type": {"enum": ["refresh_token", grant]},
            "pre-authorized_code": text,
            "tx_code": text,
            "refresh_token": text
        }),
    );
    let names = |grant: &str| -> Vec<&str> {
        let parameters = told.request(grant).parameters.iter();
        parameters
            .map(|parameter| parameter.wire.as_str())
            .collect()
    };
    assert_eq!(told.arguments(grant), ["pre-authorized_code"]);
    assert_eq!(names(grant), ["pre-authorized_code", "tx_code"]);
    assert_eq!(names("refresh_token"), ["refresh_token"]);
}
