//! How clients authenticate where the document does not declare it.

use serde_json::{Value, json};

use super::{Told, form, json_body};
use crate::model::{ClientAuth, EndpointKind};

impl Told {
    fn method_at(&self, kind: EndpointKind) -> ClientAuth {
        let mut endpoints = self.model.endpoints.iter();
        let endpoint = endpoints.find(|endpoint| endpoint.kind == kind);
        let endpoint = endpoint.unwrap_or_else(|| panic!("no {}", kind.as_str()));
        endpoint.attributes.authentication.method
    }
}

/// A confidential client whose introspection and sign-in have no authentication is refused (RFC 7662, RFC 9126).
#[test]
fn an_authentication_that_words_demand_is_that_of_the_token_endpoint() {
    let operation = |description: &str, security: Value, parameters: Value, response: Value| {
        let mut operation = json!({
            "description": description,
            "requestBody": form(parameters),
            "responses": {"200": json_body(response)}
        });
        if !security.is_null() {
            operation["security"] = security;
        }
        json!({"post": operation})
    };
    let introspection = |description: &str, security: Value| {
        let active = json!({"active": {"type": "boolean"}});
        let token = json!({"token": {"type": "string"}});
        operation(description, security, token, active)
    };
    let pushed = |description: &str, security: Value| {
        let parameters = json!({
            "response_type": {"enum": ["code"]},
            "client_id": {"type": "string"},
            "redirect_uri": {"type": "string"}
        });
        let response = json!({"request_uri": {"type": "string"}});
        operation(description, security, parameters, response)
    };
    let of = |introspection: Value, pushed: Value| {
        Told::beside(
            json!({}),
            json!({"/introspect": introspection, "/par": pushed}),
        )
    };
    let demand = "Requires client authentication.";
    let told = of(introspection(demand, json!([])), pushed(demand, json!([])));
    for kind in [
        EndpointKind::Introspection,
        EndpointKind::PushedAuthorization,
    ] {
        assert_eq!(told.method_at(kind), ClientAuth::Basic, "{}", kind.as_str());
        told.says(&["as at the token endpoint: `basic`", kind.as_str()]);
    }
    let told = of(introspection("d", json!([])), pushed("d", Value::Null));
    let pushing = EndpointKind::PushedAuthorization;
    assert_eq!(told.method_at(pushing), ClientAuth::Basic);
    assert_eq!(
        told.method_at(EndpointKind::Introspection),
        ClientAuth::None
    );
    let told = of(introspection("d", json!([])), pushed("d", json!([])));
    assert_eq!(told.method_at(pushing), ClientAuth::None);
    let told = of(
        introspection("d", json!([])),
        pushed("d", json!([{"bearer": []}])),
    );
    assert_eq!(told.method_at(pushing), ClientAuth::Basic);
}

/// What the description demands is not left out in silence at the token endpoint either.
#[test]
fn a_demand_that_names_no_method_leaves_the_method_open() {
    let of = |description: &str| {
        Told::of(json!({
            "description": description,
            "security": [],
            "requestBody": form(json!({
                "grant_type": {"enum": ["authorization_code"]},
                "code": {"type": "string"},
                "client_id": {"type": "string"}
            }))
        }))
    };
    let open = "how the client authenticates; Basic is tried first";
    of("The client must authenticate.").says(&[open]);
    of("Gives tokens.").is_silent_of(open);
}

/// What says that nothing is asked for, and that nothing may be added, is no question.
#[test]
fn a_closed_body_without_security_has_no_client() {
    let of = |is_closed: bool| {
        let mut body = form(json!({
            "grant_type": {"enum": ["refresh_token"]},
            "refresh_token": {"type": "string"}
        }));
        body["content"]["application/x-www-form-urlencoded"]["schema"]["additionalProperties"] =
            json!(!is_closed);
        Told::of(json!({"security": [], "requestBody": body}))
    };
    let told = of(true);
    assert_eq!(told.method_at(EndpointKind::Token), ClientAuth::None);
    let authentication = &told.model.endpoints[0].attributes.authentication;
    assert_eq!(authentication.client_id, "");
    told.is_silent_of("how the client authenticates");
    of(false).says(&["how the client authenticates"]);
}

/// A client of one branch may have no key for the assertions of another.
#[test]
fn an_assertion_that_one_branch_lacks_is_told() {
    let branch = |grant: &str, properties: Value| {
        let mut properties = properties;
        properties["grant_type"] = json!({"const": grant});
        json!({"type": "object", "properties": properties})
    };
    let of = |other: &str| {
        let mut code = branch("authorization_code", json!({"code": {"type": "string"}}));
        code["properties"][other] = json!({"type": "string"});
        let assertion = json!({"type": "string"});
        let assertion = json!({"client_assertion": assertion, "client_assertion_type": assertion});
        let bodies = [code, branch("client_credentials", assertion)];
        let form = json!({"schema": {"oneOf": bodies}});
        Told::of(json!({
            "security": [],
            "requestBody": {"content": {"application/x-www-form-urlencoded": form}}
        }))
    };
    let lost = "the grant authorization_code declares no `client_assertion`";
    of("redirect_uri").says(&[lost, "sent all the same"]);
    of("client_assertion").is_silent_of(lost);
}

