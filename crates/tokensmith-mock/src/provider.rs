//! A provider as a state machine: requests go in, responses come out, nothing else happens.

mod assertion;
mod authorize;
mod candidate;
mod control;
mod grant;
mod introspect;
mod issue;
mod openid;
mod page;
mod possession;
mod resource;
mod testing;
mod token_state;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use http::{Request, Response, header};
use serde_json::Value;
use tokensmith_runtime::{Description, EndpointKind, Entry, SampleResponse};

use crate::clock::Clock;
use crate::fault::{Effect, Fault, Faults, Target};
use crate::id_token::Signer;
use crate::options::Options;
use crate::refusal::Refusal;
use crate::reply::{Delivery, REFUSAL_HEADER, Reply, respond, set};
use crate::request::route::Routes;
use crate::response::refuse;
use crate::response::sample::{Sample, samples};
use crate::response::success::Written;
use crate::standard;
use crate::state::State;
use crate::witness::{SeenRequest, Witness};
use candidate::Candidate;

/// What a sample or a script calls the standard code of a status.
const CODES: [(u16, &str); 6] = [
    (401, "invalid_client"),
    (403, "access_denied"),
    (429, "rate_limited"),
    (500, "server_error"),
    (502, "server_error"),
    (503, "temporarily_unavailable"),
];

/// The user of a mock, in ID tokens.
const SUBJECT: &str = "mock-user";

/// A provider as a state machine: requests go in, responses come out, nothing else happens.
///
/// [`MockProvider`](crate::MockProvider) serves one over HTTP.
#[derive(Debug)]
pub struct Provider {
    description: Description<'static>,
    samples: Vec<Vec<Sample>>,
    options: Options,
    routes: Routes,
    clock: Clock,
    state: Mutex<State>,
    faults: Mutex<Faults>,
    witness: Mutex<Witness>,
    signer: OnceLock<Option<Signer>>,
    /// Whether it is a plain server, with metadata.
    standard: bool,
}

/// What became of a request.
struct Outcome {
    response: Response<Vec<u8>>,
    refusal: Option<Refusal>,
}

