//! A provider as a state machine: requests go in, responses come out, nothing else happens.

mod assertion;
mod authorize;
mod clients;
mod control;
mod cors;
mod end_session;
mod faulty;
mod grant;
mod introspect;
mod issue;
mod openid;
mod operation_choice;
pub(crate) mod origin;
mod page;
mod possession;
mod pushed;
mod register;
mod resource;
mod testing;
mod token_state;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http::{Request, Response, header};
use tokensmith_runtime::{Description, EndpointKind, Entry, SampleResponse};

use crate::clock::Clock;
use crate::fault::{Faults, Target};
use crate::id_token::Signer;
use crate::options::{MockClient, Options};
use crate::refusal::Refusal;
use crate::reply::{Delivery, REFUSAL_HEADER, Reply, refused, set};
use crate::request::route::Routes;
use crate::response::refuse;
use crate::response::sample::{Sample, samples};
use crate::response::success::Written;
use crate::seen_requests::{SeenRequest, Witness};
use crate::standard;
use crate::state::State;
use faulty::Manners;
use operation_choice::Candidate;

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
    /// The clients that are registered: whoever reads them keeps them as they are.
    clients: Mutex<Arc<Vec<MockClient>>>,
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
            clients: Mutex::new(Arc::new(options.clients.clone())),
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
    ///
    /// A request that was sent over https has an absolute URL. [`ClientCertificate`] is in its
    /// extensions if the client has a certificate.
    ///
    /// [`ClientCertificate`]: crate::ClientCertificate
    pub fn respond(&self, request: &Request<Vec<u8>>) -> Reply {
        let path = request.uri().path();
        if path == "/.mock" || path.starts_with("/.mock/") {
            return self.control(request).into();
        }
        let is_for_scripts = self.standard && cors::is_for_scripts(path);
        if is_for_scripts && let Some(response) = cors::preflight(request) {
            return response.into();
        }
        let now = self.clock.now();
        let mut seen = SeenRequest {
            time: now,
            method: request.method().to_string(),
            path: path.to_owned(),
            ..SeenRequest::default()
        };
        let mut reply = self.serve(request, now, &mut seen);
        if is_for_scripts {
            cors::allow(&mut reply.response);
        }
        let is_lost = reply.delivery == Delivery::Lost;
        seen.status = (!is_lost).then_some(reply.response.status().as_u16());
        let seen = lock(&self.witness).keep(seen);
        if let Some(observer) = &self.options.observer {
            observer(&seen);
        }
        reply
    }

    /// Responds to a request that is none of the control's.
    fn serve(&self, request: &Request<Vec<u8>>, now: i64, seen: &mut SeenRequest) -> Reply {
        if let Some(page) = self.openid_page(request) {
            seen.endpoint = Some(page.name());
            let target = Target {
                endpoint: page.name(),
                grant: None,
                client: None,
            };
            let manners = Manners {
                refuse: &openid::refuse,
                access_token: &[],
            };
            return self.befall(target, now, seen, &manners, |_| self.openid(page, request));
        }
        let referred = self.referred(request, now);
        let request = match &referred {
            Some(Ok(referred)) => &referred.request,
            _ => request,
        };
        let mut candidate = match self.understand(request, now) {
            Ok(candidate) => candidate,
            Err((status, reason)) => {
                let response = refused(status, &reason);
                seen.refused = Some("not_found".to_owned());
                seen.reason = Some(reason);
                return response.into();
            }
        };
        if referred.is_none() {
            candidate.refuse_unless_pushed();
        }
        candidate.describe(seen, self.options.reveal);
        let (grant, client) = (seen.grant.clone(), seen.client.clone());
        let target = Target {
            endpoint: candidate.endpoint.kind().as_str(),
            grant: grant.as_deref(),
            client: client.as_deref(),
        };
        let manners = Manners {
            refuse: &|refusal| self.refuse(refusal, &candidate),
            access_token: candidate.endpoint.access_token(),
        };
        self.befall(target, now, seen, &manners, |skew| {
            let used = match &referred {
                Some(Ok(referred)) => self.use_reference(&referred.request_uri),
                Some(Err(refusal)) => Err(refusal.clone()),
                None => Ok(()),
            };
            match used {
                Ok(()) => self.handle(&candidate, request, now, skew),
                // Who is sent back, and where to, is known only by what was pushed.
                Err(refusal) => authorize::failed(refusal),
            }
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
        match kind {
            EndpointKind::Authorization => return self.authorize(candidate, request, now),
            EndpointKind::EndSession => return self.end_session(candidate),
            _ => {}
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
                EndpointKind::PushedAuthorization => self.push_authorization(candidate, now),
                EndpointKind::Revocation => self.revoke(candidate, now),
                EndpointKind::Introspection => Ok(self.introspect(candidate, now, skew)),
                EndpointKind::Registration => self.register_client(candidate, now),
                EndpointKind::Authorization | EndpointKind::EndSession | EndpointKind::Metadata => {
                    Err(Refusal::request("the mock does not serve this endpoint"))
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

    /// The clients that are registered.
    fn clients(&self) -> Arc<Vec<MockClient>> {
        Arc::clone(&lock(&self.clients))
    }

    /// The key of ID tokens, made when it is first used.
    fn signer(&self) -> Option<&Signer> {
        self.signer.get_or_init(Signer::new).as_ref()
    }

    fn samples_of(&self, candidate: &Candidate<'_>) -> &[Sample] {
        self.samples.get(candidate.place).map_or(&[], Vec::as_slice)
    }
}

/// The base URL that a request was sent to: the issuer of ID tokens.
fn base_of(request: &Request<Vec<u8>>) -> String {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let scheme = request.uri().scheme_str().unwrap_or("http");
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
