//! OpenID providers that a security scheme names.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::{EndpointKind, Model};
use crate::openapi::reference::resolve;
use crate::openapi::security_scheme::SecurityScheme;
use crate::pointer;

/// What stands behind the issuer in the URL of its metadata (OpenID Connect Discovery 1.0, section 4).
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Tells the URL of a provider's metadata, where no server says which issuer it has.
pub(super) fn tell(root: &Value, model: &Model) -> Option<Diagnostic> {
    let mut endpoints = model.endpoints.iter();
    let has_token = endpoints.any(|endpoint| endpoint.kind == EndpointKind::Token);
    let has_issuer = model.servers.iter().any(|server| server.issuer.is_some());
    if !has_token || has_issuer {
        return None;
    }
    let at = "/components/securitySchemes";
    let schemes = root.pointer(at).and_then(Value::as_object)?;
    let (place, url) = schemes.iter().find_map(|(name, scheme)| {
        let scheme = resolve(root, scheme, &pointer::join(at, name)).ok()?;
        let url = SecurityScheme(scheme.value).text("openIdConnectUrl")?;
        Some((pointer::join(&scheme.pointer, "openIdConnectUrl"), url))
    })?;
    let issuer = url.strip_suffix(WELL_KNOWN).unwrap_or_default();
    let issuer = match issuer.starts_with("https://") {
        true => issuer.escape_debug().to_string(),
        false => "https://..".to_owned(),
    };
    let message = format!(
        "the `openIdConnectUrl` `{}` is not read: no server has the issuer of that provider",
        url.escape_debug()
    );
    let help = format!(
        "where the tokens come from that provider, name its issuer:\n\
         servers:\n- {{url: .., x-tokensmith: {{issuer: '{issuer}'}}}}"
    );
    Some(Diagnostic::new(Rule::Unused, place, message).help(help))
}
