//! Parameters: checked before anything is sent, and written where and as what they are declared.

use super::{client_credentials, good, pairs, with};
#[cfg(feature = "pattern")]
use crate::testing::Outcome;
use crate::testing::{ID, SECRET, TOKEN, form, play, settings};
use crate::{
    BodyFormat, ClientAuth, Endpoint, ErrorKind, Location, Operation, Parameter, ParameterKind,
    Parameters, Request, Scopes, TokenRequest,
};

/// A request with whatever parameters.
struct Any<F>(&'static Operation<'static>, F);

impl<F: for<'a> Fn(&mut Parameters<'a>)> Request for Any<F> {
    type Provider = crate::Any;
    type Response = crate::Token;
    type Error = crate::NoBody;
    fn endpoint(&self) -> &Endpoint<'_> {
        &TOKEN
    }
    fn operation(&self) -> &Operation<'_> {
        self.0
    }
    fn path(&self) -> &str {
        "/{tenant}/token"
    }
    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        (self.1)(parameters);
    }
}

static TYPED: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("tenant")
        .required()
        .with_location(Location::Path),
    Parameter::new("version")
        .with_location(Location::Query)
        .with_default("v 1"),
    Parameter::new("x-account")
        .with_location(Location::Header)
        .secret(),
    Parameter::new("ttl").with_kind(ParameterKind::Integer),
    Parameter::new("ratio").with_kind(ParameterKind::Number),
    Parameter::new("short").with_kind(ParameterKind::Boolean),
    Parameter::new("scopes").with_kind(ParameterKind::TextList),
    Parameter::new("size").with_values(&["s", "m"]),
    Parameter::new("pin")
        .with_min_length(2)
        .with_max_length(4)
        .secret(),
]);

