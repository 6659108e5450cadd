//! Proofs of possession in an exchange (RFC 9449).

use std::time::SystemTime;

use super::engine::Engine;
use super::response::challenge::challenges;
use crate::client_auth::dpop::{BOUND, Proofs};
use crate::{Error, ErrorCode, TransportError, response::body};

impl Engine<'_> {
    /// Adds the proof to a request, where tokens are bound to a key.
    pub(super) fn prove(
        &self,
        mut request: http::Request<Vec<u8>>,
        now: SystemTime,
    ) -> Result<http::Request<Vec<u8>>, Error> {
        if let Some(proofs) = self.proofs() {
            proofs.prove(&mut request, now)?;
        }
        Ok(request)
    }

    /// What proves possession in this request. What is public gets no proof, which would tell
    /// servers that have nothing to do with each other that it is the same client.
    fn proofs(&self) -> Option<&Proofs> {
        let plan = self.plan.as_ref()?;
        let is_for_client = plan.endpoint.kind().authenticates_client();
        let has_token = || plan.parameters.iter().any(|it| it.prefix == BOUND);
        let proofs = self.settings.dpop.as_deref();
        proofs.filter(|_| is_for_client || has_token())
    }

    /// Remembers the server's nonce. The first refusal of a proof for want of it is no response:
    /// nothing that the request carries was looked at (RFC 9449 section 8).
    pub(super) fn wants_nonce(
        &self,
        response: &Result<http::Response<Vec<u8>>, TransportError>,
    ) -> bool {
        let (Some(proofs), Some(plan), Ok(response)) = (self.proofs(), &self.plan, response) else {
            return false;
        };
        let is_new = proofs.learn(&plan.url, response.headers());
        is_new
            && !self.proved_anew
            && response.status().is_client_error()
            && (is_challenged(response) || is_refused(response))
    }
}

/// Whether the body of a refusal asks for a nonce (RFC 9449 section 8).
fn is_refused(response: &http::Response<Vec<u8>>) -> bool {
    let code = || {
        let body = body::parse(response.body()).ok()?.value;
        Some(ErrorCode::from(body.get("error")?.as_str()?))
    };
    response.body().len() <= crate::MAX_BODY && code() == Some(ErrorCode::UseDpopNonce)
}

/// Whether a resource server asks for a nonce (RFC 9449 section 9).
fn is_challenged(response: &http::Response<Vec<u8>>) -> bool {
    let challenges = challenges(response.headers());
    let mut codes = challenges.iter().filter_map(|it| it.parameter("error"));
    codes.any(|code| ErrorCode::from(code) == ErrorCode::UseDpopNonce)
}
