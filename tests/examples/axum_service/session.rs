//! Who the browser is: a cookie with a number that nobody can guess, and sign-ins that are under way.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponseParts};
use tokensmith_runtime::PendingAuthorization;
use uuid::Uuid;

use crate::failure::{Failure, unauthorized};

/// A service on several machines keeps these in its database.
#[derive(Default)]
pub(crate) struct SignIns(Mutex<HashMap<String, PendingAuthorization>>);

impl SignIns {
    /// Remembers a sign-in until the browser comes back with this cookie.
    pub(crate) fn begin(&self, pending: PendingAuthorization) -> impl IntoResponseParts + use<> {
        let session = new();
        let cookie = cookie(&session);
        let mut pending_by_session = self.0.lock().expect("no panic");
        pending_by_session.insert(session, pending);
        cookie
    }

    /// Returns the sign-in of a browser that came back.
    pub(crate) fn end(&self, headers: &HeaderMap) -> Result<PendingAuthorization, Failure> {
        let pending = self.0.lock().expect("no panic").remove(of(headers)?);
        pending.ok_or_else(unauthorized)
    }
}

pub(crate) fn new() -> String {
    Uuid::new_v4().to_string()
}

pub(crate) fn of(headers: &HeaderMap) -> Result<&str, Failure> {
    let cookie = headers.get(header::COOKIE);
    let cookie = cookie.and_then(|cookie| cookie.to_str().ok());
    cookie
        .and_then(|cookie| cookie.strip_prefix("session="))
        .ok_or_else(unauthorized)
}

pub(crate) fn cookie(session: &str) -> impl IntoResponseParts + use<> {
    let cookie = format!("session={session}; HttpOnly; SameSite=Lax; Path=/");
    AppendHeaders([(header::SET_COOKIE, cookie)])
}