#[test]
fn parameters_go_where_and_as_what_they_are_declared() {
    let request = Any(&TYPED, |parameters: &mut Parameters<'_>| {
        parameters.push("tenant", "a/b");
        parameters.push("x-account", "acc");
        parameters.push("ttl", "60");
        parameters.push("ratio", 0.5);
        parameters.push("short", true);
        parameters.push("unknown", "kept");
        parameters.push_optional("size", None::<&str>);
    });
    let played = play(&with(ClientAuth::None), &request, [good()]);
    let sent = &played.sent[0];
    assert_eq!(
        sent.uri(),
        "https://auth.example.com/a%2Fb/token?version=v+1"
    );
    assert_eq!(sent.headers()["x-account"], "acc");
    assert!(sent.headers()["x-account"].is_sensitive());
    let expected = [
        ("ttl", "60"),
        ("ratio", "0.5"),
        ("short", "true"),
        ("unknown", "kept"),
        ("client_id", ID),
    ];
    assert_eq!(form(sent), pairs(&expected));

    let mut json = with(ClientAuth::Body);
    json.set_format(BodyFormat::Json);
    let played = play(&json, &request, [good()]);
    assert_eq!(played.sent[0].headers()["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_slice(played.sent[0].body()).unwrap();
    let expected = serde_json::json!({
        "ttl": 60, "ratio": 0.5, "short": true, "unknown": "kept", "client_id": ID, "client_secret": SECRET,
    });
    assert_eq!(body, expected);
}

#[test]
fn lists_are_repeated_in_forms_and_arrays_in_json() {
    let request = TokenRequest::new(&TOKEN, &TYPED)
        .parameter("tenant", "t")
        .parameter("scopes", "a")
        .parameter("scopes", "b");
    let played = play(&with(ClientAuth::Basic), &request, [good()]);
    assert_eq!(
        form(&played.sent[0]),
        pairs(&[("scopes", "a"), ("scopes", "b")])
    );
    let mut json = settings();
    json.set_format(BodyFormat::Json);
    let scopes: Scopes = ["a", "b"].into_iter().collect();
    let played = play(&json, &request, [good()]);
    assert_eq!(played.sent[0].body(), br#"{"scopes":["a","b"]}"#);
    assert_eq!(scopes.iter().count(), 2);
}

#[test]
fn wrong_parameters_are_refused_by_name_before_anything_is_sent() {
    type Fill = fn(&mut Parameters<'_>);
    let cases: [(Fill, &str); 11] = [
        (|_| {}, "`tenant` is required"),
        (|p| p.push("ttl", "soon"), "`ttl` is not a whole number"),
        (|p| p.push("ttl", 1.5), "`ttl` is not a whole number"),
        (
            |p| p.push("ratio", f64::NAN),
            "`ratio` is not a finite number",
        ),
        (
            |p| p.push("short", "maybe"),
            "`short` is neither true nor false",
        ),
        (|p| p.push("size", "canary"), "`size` is not one of: s, m"),
        (
            |p| p.push("pin", "canary"),
            "`pin` is longer than 4 characters",
        ),
        (|p| p.push("pin", "ä"), "`pin` is shorter than 2 characters"),
        (
            |p| p.push("x-account", "can\nary"),
            "`x-account` does not fit in a header",
        ),
        (
            |p| p.push("client_secret", "canary"),
            "`client_secret` cannot be given",
        ),
        (
            |p| p.push("client_assertion", "canary"),
            "`client_assertion` cannot be given",
        ),
    ];
    for (fill, message) in cases {
        let required = message.contains("tenant");
        let request = Any(&TYPED, move |parameters: &mut Parameters<'_>| {
            if !required {
                parameters.push("tenant", "t");
            }
            fill(parameters);
        });
        let error = play(&settings(), &request, []).outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{message}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        assert!(!error.may_have_been_sent() && !error.is_retryable());
    }
    let multibyte = Any(&TYPED, |parameters: &mut Parameters<'_>| {
        parameters.push("tenant", "t");
        parameters.push("pin", "äöüß");
    });
    assert!(play(&settings(), &multibyte, [good()]).outcome.is_ok());
}

#[test]
fn a_parameter_is_never_replaced_silently() {
    let requests = [
        client_credentials().scope("a").parameter("scope", "b"),
        client_credentials().parameter("grant_type", "password"),
        client_credentials()
            .parameter("x", "1")
            .secret_parameter("x", "2"),
    ];
    for request in requests {
        let error = play(&settings(), &request, []).outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{error}");
    }
}

#[cfg(feature = "pattern")]
#[test]
fn patterns_are_checked() {
    static PIN: Operation<'static> =
        Operation::grant("pin").with_parameters(&[Parameter::new("pin").with_pattern("^\\d{6}$")]);
    static BROKEN: Operation<'static> =
        Operation::grant("pin").with_parameters(&[Parameter::new("pin").with_pattern("(")]);
    let send = |operation, responses: Vec<Outcome>| {
        let request = TokenRequest::new(&TOKEN, operation).parameter("pin", "123456");
        play(&settings(), &request, responses).outcome
    };
    assert!(send(&PIN, vec![good()]).is_ok());
    let request = TokenRequest::new(&TOKEN, &PIN).parameter("pin", "canary");
    let error = play(&settings(), &request, []).outcome.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot send POST auth.example.com/oauth2/token: the parameter `pin` does not match ^\\d{6}$"
    );
    assert_eq!(send(&BROKEN, vec![]).unwrap_err().kind(), ErrorKind::Config);
}

static LISTS: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("resource").with_kind(ParameterKind::TextList),
    Parameter::new("ids").with_kind(ParameterKind::JsonList),
]);

#[test]
fn one_value_of_a_list_is_a_list_and_numbers_stay_numbers() {
    let endpoint = Endpoint::new(crate::EndpointKind::Token, &["/token"])
        .with_client_auth(ClientAuth::None)
        .with_formats(&[BodyFormat::Json, BodyFormat::Form]);
    let sent = |format, ids: &[&str]| {
        let request: TokenRequest<'_> = TokenRequest::new(&endpoint, &LISTS);
        let request = request.parameter("resource", "https://x.example");
        let request = ids
            .iter()
            .fold(request, |request, id| request.parameter("ids", *id));
        let mut settings = with(ClientAuth::None);
        settings.set_format(format);
        let body = play(&settings, &request, [good()])
            .sent
            .remove(0)
            .into_body();
        String::from_utf8(body).unwrap()
    };
    let json = |ids: &[&str]| -> serde_json::Value {
        serde_json::from_str(&sent(BodyFormat::Json, ids)).unwrap()
    };
    assert_eq!(json(&["1"])["ids"], serde_json::json!([1]));
    assert_eq!(json(&["1", "2"])["ids"], serde_json::json!([1, 2]));
    assert_eq!(
        json(&["1"])["resource"],
        serde_json::json!(["https://x.example"])
    );
    let form = sent(BodyFormat::Form, &["1", "2"]);
    assert!(form.contains("ids=1&ids=2"), "{form}");
}

