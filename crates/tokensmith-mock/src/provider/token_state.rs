//! Revocation, and the beginning of a device's grant.

use http::Request;
use serde_json::json;

use super::operation_choice::Candidate;
use super::{Provider, base_of, lock};
use crate::clock::MOST_SECONDS;
use crate::refusal::Refusal;
use crate::response::refuse::means;
use crate::response::success::{Written, field, over, plain};
use crate::state::Device;

impl Provider {
    /// Revokes a token. One that is not valid is no mistake (RFC 7009 section 2.2), unless the
    /// provider has a code for it.
    pub(super) fn revoke(&self, candidate: &Candidate<'_>, now: i64) -> Result<Written, Refusal> {
        let samples = self.samples_of(candidate);
        let endpoint = candidate.endpoint;
        if let Some(token) = token(candidate) {
            let mut state = lock(&self.state);
            if state.is_of_another(&token, candidate.client()) {
                // RFC 7009 section 2.1.
                return Err(Refusal::grant("the token was issued to another client"));
            }
            let is_valid = state.valid_access_token(&token, now).is_some()
                || state.valid_refresh_token(&token).is_some();
            state.revoke(&token);
            let has_code = endpoint
                .error_codes()
                .iter()
                .any(|(_, code)| *code == "invalid_token");
            let is_told = has_code
                || samples
                    .iter()
                    .any(|sample| sample.is_refusal && means(sample, "invalid_token", endpoint));
            if !is_valid && is_told {
                return Err(Refusal::new("invalid_token", "the token is not valid"));
            }
        }
        Ok(plain(samples))
    }

    /// Begins the grant of a device (RFC 8628 section 3.2).
    pub(super) fn authorize_device(
        &self,
        candidate: &Candidate<'_>,
        request: &Request<Vec<u8>>,
        now: i64,
    ) -> Written {
        let endpoint = candidate.endpoint;
        let samples = self.samples_of(candidate);
        let at = |name: &str| field(endpoint, "", name);
        let number = |name: &str, usual: i64| {
            let mut samples = samples.iter().filter(|sample| !sample.is_refusal);
            let found = samples.find_map(|sample| sample.json.pointer(&at(name))?.as_i64());
            let is_possible = |seconds: &i64| (0..=MOST_SECONDS.cast_signed()).contains(seconds);
            found.filter(is_possible).unwrap_or(usual)
        };
        let (interval, lifetime) = (number("interval", 5), number("expires_in", 600));
        let mut state = lock(&self.state);
        let (code, user_code) = (state.credential("device"), state.user_code());
        let client = candidate.client().map(str::to_owned);
        let grant = state.grant(client, candidate.scopes());
        let device = Device {
            user_code: user_code.clone(),
            grant,
            expires: now.saturating_add(lifetime * 1_000),
            interval: interval * 1_000,
            polled: None,
            decision: None,
            used: false,
        };
        state.devices.insert(code.clone(), device);
        let page = format!("{}/.mock/device", base_of(request));
        let complete = format!("{page}?user_code={user_code}");
        let values = [
            (at("device_code"), json!(code)),
            (at("user_code"), json!(user_code)),
            (at("verification_uri"), json!(page)),
            (at("verification_uri_complete"), json!(complete)),
            (at("expires_in"), json!(lifetime)),
            (at("interval"), json!(interval)),
        ];
        let code_at = at("device_code");
        over(samples, |json| json.pointer(&code_at).is_some(), &values)
    }
}

/// The token that a request is about: the first secret that the operation declares and the request has.
pub(super) fn token(candidate: &Candidate<'_>) -> Option<String> {
    let declared = candidate.operation.parameters().iter();
    let secrets = declared.filter(|parameter| parameter.is_secret());
    let mut texts = secrets.filter_map(|parameter| candidate.text(parameter.name()));
    texts.next().or_else(|| candidate.text("token"))
}
