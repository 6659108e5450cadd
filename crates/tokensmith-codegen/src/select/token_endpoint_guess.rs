//! Token endpoints of documents that state nothing: by what operations look like.

use serde_json::Value;

use super::operation_view::OperationView;
use super::url::path_of;
use crate::model::name::letters;
use crate::openapi::extension::OperationExtension;
use crate::openapi::security_scheme::SecurityScheme;

/// How some documents write the names of RFC 6749.
const GRANT_TYPE: &str = "grantType";
const CLIENT_ID: &str = "clientId";
const CLIENT_SECRET: &str = "clientSecret";

impl OperationView<'_> {
    /// Whether an operation returns an access token under a path that is called so, or takes the credentials of a client under a path
    /// for logging in. One that takes an access token gives out tokens of another kind.
    pub(super) fn is_likely_token(&self, path: &str, method: &str) -> bool {
        let names = self.parameter_names();
        let has = |standard: &str, other: &str| names.contains(standard) || names.contains(other);
        let has_id = has("client_id", CLIENT_ID);
        let has_secret = has("client_secret", CLIENT_SECRET);
        let takes_grant = names.contains(GRANT_TYPE);
        let last = last_segment(path);
        let is_called_token = match method {
            "get" => ["token", "accesstoken"].contains(&last.as_str()),
            "post" | "put" => last.ends_with("token") || last.ends_with("tokens"),
            _ => false,
        };
        let is_login = ["auth", "login", "authenticate"]
            .iter()
            .any(|word| last.ends_with(word));
        let responses = self.success_names();
        let returns_token = responses.contains("access_token") || responses.contains("accessToken");
        let is_for_clients = has_id || has_secret || takes_grant || !self.takes_token();
        returns_token && (is_called_token || takes_grant) && is_for_clients
            || method == "post" && has_id && has_secret && (is_called_token || is_login)
    }

    /// The extension with the names that the operation has for the parameters of RFC 6749, where it writes them otherwise.
    pub(super) fn in_camel_case(&self, mut extension: OperationExtension) -> OperationExtension {
        let names = self.parameter_names();
        let own = |standard: &str, other: &str| {
            (!names.contains(standard) && names.contains(other)).then(|| other.to_owned())
        };
        let client_auth = &mut extension.client_auth;
        for (declared, standard, other) in [
            (
                &mut extension.grant_type_parameter,
                "grant_type",
                GRANT_TYPE,
            ),
            (&mut client_auth.client_id, "client_id", CLIENT_ID),
            (
                &mut client_auth.client_secret,
                "client_secret",
                CLIENT_SECRET,
            ),
        ] {
            *declared = declared.take().or_else(|| own(standard, other));
        }
        extension
    }

    /// Whether every way to call the operation needs an access token, or what stands in its place.
    fn takes_token(&self) -> bool {
        let own = self.operation.get("security");
        let requirements = own.or_else(|| self.documents.root.get("security"));
        let Some(requirements) = requirements.and_then(Value::as_array) else {
            return false;
        };
        let schemes = self.documents.object("/components/securitySchemes");
        let is_token = |name: &String| {
            let scheme = schemes.as_ref().and_then(|(schemes, _)| schemes.get(name));
            scheme.is_some_and(|scheme| SecurityScheme(scheme).is_for_tokens())
        };
        let needs_token = |requirement: &Value| {
            requirement
                .as_object()
                .is_some_and(|names| names.keys().any(is_token))
        };
        !requirements.is_empty() && requirements.iter().all(needs_token)
    }
}

/// The last segment of a path that is no parameter, in lower case and without what joins words.
fn last_segment(path: &str) -> String {
    let segments = path_of(path).rsplit('/');
    let last = segments
        .into_iter()
        .find(|segment| !segment.is_empty() && !segment.starts_with('{'));
    letters(last.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_segment_is_its_letters() {
        assert_eq!(last_segment("/v1/access-Token/?x=1"), "accesstoken");
        assert_eq!(last_segment("/auth/{tenant}"), "auth");
        assert_eq!(last_segment("/"), "");
    }
}