#[test]
fn the_grant_is_sent_once_however_a_branch_spells_it() {
    let told = |name: &str| {
        let mut code = json!({"type": "object", "required": ["code", name], "properties": {
            "code": {"type": "string"}
        }});
        code["properties"][name] = json!({"type": "string", "default": "authorization_code"});
        let other = json!({"type": "object", "required": ["grant_type"], "properties": {
            "grant_type": {"const": "client_credentials"}
        }});
        let form = json!({"schema": {"oneOf": [code, other]}});
        Told::of(json!({"requestBody": {"content": {"application/x-www-form-urlencoded": form}}}))
    };
    let spelt = told("grant-type");
    spelt.says(&["spells `grant_type` as `grant-type`"]);
    let operations = spelt.model.endpoints[0].operations.iter();
    let mut parameters = operations.flat_map(|operation| &operation.parameters);
    assert!(parameters.all(|parameter| parameter.wire != "grant-type"));
    told("grant_type").is_silent_of("spells");
}

fn header(description: &str) -> Value {
    json!({"security": [], "parameters": [{
        "name": "authorization", "in": "header", "description": description,
        "schema": {"type": "string"}
    }]})
}

#[test]
fn a_header_with_the_secret_is_basic_where_it_says_so() {
    let guess = "is read as HTTP Basic";
    Told::of(header("encoded client_id and client_secret pair")).says(&[
        "`Authorization` header is described as the identifier and the secret",
        guess,
    ]);
    Told::of(header("Base64 of client_id:client_secret")).is_silent_of(guess);
}

#[test]
fn an_assertion_is_signed_by_a_key_where_nothing_is_said() {
    let assertion = |more: Value| {
        let mut operation = json!({"security": [], "requestBody": form(json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_assertion": {"type": "string"},
            "client_assertion_type": {"type": "string"}
        }))});
        operation["x-tokensmith"] = more;
        Told::of(operation)
    };
    let guess = "nothing is said of how `client_assertion` is signed";
    assertion(json!({})).says(&[guess, "`private-key-jwt`"]);
    assertion(json!({"client-auth": "client-secret-jwt"})).is_silent_of(guess);
}

#[test]
fn a_secret_that_words_have_in_basic_is_told() {
    let read = "`client_secret` may be sent by HTTP Basic";
    let with = |words: &str| {
        Told::of(json!({"security": [], "requestBody": form(json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string", "description": words}
        }))}))
    };
    with("It can be in the body, but OAuth2\nrecommends a Basic Authorization header.")
        .says(&[read]);
    with("It must not be sent in a Basic Authorization header.").is_silent_of(read);
    with("The secret.").is_silent_of(read);
    with("The secret, extracted from the header of Basic Authentication.").is_silent_of(read);
}

#[test]
fn the_words_on_an_assertion_say_how_it_is_signed() {
    let of = |text: &str| {
        let told = Told::of(json!({"security": [], "requestBody": form(json!({
            "grant_type": {"enum": ["client_credentials"]},
            "client_assertion": {"type": "string", "description": text},
            "client_assertion_type": {"type": "string"}
        }))}));
        told.is_silent_of("nothing is said of how `client_assertion` is signed");
        told.model.endpoints[0].attributes.authentication.method
    };
    assert_eq!(
        of("A private_key_jwt client assertion."),
        ClientAuth::PrivateKeyJwt
    );
    assert_eq!(
        of("client_secret_jwt client assertion"),
        ClientAuth::ClientSecretJwt
    );
}

#[test]
fn assertions_are_signed_as_those_of_the_token_endpoint() {
    let guess = "nothing is said of how `client_assertion` is signed";
    let with = |description: &str| {
        let assertion = json!({
            "client_assertion": {"type": "string"}, "client_assertion_type": {"type": "string"}
        });
        let mut token = assertion.clone();
        token["grant_type"] = json!({"enum": ["client_credentials"]});
        let mut revoked = assertion;
        revoked["token"] = json!({"type": "string"});
        let revocation = json!({"post": {
            "security": [], "requestBody": form(revoked), "responses": {"200": {}}
        }});
        let operation =
            json!({"description": description, "security": [], "requestBody": form(token)});
        Told::beside(operation, json!({"/oauth/revoke": revocation}))
    };
    with("A token.").says(&[guess]);
    let told = with("Clients authenticate by `private_key_jwt`.");
    told.is_silent_of(guess);
    let told = with("Clients authenticate by client_secret_jwt.");
    told.is_silent_of(guess);
    let methods = told.model.endpoints.iter();
    let methods: Vec<&str> = methods
        .map(|endpoint| endpoint.attributes.authentication.method.as_str())
        .collect();
    assert_eq!(methods, ["client-secret-jwt"; 2]);
}

#[test]
fn an_operation_that_needs_no_authentication_is_not_silent_of_it() {
    let of = |grant: &str, security: Value| {
        let grant = json!({"grant_type": {"enum": [grant]}, "device": {"type": "string"}});
        Told::of(json!({"security": security, "requestBody": form(grant)}))
    };
    let silent = "the document does not say how the client authenticates";
    let told = of("client_credentials", json!([]));
    told.is_silent_of(silent);
    told.says(&[
        "`security` of the operation asks for nothing",
        "Basic is tried first",
    ]);
    let nobody = "declares neither a client authentication nor a `client_id`";
    of("password", json!([])).is_silent_of(nobody);
}
