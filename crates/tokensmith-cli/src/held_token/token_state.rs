//! `tokensmith revoke` (RFC 7009), `tokensmith introspect` (RFC 7662) and `tokensmith userinfo`
//! (OpenID Connect Core section 5.3).

use std::process::ExitCode;

use serde_json::{Map, Value, json};
use tokensmith_codegen::diagnostic::output::{Printable, try_print};
use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    BlockingHyperTransport, Credentials, Introspection, PlainHttpHosts, Request as _, Response,
    UserInfo,
};

use super::{Prepared, wanted};
use crate::args::{
    HeldArgs, IntrospectArgs, KindArgs, RevokeArgs, ShowArgs, StateOutput, UserinfoArgs,
};
use crate::failure::Failure;
use crate::failure::context::{Context, Task};
use crate::secrets::Secrets;
use crate::server::{Server, Way};
use crate::{credentials, exchange, kept, server};

/// Revokes a token and says so, or why not.
pub(crate) fn revoke(args: &RevokeArgs) -> Result<ExitCode, Failure> {
    let output = StateOutput::or_usual(args.kind.output);
    let done = ask::<()>(Way::Revoke, &args.held, &args.kind);
    let printed = done.and_then(|done| match (done, output) {
        (None, _) => Ok(()),
        (Some(()), StateOutput::Text) => Ok(try_print("The token is not valid any more.")?),
        (Some(()), StateOutput::Json) => {
            let revoked = json!({ "revoked": true });
            Ok(try_print(Printable::json_line(&revoked))?)
        }
    });
    end(printed, output)
}

/// Prints what a token stands for, or why that is not known.
pub(crate) fn introspect(args: &IntrospectArgs) -> Result<ExitCode, Failure> {
    let output = StateOutput::or_usual(args.kind.output);
    let told = ask::<Introspection>(Way::Introspect, &args.held, &args.kind);
    let printed = told.and_then(|told| match told {
        Some(told) => print(&members(&told), output),
        None => Ok(()),
    });
    end(printed, output)
}

/// Prints what the provider says of a person, or why that is not known.
pub(crate) fn userinfo(args: &UserinfoArgs) -> Result<ExitCode, Failure> {
    let output = StateOutput::or_usual(args.output);
    let show = ShowArgs {
        verbose: args.verbose,
        ..ShowArgs::default()
    };
    let person = match (&args.kept, &args.issuer) {
        (Some(name), _) => kept::user_info(name, &show),
        (None, issuer) => {
            let context = Context::default().of_task(Task::UserInfo);
            let context = context.shown(args.verbose);
            let issuer = issuer.as_deref().unwrap_or_default();
            asked(issuer, args, &show).map_err(|failure| failure.with_context(&context))
        }
    };
    end(
        person.and_then(|person| print(&claims(&person), output)),
        output,
    )
}

fn asked(issuer: &str, args: &UserinfoArgs, show: &ShowArgs) -> Result<UserInfo, Failure> {
    let mut secrets = Secrets::new(show);
    let mut plain_http = PlainHttpHosts::default();
    for host in &args.allow_plain_http {
        plain_http.allow(host)?;
    }
    let nobody = Credentials::public("");
    let mut settings = Settings::with_plain_http(issuer, nobody, plain_http)?;
    settings.set_issuer(issuer);
    let token = credentials::token(credentials::TOKEN, &mut secrets)?;
    let transport = BlockingHyperTransport::new()?;
    let client = exchange::client(settings, transport, show, &secrets);
    let subject = args.subject.as_deref().unwrap_or_default();
    Ok(client.user_info(&token, subject)?)
}

fn claims(person: &UserInfo) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("sub".to_owned(), person.subject().into());
    for (name, value) in person.claims().iter() {
        members.entry(name).or_insert_with(|| value.clone());
    }
    members
}

fn end(outcome: Result<(), Failure>, output: StateOutput) -> Result<ExitCode, Failure> {
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

/// Sends the request about the token; `None` if it was only printed.
fn ask<R: Response>(way: Way, held: &HeldArgs, kind: &KindArgs) -> Result<Option<R>, Failure> {
    wanted(held, way).with_server(|server| send(server, way, held, kind))
}

fn send<R: Response>(
    server: &Server,
    way: Way,
    held: &HeldArgs,
    kind: &KindArgs,
) -> Result<Option<R>, Failure> {
    let request = server.request_about_token::<R>(way)?;
    let name = server::token_parameter(request.endpoint(), request.operation()).to_owned();
    let mut prepared = Prepared::new(server, way, held, &request)?;
    let mut request = request.secret_parameter(name, prepared.token(credentials::TOKEN)?);
    if let Some(hint) = kind.hint {
        request = request.parameter("token_type_hint", hint.as_str());
    }
    prepared.send(request, held)
}

/// The members of the response that are there.
fn members(told: &Introspection) -> Map<String, Value> {
    let known = [
        ("active", json!(told.active)),
        ("scope", json!(told.scope)),
        ("client_id", json!(told.client_id)),
        ("username", json!(told.username)),
        ("token_type", json!(told.token_type)),
        ("exp", number(told.exp)),
        ("iat", number(told.iat)),
        ("nbf", number(told.nbf)),
        ("sub", json!(told.sub)),
        ("iss", json!(told.iss)),
        ("jti", json!(told.jti)),
    ];
    let known = known.into_iter().filter(|(_, value)| !value.is_null());
    let mut members = Map::new();
    members.extend(known.map(|(name, value)| (name.to_owned(), value)));
    for (name, value) in told.extra.iter() {
        members.entry(name).or_insert_with(|| value.clone());
    }
    members
}

/// A number as it most likely came: without a point if it is whole.
fn number(seconds: Option<f64>) -> Value {
    match seconds {
        Some(seconds) if seconds.fract() == 0.0 && seconds.abs() < 1e15 => json!(seconds as i64),
        other => json!(other),
    }
}

fn print(members: &Map<String, Value>, output: StateOutput) -> Result<(), Failure> {
    if output == StateOutput::Json {
        return Ok(try_print(Printable::json_line(members))?);
    }
    let width = members.keys().map(|name| name.chars().count()).max();
    let width = width.unwrap_or(0);
    let lines = members.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name:width$}  {text}"),
        other => format!("{name:width$}  {other}"),
    });
    let lines: Vec<String> = lines.collect();
    Ok(try_print(lines.join("\n"))?)
}