impl Provider {
    /// Creates a provider of its description and the examples of its document.
    pub fn new(
        description: Description<'static>,
        samples: &[SampleResponse<'_>],
        options: Options,
    ) -> Self {
        let endpoints = description.endpoints().iter().enumerate();
        Self {
            samples: endpoints
                .map(|(place, endpoint)| self::samples(samples, place, endpoint))
                .collect(),
            routes: Routes::new(&description),
            clock: Clock::default(),
            state: Mutex::new(State::new(options.seed)),
            faults: Mutex::new(Faults::new(options.faults.clone())),
            witness: Mutex::default(),
            signer: OnceLock::new(),
            standard: false,
            description,
            options,
        }
    }

    /// Creates a plain server of RFC 6749 and OpenID Connect, with discovery, keys and ID tokens.
    pub fn standard(options: Options) -> Self {
        Self {
            standard: true,
            ..Self::new(standard::DESCRIPTION, standard::SAMPLES, options)
        }
    }

    /// Creates a provider of a list's entry.
    pub fn of(entry: &Entry, options: Options) -> Self {
        Self::new(*entry.description, entry.about.samples(), options)
    }

    /// Returns the response to a request, with what befalls it on the way.
    pub fn respond(&self, request: &Request<Vec<u8>>) -> Reply {
        let path = request.uri().path();
        if path == "/.mock" || path.starts_with("/.mock/") {
            return self.control(request).into();
        }
        if let Some(response) = self.openid(request) {
            return response.into();
        }
        let now = self.clock.now();
        let mut seen = SeenRequest {
            time: now,
            method: request.method().to_string(),
            path: path.to_owned(),
            ..SeenRequest::default()
        };
        let reply = match self.understand(request, now) {
            Ok(candidate) => {
                candidate.describe(&mut seen, self.options.reveal);
                self.reply(&candidate, request, now, &mut seen)
            }
            Err(refused) => {
                let (status, reason) = refused;
                seen.refused = Some("not_found".to_owned());
                seen.reason = Some(reason.clone());
                let mut response = respond(status, "text/plain", reason.clone());
                set(&mut response, REFUSAL_HEADER, &reason);
                response.into()
            }
        };
        let is_lost = reply.delivery == Delivery::Lost;
        seen.status = (!is_lost).then_some(reply.response.status().as_u16());
        let seen = lock(&self.witness).keep(seen);
        if let Some(observer) = &self.options.observer {
            observer(&seen);
        }
        reply
    }

    fn reply(
        &self,
        candidate: &Candidate<'_>,
        request: &Request<Vec<u8>>,
        now: i64,
        seen: &mut SeenRequest,
    ) -> Reply {
        let target = Target {
            endpoint: candidate.endpoint.kind(),
            grant: seen.grant.as_deref(),
            client: seen.client.as_deref(),
        };
        let fault = lock(&self.faults).pick(target, || lock(&self.state).random());
        seen.fault = fault.as_ref().map(|fault| fault.name().to_owned());
        let skew = match fault.as_ref().and_then(|fault| fault.effect.as_ref()) {
            Some(Effect::Skewed(seconds)) => seconds.saturating_mul(1_000),
            _ => 0,
        };
        let before = fault
            .as_ref()
            .and_then(|fault| self.before(fault, candidate));
        let outcome = before.unwrap_or_else(|| self.handle(candidate, request, now, skew));
        if let Some(refusal) = &outcome.refusal {
            seen.refused = Some(refusal.code.to_owned());
            seen.reason = Some(refusal.reason.clone());
        }
        let mut reply = Reply::from(outcome.response);
        let date = u64::try_from(now.saturating_add(skew) / 1_000).unwrap_or_default();
        let date = std::time::UNIX_EPOCH + Duration::from_secs(date);
        set(
            &mut reply.response,
            header::DATE.as_str(),
            &httpdate::fmt_http_date(date),
        );
        if let Some(fault) = &fault {
            after(fault, candidate, &mut reply);
        }
        reply
    }

    /// What a fault does in the place of the provider.
    fn before(&self, fault: &Fault, candidate: &Candidate<'_>) -> Option<Outcome> {
        let response = match fault.effect.as_ref()? {
            Effect::Status(status @ 0..400) => respond(*status, "", ""),
            Effect::Status(status) => {
                let mut codes = CODES.iter();
                let code = codes.find(|(known, _)| known == status);
                let code = code.map_or("invalid_request", |(_, code)| code);
                let refusal = Refusal::new(code, "a fault of the script").with_status(*status);
                return Some(self.refuse(refusal, candidate));
            }
            Effect::Refuse(code) | Effect::RefuseAtSuccess(code) => {
                let refusal = Refusal::new(standard_code(code), "a fault of the script");
                let mut outcome = self.refuse(refusal, candidate);
                if matches!(fault.effect, Some(Effect::RefuseAtSuccess(_))) {
                    *outcome.response.status_mut() = http::StatusCode::OK;
                }
                return Some(outcome);
            }
            Effect::CaptivePortal => respond(200, "text/html", page::captive_portal()),
            Effect::Redirect(url) => {
                let mut response = respond(307, "", "");
                set(&mut response, header::LOCATION.as_str(), url);
                response
            }
            _ => return None,
        };
        Some(Outcome {
            response,
            refusal: None,
        })
    }

    fn handle(
        &self,
        candidate: &Candidate<'_>,
        request: &Request<Vec<u8>>,
        now: i64,
        skew: i64,
    ) -> Outcome {
        let kind = candidate.endpoint.kind();
        if kind == EndpointKind::Authorization {
            return self.authorize(candidate, request, now);
        }
        let refusal = candidate.refusal.clone();
        let refusal = refusal.or_else(|| self.use_assertion(candidate).err());
        let written = match refusal {
            Some(refusal) => Err(refusal),
            None => match kind {
                EndpointKind::Token => self.issue(candidate, request, now, skew),
                EndpointKind::DeviceAuthorization => {
                    Ok(self.authorize_device(candidate, request, now))
                }
                EndpointKind::Revocation => self.revoke(candidate, now),
                EndpointKind::Introspection => Ok(self.introspect(candidate, now, skew)),
                EndpointKind::Authorization | EndpointKind::Metadata => {
                    Err(Refusal::request("nothing is served here"))
                }
            },
        };
        match written {
            Ok(written) => Outcome {
                response: written.into(),
                refusal: None,
            },
            Err(refusal) => self.refuse(refusal, candidate),
        }
    }

    fn refuse(&self, refusal: Refusal, candidate: &Candidate<'_>) -> Outcome {
        let endpoint = candidate.endpoint;
        let written: Written = refuse::write(&refusal, endpoint, self.samples_of(candidate));
        let mut response = Response::from(written);
        if response.status() == 401 {
            // RFC 9110 section 15.5.2.
            let challenge = format!("{} realm=\"mock\"", endpoint.auth_scheme());
            set(&mut response, header::WWW_AUTHENTICATE.as_str(), &challenge);
        }
        let reason = format!("{}: {}", refusal.code, refusal.reason);
        set(&mut response, REFUSAL_HEADER, &reason);
        Outcome {
            response,
            refusal: Some(refusal),
        }
    }

    /// The key of ID tokens, made when it is first used.
    fn signer(&self) -> Option<&Signer> {
        self.signer.get_or_init(Signer::new).as_ref()
    }

    fn samples_of(&self, candidate: &Candidate<'_>) -> &[Sample] {
        self.samples.get(candidate.place).map_or(&[], Vec::as_slice)
    }
}

/// What a fault does to a response on its way.
fn after(fault: &Fault, candidate: &Candidate<'_>, reply: &mut Reply) {
    reply.delay = fault.delay;
    if let Some(after) = fault.retry_after {
        let seconds = after.as_secs().to_string();
        set(&mut reply.response, header::RETRY_AFTER.as_str(), &seconds);
    }
    match fault.effect {
        Some(Effect::Lost) => reply.delivery = Delivery::Lost,
        Some(Effect::Truncated(bytes)) => reply.delivery = Delivery::Truncated(bytes),
        Some(Effect::WrongTypes) => {
            let body = serde_json::from_slice(reply.response.body());
            if let Ok(Value::Object(mut members)) = body {
                let kept = candidate.endpoint.access_token();
                for (name, value) in &mut members {
                    if !kept
                        .iter()
                        .any(|pointer| pointer.starts_with(&format!("/{name}")))
                    {
                        *value = mistyped(value);
                    }
                }
                *reply.response.body_mut() = Value::Object(members).to_string().into_bytes();
            }
        }
        _ => {}
    }
}

/// The same in another type.
fn mistyped(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from(7),
        Value::Number(_) => Value::from("soon"),
        Value::Bool(_) => Value::from("yes"),
        _ => Value::from(false),
    }
}

/// The code of an RFC by its text.
fn standard_code(code: &str) -> &'static str {
    let mut known = tokensmith_description::refusal::MEANINGS.iter().copied();
    known
        .find(|known| *known == code)
        .unwrap_or("invalid_request")
}

/// The base URL that a request was sent to: the issuer of ID tokens.
fn base_of(request: &Request<Vec<u8>>) -> String {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