static NUMBERS: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("tenant").with_location(Location::Path),
    Parameter::new("ids").with_kind(ParameterKind::JsonList),
    Parameter::new("rates").with_kind(ParameterKind::JsonList),
    Parameter::new("flags").with_kind(ParameterKind::JsonList),
    Parameter::new("accounts").with_kind(ParameterKind::TextList),
    Parameter::new("none").with_kind(ParameterKind::JsonList),
]);

#[test]
fn lists_of_numbers_stay_numbers() {
    let sent = |format, rates: &'static [f64]| {
        let request = Any(&NUMBERS, move |parameters: &mut Parameters<'_>| {
            parameters.push("tenant", "a");
            parameters.values("ids", &[1_i64, -2][..]);
            parameters.values("flags", &[true, false][..]);
            parameters.values("accounts", &[7_i64, 8][..]);
            parameters.values::<i64>("none", &[]);
            parameters.values("rates", rates);
        });
        let mut settings = with(ClientAuth::None);
        settings.set_format(format);
        let is_sent = rates.iter().all(|rate| rate.is_finite());
        play(&settings, &request, is_sent.then(good))
    };
    let body = |format| {
        let body = sent(format, &[0.5, 2.0]).sent.remove(0).into_body();
        String::from_utf8(body).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&body(BodyFormat::Json)).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "client_id": "client", "ids": [1, -2], "rates": [0.5, 2], "flags": [true, false], "accounts": ["7", "8"]
        })
    );
    let form = body(BodyFormat::Form);
    for part in [
        "ids=1&ids=-2",
        "flags=true&flags=false",
        "accounts=7&accounts=8",
    ] {
        assert!(form.contains(part), "{form}");
    }
    assert!(!form.contains("none"), "{form}");
    assert!(sent(BodyFormat::Json, &[f64::NAN]).sent.is_empty());
}

static DEFAULTS: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("tenant").with_location(Location::Path),
    Parameter::new("audience")
        .with_kind(ParameterKind::TextList)
        .with_default(r#"["a","b"]"#),
    Parameter::new("resource")
        .with_kind(ParameterKind::TextList)
        .with_default("https://x.example"),
    Parameter::new("ids")
        .with_kind(ParameterKind::JsonList)
        .with_default("[1,2]"),
]);

#[test]
fn defaults_of_lists_are_sent_as_lists() {
    let request = Any(&DEFAULTS, |parameters: &mut Parameters<'_>| {
        parameters.push("tenant", "a");
    });
    let sent = |format| {
        let mut settings = with(ClientAuth::None);
        settings.set_format(format);
        let body = play(&settings, &request, [good()])
            .sent
            .remove(0)
            .into_body();
        String::from_utf8(body).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&sent(BodyFormat::Json)).unwrap();
    assert_eq!(json["audience"], serde_json::json!(["a", "b"]));
    assert_eq!(json["resource"], serde_json::json!(["https://x.example"]));
    assert_eq!(json["ids"], serde_json::json!([1, 2]));
    let form = sent(BodyFormat::Form);
    assert!(form.contains("audience=a&audience=b"), "{form}");
    assert!(form.contains("ids=1&ids=2"), "{form}");
}

/// Servers that expect a whole number, as of `max_age`, refuse `300.0`.
#[test]
fn a_whole_number_has_no_fraction() {
    static AGES: Operation<'static> = Operation::new().with_parameters(&[
        Parameter::new("tenant").with_location(Location::Path),
        Parameter::new("max_age").with_kind(ParameterKind::Number),
        Parameter::new("large").with_kind(ParameterKind::Number),
        Parameter::new("whole").with_kind(ParameterKind::Integer),
    ]);
    let request = Any(&AGES, |parameters: &mut Parameters<'_>| {
        parameters.push("tenant", "a");
        parameters.push("max_age", 300.0);
        parameters.push("large", 1e300);
        parameters.push("whole", -2.0);
    });
    let played = play(&with(ClientAuth::None), &request, [good()]);
    let body = String::from_utf8_lossy(played.sent[0].body());
    assert!(body.contains("max_age=300&"), "{body}");
    assert!(body.contains("whole=-2"), "{body}");
    assert!(body.contains("large=1e"), "{body}");
}
