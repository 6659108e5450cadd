//! A person signs in with another device, and types in a code (RFC 8628).

use std::time::{Duration, Instant, SystemTime};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use tokensmith_codegen::diagnostic::output::{is_error_terminal, print_error};
use tokensmith_runtime::protocol::{Polling, Step};
use tokensmith_runtime::{
    Any, BlockingTransport as _, DeviceAuthorization, ExpectedIdToken, Request as _, Token,
    TokenRequest, blocking,
};

use super::SignedIn;
use crate::args::{LoginArgs, pairs};
use crate::exchange::Wire;
use crate::failure::Failure;
use crate::secrets::Secrets;
use crate::server::{Server, Way, with_parameters};
use crate::terminal::progress::{Progress, lasting};
use crate::{credentials, exchange, server};

/// How long to wait if the provider does not say when the code expires.
const TIMEOUT: Duration = Duration::from_secs(1_800);

/// Returns the token that the person allows elsewhere.
pub(super) fn sign_in(
    server: &Server,
    token_request: TokenRequest<'_>,
    args: &LoginArgs,
) -> Result<SignedIn, Failure> {
    let mut request = server.device_request()?;
    let parameters = pairs("--param", &args.param)?;
    let token_parameters = pairs("--token-param", &args.token_param)?;
    let show = args.show();
    let mut secrets = Secrets::new(&show);
    let named = parameters.iter().map(|(name, _)| *name);
    secrets.describe(request.endpoint(), request.operation(), named);
    let named = token_parameters.iter().map(|(name, _)| *name);
    secrets.describe(token_request.endpoint(), token_request.operation(), named);
    let identity = server::identity(server, Way::Device, &args.client, &mut secrets)?;
    let mut settings = server::settings(server, &args.source, &args.client, &identity)?;
    for (name, value) in pairs("--header", &args.header)? {
        settings.set_header(name, value)?;
    }
    for scope in &args.scope {
        request = request.scope(scope);
    }
    let request = with_parameters(request, parameters);
    let transport = credentials::transport(&args.client)?;
    let client = exchange::client(settings, transport, &show, &secrets);
    let authorization = client.send(request).map_err(exchange::failure)?;

    let left = left(&authorization, args.browser.timeout);
    print_error(instructions(&authorization, left));
    let request = with_device_code(token_request, &authorization);
    let request = with_parameters(request, token_parameters);
    let token = poll(&client, &request, &authorization, Instant::now() + left)?;
    let subject = super::checked_subject(server, &client, &token, ExpectedIdToken::new())?;
    Ok(SignedIn {
        token,
        identity,
        subject,
        redirect_variables: Vec::new(),
    })
}

/// How long to wait: until the code expires, or as long as the caller says, if that is shorter.
fn left(authorization: &DeviceAuthorization, timeout: Option<Duration>) -> Duration {
    let expires = authorization.expires_at();
    let expires = expires.map(|at| at.duration_since(SystemTime::now()).unwrap_or_default());
    match (expires, timeout) {
        (Some(expires), Some(timeout)) => expires.min(timeout),
        (Some(time), None) | (None, Some(time)) => time,
        (None, None) => TIMEOUT,
    }
}

/// What the person is to do. A picture is for terminals only.
fn instructions(authorization: &DeviceAuthorization, left: Duration) -> String {
    let DeviceAuthorization {
        user_code,
        verification_uri,
        verification_uri_complete,
        ..
    } = authorization;
    let mut text = format!("Sign in at {verification_uri}\nwith the code {user_code}\n");
    let target = verification_uri_complete
        .as_ref()
        .unwrap_or(verification_uri);
    if let Some(picture) = picture(target).filter(|_| is_error_terminal()) {
        text += &format!("\n{picture}\n\n");
    } else if let Some(complete) = verification_uri_complete {
        text += &format!("or at {complete}\n");
    }
    text + &format!("within {}.", lasting(left))
}

/// A QR code, light on dark as most terminals are.
fn picture(url: &str) -> Option<String> {
    let code = QrCode::new(url).ok()?;
    let mut renderer = code.render::<Dense1x2>();
    renderer.dark_color(Dense1x2::Light);
    renderer.light_color(Dense1x2::Dark);
    Some(renderer.build())
}

/// The request with the device's code. Some documents ask for the code of the person beside it.
fn with_device_code<'a>(
    request: TokenRequest<'a>,
    authorization: &DeviceAuthorization,
) -> TokenRequest<'a> {
    let mut declared = request.operation().parameters().iter();
    let takes_user_code = declared.any(|parameter| parameter.name() == "user_code");
    let request = request.secret_parameter("device_code", &authorization.device_code);
    match takes_user_code {
        true => request.secret_parameter("user_code", authorization.user_code.as_str()),
        false => request,
    }
}

/// Asks for the token until the person has decided, or until a time.
fn poll(
    client: &blocking::Client<Any, Wire>,
    request: &TokenRequest<'_>,
    authorization: &DeviceAuthorization,
    end: Instant,
) -> Result<Token, Failure> {
    let mut polling = Polling::new(client.settings(), request, authorization);
    loop {
        match polling.step(SystemTime::now()) {
            Step::Send(request) => {
                let response = client.transport().send(request);
                polling.receive(response, SystemTime::now());
            }
            Step::Wait(delay) if Instant::now() + delay > end => {
                return Err(Failure::TimedOut(
                    "nobody has entered the code in time: sign in again, with a longer --timeout if you have \
                     given one"
                        .to_owned(),
                ));
            }
            Step::Wait(delay) => {
                let progress = Progress::until("waiting for you to sign in".to_owned(), end);
                std::thread::sleep(delay);
                progress.end();
            }
            Step::Done => return polling.finish().map_err(exchange::failure),
        }
    }
}
