//! Client assertions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::refusal::Refusal;

/// Reads a JWT's claims about the client (RFC 7523 section 3). Its signature is not checked.
pub(super) fn read(jwt: &str, now: i64) -> Result<String, Refusal> {
    let refuse = |reason: &str| Refusal::client(format!("`client_assertion` {reason}"));
    let mut parts = jwt.split('.');
    let (Some(_), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(refuse("is not a JWT"));
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).ok();
    let claims: Option<Value> = claims.and_then(|claims| serde_json::from_slice(&claims).ok());
    let claims = claims.ok_or_else(|| refuse("is not a JWT"))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let (issuer, subject) = (text("iss"), text("sub"));
    if issuer != subject {
        return Err(refuse("has an `iss` other than its `sub`"));
    }
    if claims.get("aud").is_none_or(Value::is_null) {
        return Err(refuse("has no `aud`"));
    }
    match claims.get("exp").and_then(Value::as_f64) {
        #[allow(clippy::cast_precision_loss)] // a time in milliseconds is exact
        Some(exp) if exp * 1000.0 > now as f64 => {}
        Some(_) => return Err(refuse("has expired")),
        None => return Err(refuse("has no `exp`")),
    }
    let subject = subject.filter(|subject| !subject.is_empty());
    subject
        .map(str::to_owned)
        .ok_or_else(|| refuse("has no `sub`"))
}
