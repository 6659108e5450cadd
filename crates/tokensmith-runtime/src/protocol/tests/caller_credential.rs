//! A credential of the caller's, in a parameter with a prefix.

use super::{good, with};
use crate::testing::{TOKEN, play};
use crate::{
    BodyFormat, ClientAuth, Endpoint, ErrorKind, Location, Operation, Parameter, ParameterKind,
    Parameters, Request, Secret,
};

static CALLERS: Operation<'static> = Operation::new().with_parameters(&[
    Parameter::new("Authorization")
        .required()
        .secret()
        .with_location(Location::Header)
        .with_prefix("Bearer "),
    Parameter::new("codes")
        .with_kind(ParameterKind::TextList)
        .secret(),
    Parameter::new("otp")
        .with_kind(ParameterKind::Integer)
        .secret(),
]);

/// A request that carries credentials of the caller's.
struct Callers {
    bearer: Secret,
    codes: [Secret; 2],
    otp: Secret,
}

impl Callers {
    fn new() -> Self {
        Self {
            bearer: "a-token".into(),
            codes: ["one", "two"].map(Secret::from),
            otp: "123456".into(),
        }
    }
}

impl Request for Callers {
    type Provider = crate::Any;
    type Response = crate::Token;
    type Error = crate::NoBody;
    fn endpoint(&self) -> &Endpoint<'_> {
        &TOKEN
    }
    fn operation(&self) -> &Operation<'_> {
        &CALLERS
    }
    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        parameters.push("Authorization", &self.bearer);
        parameters.secrets("codes", &self.codes);
        parameters.push("otp", &self.otp);
    }
}

#[test]
fn a_credential_of_the_callers_stands_after_its_prefix() {
    let mut settings = with(ClientAuth::Body);
    settings.set_format(BodyFormat::Json);
    let sent = play(&settings, &Callers::new(), [good()]).sent;
    let authorization = &sent[0].headers()["authorization"];
    assert_eq!(authorization, "Bearer a-token");
    assert!(authorization.is_sensitive());
    let body: serde_json::Value = serde_json::from_slice(sent[0].body()).unwrap();
    assert_eq!(body["codes"], serde_json::json!(["one", "two"]));
    assert_eq!(body["otp"], 123_456);
}

#[test]
fn a_credential_of_the_callers_leaves_no_room_for_the_clients() {
    for auth in [ClientAuth::Basic, ClientAuth::BasicRaw, ClientAuth::Auto] {
        let played = play(&with(auth), &Callers::new(), []);
        assert_eq!(played.sent.len(), 0, "{auth:?}");
        let error = played.outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("a-token"));
    }
}
