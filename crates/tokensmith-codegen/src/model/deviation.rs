//! Where a provider leaves RFC 6749, in sentences for the crate's documentation.

use crate::extension::ClientAuth;
use crate::model::{
    BodyFormat, Endpoint, EndpointKind, ErrorCase, FieldType, Model, Success, TypeDef,
};

/// What is said of one or more endpoints.
struct Sentence {
    subjects: Vec<&'static str>,
    singular: String,
    plural: String,
}

impl Sentence {
    fn text(self) -> String {
        match self.subjects.as_slice() {
            [] => self.singular,
            [only] => format!("The {only} endpoint {}", self.singular),
            several => format!("The {} endpoints {}", several.join(" and "), self.plural),
        }
    }
}

#[derive(Default)]
struct Sentences(Vec<Sentence>);

impl Sentences {
    /// Says of an endpoint what may have been said of another already.
    fn of(&mut self, endpoint: &Endpoint, singular: &str, plural: &str) {
        let subject = endpoint.kind.as_str();
        match self
            .0
            .iter_mut()
            .find(|sentence| sentence.singular == singular)
        {
            Some(sentence) if !sentence.subjects.contains(&subject) => {
                sentence.subjects.push(subject)
            }
            Some(_) => {}
            None => self.0.push(Sentence {
                subjects: vec![subject],
                singular: singular.to_owned(),
                plural: plural.to_owned(),
            }),
        }
    }

    /// Says something of the provider as a whole.
    fn whole(&mut self, text: String) {
        if !self.0.iter().any(|sentence| sentence.singular == text) {
            self.0.push(Sentence {
                subjects: Vec::new(),
                singular: text,
                plural: String::new(),
            });
        }
    }
}

/// The deviations of all endpoints, each said once.
pub(crate) fn deviations(model: &Model) -> Vec<String> {
    let mut sentences = Sentences::default();
    for endpoint in &model.endpoints {
        request(endpoint, &mut sentences);
        if endpoint.kind == EndpointKind::Token {
            response(model, endpoint, &mut sentences);
        }
        refusals(model, endpoint, &mut sentences);
    }
    sentences.0.into_iter().map(Sentence::text).collect()
}

fn request(endpoint: &Endpoint, sentences: &mut Sentences) {
    match endpoint.formats.as_slice() {
        [BodyFormat::Json] => sentences.of(
            endpoint,
            "takes its parameters as JSON, not form-encoded (RFC 6749, section 3.2).",
            "take their parameters as JSON, not form-encoded (RFC 6749, section 3.2).",
        ),
        formats if formats.contains(&BodyFormat::Json) => sentences.of(
            endpoint,
            "takes JSON as well; parameters are sent form-encoded unless you ask for JSON.",
            "take JSON as well; parameters are sent form-encoded unless you ask for JSON.",
        ),
        _ => {}
    }
    match endpoint.authentication.method {
        ClientAuth::Body => sentences.of(
            endpoint,
            "takes client id and secret in the body only; RFC 6749, section 2.3.1 asks for HTTP Basic as well.",
            "take client id and secret in the body only; RFC 6749, section 2.3.1 asks for HTTP Basic as well.",
        ),
        ClientAuth::BasicRaw => sentences.of(
            endpoint,
            "wants HTTP Basic without the form-encoding of RFC 6749, section 2.3.1.",
            "want HTTP Basic without the form-encoding of RFC 6749, section 2.3.1.",
        ),
        _ => {}
    }
    if endpoint.scope_separator != " " {
        sentences.whole(format!(
            "Scopes are separated by `{}`, not by a space.",
            endpoint.scope_separator
        ));
    }
    for grant in endpoint
        .operations
        .iter()
        .filter_map(|operation| operation.grant.as_deref())
    {
        if crate::model::rfc::grant(grant).is_none() {
            sentences.whole(format!("`{grant}` is a grant type of the provider's own."));
        }
    }
    if let [first, others @ ..] = endpoint.paths.as_slice()
        && !others.is_empty()
    {
        let others: Vec<String> = others
            .iter()
            .map(|choice| format!("`{}`", choice.path))
            .collect();
        let text = format!("answers at `{}` and at {}.", first.path, others.join(", "));
        sentences.of(endpoint, &text, "");
    }
}

fn response(model: &Model, endpoint: &Endpoint, sentences: &mut Sentences) {
    let is_standard = |pointer: &&String| *pointer == "/access_token";
    let elsewhere: Vec<String> = endpoint
        .access_token
        .iter()
        .filter(|pointer| !is_standard(pointer))
        .map(|pointer| format!("`{pointer}`"))
        .collect();
    if !elsewhere.is_empty() {
        let also = if endpoint
            .access_token
            .iter()
            .any(|pointer| is_standard(&pointer))
        {
            ", or at the top"
        } else {
            ""
        };
        sentences.whole(format!(
            "The access token is at {} of the response{also}.",
            elsewhere.join(" or ")
        ));
    }
    let odd: Vec<String> = token_types(model, endpoint)
        .filter(|wire| {
            !["bearer", "mac", "dpop", "n_a"].contains(&wire.to_ascii_lowercase().as_str())
        })
        .map(|wire| format!("`{wire}`"))
        .collect();
    if !odd.is_empty() {
        sentences.whole(format!(
            "`token_type` may be {}, which is no registered type: present the token as `Bearer` all the same.",
            odd.join(" or ")
        ));
    }
}

