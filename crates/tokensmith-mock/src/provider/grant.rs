//! What a grant is redeemed with: a code, a refresh token, a device code, or the client alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokensmith_runtime::Rotation;

use super::Provider;
use super::issue::Refresh;
use super::operation_choice::Candidate;
use crate::clock::millis;
use crate::refusal::Refusal;
use crate::response::success::Outline;
use crate::state::{Grant, State};

impl Provider {
    /// Redeems what the request has, by the proof of a key, and says what is granted.
    pub(super) fn redeem(
        &self,
        candidate: &Candidate<'_>,
        outline: &Outline<'_>,
        state: &mut State,
        (key, now): (Option<&str>, i64),
    ) -> Result<(Grant, Refresh), Refusal> {
        let is_refresh = candidate.operation.grant_type() == Some("refresh_token");
        if let Some(token) = candidate.text("refresh_token").filter(|_| is_refresh) {
            let redeemed = self.redeem_refresh_token(&token, candidate, outline, state, (key, now));
            return redeemed.map_err(|refusal| refusal.about("refresh_token"));
        }
        for name in ["device_code", "code"] {
            let Some(code) = candidate.text(name).filter(|_| candidate.declares(name)) else {
                continue;
            };
            // Some call the code of a device `code`.
            let grant = match state.devices.get(&code).is_some() || name == "device_code" {
                true => self.redeem_device_code(&code, candidate, state, now),
                false => redeem_code(&code, candidate, state, now),
            };
            let grant = grant.map_err(|refusal| refusal.about(name))?;
            return Ok((grant, Refresh::New));
        }
        let client = candidate.client().map(str::to_owned);
        let grant = state.grant(client, candidate.scopes());
        Ok((grant, Refresh::New))
    }

    fn redeem_refresh_token(
        &self,
        text: &str,
        candidate: &Candidate<'_>,
        outline: &Outline<'_>,
        state: &mut State,
        (key, now): (Option<&str>, i64),
    ) -> Result<(Grant, Refresh), Refusal> {
        let rotates = self
            .options
            .rotate
            .unwrap_or(match candidate.endpoint.rotation() {
                Some(Rotation::Never) => false,
                Some(Rotation::Always) => true,
                Some(Rotation::Sometimes) | None => outline.has_refresh_token(),
            });
        let Some(token) = state.refresh_token(text).cloned() else {
            return Err(Refusal::grant("the refresh token was never issued"));
        };
        let grant = token.grant;
        same_client(&grant, candidate, "refresh token")?;
        // RFC 9449 section 5.
        let is_public = candidate
            .identity
            .as_ref()
            .is_some_and(|who| who.method == "none");
        if is_public && grant.key.is_some() && grant.key.as_deref() != key {
            return Err(Refusal::grant("the refresh token is bound to another key"));
        }
        if token.revoked || state.is_revoked(&grant) {
            return Err(Refusal::grant("the refresh token is revoked"));
        }
        let grace = millis(self.options.grace);
        if token
            .replaced
            .is_some_and(|at| now.saturating_sub(at) >= grace)
        {
            state.revoke_family(grant.family);
            return Err(Refusal::grant(
                "the refresh token was used before: all tokens of this sign-in are revoked",
            ));
        }
        let asked = candidate.scopes();
        let exceeds = |scope: &&String| !grant.scopes.is_empty() && !grant.scopes.contains(scope);
        if let Some(scope) = asked.iter().find(exceeds) {
            let scope = scope.escape_debug();
            let reason = format!("the scope `{scope}` was not granted before");
            return Err(Refusal::new("invalid_scope", reason));
        }
        if rotates && let Some(token) = state.refresh_token(text) {
            token.replaced.get_or_insert(now);
        }
        // OpenID Connect Core section 12.2.
        let nonce = None;
        let refresh = match rotates {
            false => Refresh::Kept(text.to_owned()),
            true => Refresh::Replaced(grant.scopes.clone()),
        };
        let scopes = if asked.is_empty() {
            grant.scopes
        } else {
            asked
        };
        Ok((
            Grant {
                scopes,
                nonce,
                ..grant
            },
            refresh,
        ))
    }

