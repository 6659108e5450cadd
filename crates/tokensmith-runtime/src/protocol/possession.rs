//! Proofs of possession in an exchange (RFC 9449).

use std::time::SystemTime;

use super::Core;
use crate::{Error, ErrorCode, TransportError, response::body};

impl Core<'_> {
    /// Adds the proof to a request, where tokens are bound to a key.
    pub(super) fn prove(
        &self,
        mut request: http::Request<Vec<u8>>,
        now: SystemTime,
    ) -> Result<http::Request<Vec<u8>>, Error> {
        if let Some(proofs) = &self.settings.dpop {
            proofs.prove(&mut request, now)?;
        }
        Ok(request)
    }

    /// Remembers the server's nonce. The first refusal of a proof for want of it is no response:
    /// nothing that the request carries was looked at (RFC 9449 section 8).
    pub(super) fn wants_nonce(
        &self,
        response: &Result<http::Response<Vec<u8>>, TransportError>,
    ) -> bool {
        let (Some(proofs), Ok(response)) = (&self.settings.dpop, response) else {
            return false;
        };
        let is_new = proofs.learn(response.headers());
        let code = || {
            let body = body::parse(response.body()).ok()?.value;
            Some(ErrorCode::from(body.get("error")?.as_str()?))
        };
        is_new
            && !self.proved_anew
            && response.status().is_client_error()
            && response.body().len() <= crate::MAX_BODY
            && code() == Some(ErrorCode::UseDpopNonce)
    }
}