/// The values that the document lists for `token_type`.
fn token_types<'a>(model: &'a Model, endpoint: &'a Endpoint) -> impl Iterator<Item = &'a str> {
    let response = match &endpoint.response {
        Success::Token(ident) => model.type_def(ident),
        _ => None,
    };
    let token_type = match response {
        Some(TypeDef::Struct(def)) => def
            .fields
            .iter()
            .find(|field| field.wire == "token_type")
            .map(|field| &field.ty),
        _ => None,
    };
    let def = match token_type {
        Some(FieldType::Named(ident)) => model.type_def(ident),
        _ => None,
    };
    let variants = match def {
        Some(TypeDef::Enum(def)) => def.variants.as_slice(),
        _ => &[],
    };
    variants.iter().map(|variant| variant.wire.as_str())
}

fn refusals(model: &Model, endpoint: &Endpoint, sentences: &mut Sentences) {
    let statuses = |odd: &dyn Fn(&ErrorCase) -> bool| -> Vec<String> {
        endpoint
            .errors
            .iter()
            .filter(|case| odd(case))
            .map(|case| status(case.statuses))
            .collect()
    };
    let bare = statuses(&|case| case.body.is_none());
    if !bare.is_empty() {
        let rest = format!(
            "no body for {}: there may be no `error` to read.",
            bare.join(", ")
        );
        sentences.of(
            endpoint,
            &format!("declares {rest}"),
            &format!("declare {rest}"),
        );
    }
    let odd = statuses(&|case| {
        case.body
            .as_deref()
            .is_some_and(|body| !has_error_field(model, body))
    });
    if !odd.is_empty() {
        let rest = format!(
            "{} with a body of the provider's own, without `error`.",
            odd.join(", ")
        );
        sentences.of(
            endpoint,
            &format!("answers {rest}"),
            &format!("answer {rest}"),
        );
    }
}

fn has_error_field(model: &Model, body: &str) -> bool {
    matches!(model.type_def(body), Some(TypeDef::Struct(def)) if def.fields.iter().any(|field| field.wire == "error"))
}

fn status((first, last): (u16, u16)) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first} to {last}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::Source;

    /// The deviations of a document with this token operation, beside what it must have.
    fn deviations(operation: &Value, others: &Value) -> Vec<String> {
        let grant = json!({"properties": {"grant_type": {"enum": ["client_credentials"]}}});
        let mut token = json!({
            "security": [{"basic": []}],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": grant}}},
            "responses": {}
        });
        merge(&mut token, operation);
        let mut paths = json!({"/token": {"post": token}});
        merge(&mut paths, others);
        let document = json!({
            "openapi": "3.1.0",
            "info": {},
            "servers": [{"url": "https://a.example"}],
            "paths": paths,
            "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
        });
        let text = document.to_string();
        let reading = crate::read(
            "example",
            Source {
                name: "a.json",
                bytes: text.as_bytes(),
            },
            None,
        );
        reading
            .model
            .unwrap_or_else(|| panic!("{:?}", reading.diagnostics))
            .deviations
    }

    fn merge(target: &mut Value, more: &Value) {
        for (key, value) in more.as_object().into_iter().flatten() {
            target[key] = value.clone();
        }
    }

    #[test]
    fn what_follows_the_rfc_is_not_mentioned() {
        assert_eq!(deviations(&json!({}), &json!({})), <[String; 0]>::default());
    }

    #[test]
    fn json_and_the_body_are_told() {
        let schema = json!({"properties": {
            "grant_type": {"enum": ["account_credentials"]}, "client_secret": {"type": "string"}
        }});
        let operation = json!({"security": [], "requestBody": {"content": {"application/json": {"schema": schema}}}});
        let told = deviations(&operation, &json!({}));
        assert!(
            told[0].starts_with("The token endpoint takes its parameters as JSON"),
            "{told:?}"
        );
        assert!(
            told[1].starts_with("The token endpoint takes client id and secret in the body only"),
            "{told:?}"
        );
        assert_eq!(
            told[2],
            "`account_credentials` is a grant type of the provider's own."
        );
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn the_place_of_the_token_is_told() {
        let schema =
            json!({"properties": {"data": {"properties": {"access_token": {"type": "string"}}}}});
        let responses = json!({"200": {"content": {"application/json": {"schema": schema}}}});
        assert_eq!(
            deviations(&json!({"responses": responses}), &json!({})),
            ["The access token is at `/data/access_token` of the response."]
        );
    }

    #[test]
    fn what_holds_for_several_endpoints_is_said_once() {
        let responses = json!({"503": {}});
        let revocation = json!({"/revoke": {"post": {
            "requestBody": {"content": {"application/x-www-form-urlencoded": {
                "schema": {"properties": {"token": {"type": "string"}}}
            }}},
            "responses": responses
        }}});
        assert_eq!(
            deviations(&json!({"responses": responses}), &revocation),
            [
                "The token and revocation endpoints declare no body for 503: there may be no `error` to read."
            ]
        );
    }

    #[test]
    fn odd_token_types_and_separators_are_told() {
        let schema = json!({"properties": {
            "access_token": {"type": "string"}, "token_type": {"type": "string", "enum": ["bearer", "jwt"]}
        }});
        let operation = json!({
            "x-tokensmith": {"scope-separator": ","},
            "responses": {"200": {"content": {"application/json": {"schema": schema}}}}
        });
        let told = deviations(&operation, &json!({}));
        assert_eq!(told[0], "Scopes are separated by `,`, not by a space.");
        assert!(told[1].starts_with("`token_type` may be `jwt`"), "{told:?}");
    }
}