    fn redeem_device_code(
        &self,
        text: &str,
        candidate: &Candidate<'_>,
        state: &mut State,
        now: i64,
    ) -> Result<Grant, Refusal> {
        let approve = self.options.approve;
        let Some(device) = state.devices.get_mut(text) else {
            return Err(Refusal::grant("the device code was never issued"));
        };
        same_client(&device.grant, candidate, "device code")?;
        if device.used {
            return Err(Refusal::grant("the device code was used before"));
        }
        if device.expires <= now {
            return Err(Refusal::new("expired_token", "the device code has expired"));
        }
        let polled = device.polled.replace(now);
        match device.decision.or(approve.then_some(true)) {
            Some(true) => {
                device.used = true;
                Ok(device.grant.clone())
            }
            Some(false) => Err(Refusal::new("access_denied", "the user refused")),
            None if polled.is_some_and(|polled| now - polled < device.interval) => {
                // RFC 8628 section 3.5.
                device.interval += 5_000;
                let interval = device.interval / 1_000;
                Err(Refusal::new(
                    "slow_down",
                    format!("the client polls too often: the interval is {interval} s from now on"),
                ))
            }
            None => Err(Refusal::new(
                "authorization_pending",
                "the user has not decided yet",
            )),
        }
    }
}

fn redeem_code(
    text: &str,
    candidate: &Candidate<'_>,
    state: &mut State,
    now: i64,
) -> Result<Grant, Refusal> {
    let Some(code) = state.code(text) else {
        return Err(Refusal::grant("the code was never issued"));
    };
    same_client(&code.grant, candidate, "code")?;
    if code.used {
        // RFC 6749 section 4.1.2.
        let family = code.grant.family;
        state.revoke_family(family);
        return Err(Refusal::grant(
            "the code was used before: all tokens of this sign-in are revoked",
        ));
    }
    if code.expires <= now {
        return Err(Refusal::grant("the code has expired"));
    }
    let sent = candidate.text("redirect_uri");
    if let Some(expected) = &code.redirect_uri
        && candidate.declares("redirect_uri")
        && sent.as_ref() != Some(expected)
    {
        return Err(Refusal::grant(
            "`redirect_uri` is not that of the authorization request",
        ));
    }
    let verifier = candidate.text("code_verifier");
    match (&code.challenge, verifier) {
        (None, None) => {}
        (None, Some(_)) if code.redirect_uri.is_none() => {}
        (None, Some(_)) => {
            // RFC 9700 section 2.1.1.
            return Err(Refusal::grant(
                "there is a `code_verifier`, and the authorization request had no challenge",
            ));
        }
        (Some(_), None) => return Err(Refusal::grant("`code_verifier` is missing")),
        (Some((challenge, hashed)), Some(verifier)) => {
            verify(challenge, *hashed, &verifier)?;
        }
    }
    code.used = true;
    Ok(code.grant.clone())
}

/// Holds a verifier against its challenge (RFC 7636 section 4.6).
fn verify(challenge: &str, hashed: bool, verifier: &str) -> Result<(), Refusal> {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(is_unreserved) {
        return Err(Refusal::grant(
            "`code_verifier` is not 43 to 128 unreserved characters (RFC 7636 section 4.1)",
        ));
    }
    let made = match hashed {
        true => {
            let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
            URL_SAFE_NO_PAD.encode(digest)
        }
        false => verifier.to_owned(),
    };
    match made == challenge {
        true => Ok(()),
        false => Err(Refusal::grant(
            "`code_verifier` does not match `code_challenge`",
        )),
    }
}

fn same_client(grant: &Grant, candidate: &Candidate<'_>, what: &str) -> Result<(), Refusal> {
    match (grant.client.as_deref(), candidate.client()) {
        (Some(owner), Some(client)) if owner != client => Err(Refusal::grant(format!(
            "the {what} was issued to another client"
        ))),
        _ => Ok(()),
    }
}
