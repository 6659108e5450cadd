//! What tests in any language do to a mock: requests to `/.mock/`.

use std::time::Duration;

use http::{Method, Request, Response};
use serde_json::{Value, json};

use super::origin::refuse_foreign;
use super::{Provider, lock, page};
use crate::clock::MOST_SECONDS;
use crate::fault::{Fault, Faults, MOST_FAULTS};
use crate::reply::{refused, respond};
use crate::request::members::form;

pub(super) const JSON: &str = "application/json";

impl Provider {
    /// Responds to a request to `/.mock/`.
    pub(super) fn control(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        if let Some(refused) = refuse_foreign(request.headers()) {
            return refused;
        }
        let path = request.uri().path();
        let name = path
            .strip_prefix("/.mock")
            .unwrap_or(path)
            .trim_matches('/');
        let body = String::from_utf8_lossy(request.body());
        if name == "clients"
            && let Some(response) = self.control_clients(request.method(), &body)
        {
            return response;
        }
        match (request.method(), name) {
            (&Method::GET, "") => self.about(),
            (&Method::GET, "requests") => shown(&json!(self.requests())),
            (&Method::DELETE, "requests") => {
                lock(&self.witness).clear();
                done()
            }
            (&Method::GET, "counts") => shown(&json!(self.counts())),
            (&Method::GET, "faults") => shown(&json!({"open": lock(&self.faults).open()})),
            (&Method::DELETE, "faults") => {
                self.set_faults(Vec::new());
                done()
            }
            (&Method::PUT | &Method::POST, "faults") => self.put_faults(request.method(), &body),
            (&Method::GET, "clock") => shown(&json!({"now": self.clock.now() / 1_000})),
            (&Method::POST, "clock") => self.move_clock(&body),
            (&Method::GET, "device") => {
                let query = request.uri().query().unwrap_or_default();
                let code = form(query, "query").unwrap_or_default();
                let code = found(&code, "user_code").unwrap_or_default();
                page::respond(200, page::device(self.description.title(), code))
            }
            (&Method::POST, "device") => self.post_device(&body),
            (&Method::POST, "consent") => self.post_consent(&body),
            (&Method::GET, "jwks") => match self.signer() {
                Some(signer) => shown(&signer.keys()),
                None => respond(503, "text/plain", "there is no key"),
            },
            (&Method::GET, "resource") => self.resource(request),
            _ => {
                let (method, path) = (request.method(), request.uri().path());
                let path: String = path.chars().take(100).collect();
                refused(
                    404,
                    &format!(
                        "nothing to control by {method} {path}: the documentation of tokensmith-mock has the list"
                    ),
                )
            }
        }
    }

    fn about(&self) -> Response<Vec<u8>> {
        let endpoints = self.description.endpoints().iter();
        let endpoints = endpoints.map(|endpoint| {
            let grants = endpoint.operations().iter();
            let grants: Vec<&str> = grants
                .filter_map(|operation| operation.grant_type())
                .collect();
            json!({
                "kind": endpoint.kind().as_str(),
                "method": endpoint.method().as_str(),
                "paths": endpoint.paths(),
                "grants": grants,
                "client_auth": endpoint.client_auth().as_str(),
            })
        });
        let endpoints: Vec<Value> = endpoints.collect();
        let (name, title) = (self.description.name(), self.description.title());
        shown(&json!({"name": name, "title": title, "endpoints": endpoints}))
    }

    fn put_faults(&self, method: &Method, script: &str) -> Response<Vec<u8>> {
        let faults = match Fault::script(script) {
            Ok(faults) => faults,
            Err(error) => return bad(&error.to_string()),
        };
        let mut all = lock(&self.faults);
        if method == Method::PUT {
            *all = Faults::default();
        }
        if all.len() + faults.len() > MOST_FAULTS {
            let before = all.len();
            return bad(&format!(
                "there are {before} faults, and no more than {MOST_FAULTS} are kept: \
                 `DELETE /.mock/faults` removes them"
            ));
        }
        faults.into_iter().for_each(|fault| all.add(fault));
        done()
    }

    fn move_clock(&self, body: &str) -> Response<Vec<u8>> {
        let body: Option<Value> = serde_json::from_str(body).ok();
        let seconds = body.and_then(|body| body.get("advance")?.as_u64());
        let Some(seconds) = seconds else {
            return bad("expected `{\"advance\": SECONDS}`");
        };
        if seconds > MOST_SECONDS {
            return bad("`advance` is more than a thousand years");
        }
        self.advance(Duration::from_secs(seconds));
        done()
    }

    fn post_device(&self, body: &str) -> Response<Vec<u8>> {
        let fields = form(body, "body").unwrap_or_default();
        let code = found(&fields, "user_code").unwrap_or_default();
        let Some(approved) = decision(&fields) else {
            return bad("expected the fields `user_code` and `decision`: approve or deny");
        };
        match self.decide_device(code, approved) {
            true => {
                let page = page::message("Done", "You can go back to the device.");
                page::respond(200, page)
            }
            false => {
                let page = page::message("Unknown code", "No device has this code.");
                page::respond(404, page)
            }
        }
    }

    fn post_consent(&self, body: &str) -> Response<Vec<u8>> {
        let fields = form(body, "body").unwrap_or_default();
        let id = found(&fields, "id").unwrap_or_default();
        let Some(approved) = decision(&fields) else {
            return bad("expected the fields `id` and `decision`: approve or deny");
        };
        let consent = lock(&self.state).consents.remove(id);
        match consent {
            Some(consent) => self.decide(&consent, approved),
            None => {
                let text = "This authorization request was decided before.";
                page::respond(404, page::message("Decided", text))
            }
        }
    }
}

pub(super) fn found<'f>(fields: &'f [(String, String)], name: &str) -> Option<&'f str> {
    let mut fields = fields.iter();
    let found = fields.find(|(other, _)| other == name);
    found.map(|(_, value)| value.as_str())
}

fn decision(fields: &[(String, String)]) -> Option<bool> {
    match found(fields, "decision")? {
        "approve" => Some(true),
        "deny" => Some(false),
        _ => None,
    }
}

pub(super) fn shown(value: &Value) -> Response<Vec<u8>> {
    respond(200, JSON, value.to_string())
}

pub(super) fn done() -> Response<Vec<u8>> {
    respond(204, "", "")
}

pub(super) fn bad(message: &str) -> Response<Vec<u8>> {
    refused(400, message)
}
