//! What an operation is for, by its parameters and its responses.

use serde_json::Value;

use super::operation_text;
use super::operation_view::OperationView;
use super::url::Urls;
use crate::diagnostic::finding::EvidenceKind;
use crate::model::name::letters;
use crate::openapi::extension;
use crate::select::documents::sounds_like_oauth;
use tokensmith_description::EndpointKind;

impl OperationView<'_> {
    /// What the operation is for, and what says so; nothing where it has nothing to do with OAuth.
    pub(super) fn kind(
        &self,
        path: &str,
        method: &str,
        urls: &Urls,
    ) -> Option<(EndpointKind, Vec<EvidenceKind>)> {
        let names = self.parameter_names();
        if names.contains("grant_type") {
            let flow = urls.token.have(path).then_some(EvidenceKind::Flow);
            let known_by = flow.into_iter().chain([EvidenceKind::Parameters]);
            return Some((EndpointKind::Token, known_by.collect()));
        }
        let by_name = || vec![EvidenceKind::Parameters, EvidenceKind::Name];
        let path_text = path.to_ascii_lowercase();
        let is_revocation = || {
            let mut segments = path_text.split('/').map(letters);
            let is_word = segments.any(|segment| {
                let rest = segment.replace("token", "");
                ["revoke", "revoked", "revocation", "revokeaccess"]
                    .contains(&rest.trim_end_matches('s'))
            });
            is_word || self.is_about_oauth(path)
        };
        let is_of_other = operation_text::is_about_other_token(self, path);
        if names.contains("token") && path_text.contains("revo") && is_revocation() && !is_of_other
        {
            return Some((EndpointKind::Revocation, by_name()));
        }
        if names.contains("token")
            && (self.is_called("introspect", &path_text)
                && operation_text::may_introspect_tokens(self)
                || self.returns_active())
        {
            return Some((EndpointKind::Introspection, by_name()));
        }
        let is_for_devices = path_text.contains("device") || urls.device.have(path);
        // Codes of devices are no matter of OAuth alone: a user has to be shown one, or where to go (RFC 8628 section 3.2).
        let shown = ["usercode", "verificationuri", "verificationurl"];
        let gives = |name: &str| self.success_names().contains(name);
        let has = |wanted: &str| {
            let mut names = self.success_names().iter();
            names.any(|name| letters(name) == wanted)
        };
        if is_for_devices && has("devicecode") && shown.into_iter().any(has) {
            let known_by = vec![EvidenceKind::Declaration, EvidenceKind::Name];
            return Some((EndpointKind::DeviceAuthorization, known_by));
        }
        // What refers to an authorization request is given for nothing else (RFC 9126 section 2.2).
        if method == "post" && names.contains("client_id") && gives("request_uri") {
            let known_by = vec![EvidenceKind::Declaration, EvidenceKind::Parameters];
            return Some((EndpointKind::PushedAuthorization, known_by));
        }
        if method == "post" && names.contains("redirect_uris") && self.registers_clients(path) {
            let known_by = vec![EvidenceKind::Declaration, EvidenceKind::Parameters];
            return Some((EndpointKind::Registration, known_by));
        }
        // No other request has it (OpenID Connect RP-Initiated Logout 1.0, section 2).
        if method == "get" && names.contains("post_logout_redirect_uri") {
            return Some((EndpointKind::EndSession, vec![EvidenceKind::Parameters]));
        }
        if method == "get" {
            let is_in_flow = urls.authorization.have(path) || urls.have_placeholder(path);
            let by_flow = is_in_flow.then_some(EvidenceKind::Flow);
            let by_type = names.contains("response_type");
            let by_type = by_type.then_some(EvidenceKind::Parameters);
            let for_browsers: Vec<EvidenceKind> = by_flow.into_iter().chain(by_type).collect();
            if !for_browsers.is_empty() {
                return Some((EndpointKind::Authorization, for_browsers));
            }
        }
        // What is deleted at the token URL is no token that is wanted, and what is read there only with what a token is given for.
        let asks = match method {
            "post" => true,
            "get" => ["client_secret", "code"]
                .iter()
                .any(|name| names.contains(*name)),
            "delete" => false,
            _ => self.operation.get("requestBody").is_some(),
        };
        let by_flow = || (EndpointKind::Token, vec![EvidenceKind::Flow]);
        (urls.token.have(path) && asks).then(by_flow)
    }

    /// Whether an operation with a parameter `grant_type` may be about something else, such as licenses, apps or the secrets of
    /// clients: it gives no token, and either gives a secret, or takes no credentials and is not called so.
    pub(super) fn is_doubtful(&self, path: &str, method: &str, urls: &Urls) -> bool {
        const CREDENTIALS: [&str; 9] = [
            "client_secret",
            "client_assertion",
            "assertion",
            "code",
            "refresh_token",
            "password",
            "device_code",
            "subject_token",
            "Authorization",
        ];
        if urls.token.have(path) || self.operation.get(extension::KEY).is_some() {
            return false;
        }
        let responses = self.success_names();
        let gives_token = responses.iter().any(|name| is_called_token(name));
        if !gives_token && responses.iter().any(|name| is_called_secret(name)) {
            return true;
        }
        if gives_token || sounds_like_oauth(path) && !["patch", "delete"].contains(&method) {
            return false;
        }
        let names = self.parameter_names();
        let takes_credentials = CREDENTIALS.iter().any(|name| names.contains(*name));
        !takes_credentials || !["post", "put"].contains(&method)
    }

    /// Whether an operation that takes a token speaks of OAuth's: there are tokens of invitations and of devices, too.
    pub(super) fn is_about_oauth(&self, path: &str) -> bool {
        const PARAMETERS: [&str; 4] = [
            "client_assertion",
            "client_id",
            "client_secret",
            "token_type_hint",
        ];
        const WORDS: [&str; 7] = [
            "oauth",
            "access token",
            "access_token",
            "refresh token",
            "refresh_token",
            "rfc 7009",
            "rfc 7662",
        ];
        const PATHS: [&str; 4] = ["auth", "connect", "oidc", "token"];
        let path = path.to_ascii_lowercase();
        if path.contains("introspect") || ["/revoke", "/revocation"].contains(&path.as_str()) {
            return true;
        }
        let names = self.parameter_names();
        let texts = ["summary", "description", "operationId"]
            .iter()
            .filter_map(|key| self.operation.get(*key).and_then(Value::as_str));
        let tags = self.operation.get("tags").and_then(Value::as_array);
        let tags = tags.into_iter().flatten().filter_map(Value::as_str);
        let mut texts = texts.chain(tags).map(str::to_ascii_lowercase);
        PATHS.iter().any(|word| path.contains(word))
            || PARAMETERS.iter().any(|name| names.contains(*name))
            || texts.any(|text| WORDS.iter().any(|word| text.contains(word)))
    }

    fn is_called(&self, word: &str, path: &str) -> bool {
        let id = self.operation.get("operationId").and_then(Value::as_str);
        path.contains(word) || id.is_some_and(|id| id.to_ascii_lowercase().contains(word))
    }

    /// Whether a success has `active` beside something else that RFC 7662 names: that alone may mean anything.
    fn returns_active(&self) -> bool {
        const OTHERS: [&str; 7] = [
            "client_id",
            "exp",
            "iat",
            "iss",
            "scope",
            "sub",
            "token_type",
        ];
        let names = self.success_names();
        names.contains("active") && OTHERS.iter().any(|name| names.contains(*name))
    }

    /// Whether a success is a client with something that only RFC 7591 has, section 3.2.1, or RFC 7592, section 3; or under a path of
    /// OAuth's that is called after registering.
    fn registers_clients(&self, path: &str) -> bool {
        const OTHERS: [&str; 4] = [
            "client_id_issued_at",
            "client_secret_expires_at",
            "registration_access_token",
            "registration_client_uri",
        ];
        let names = self.success_names();
        let last = path.trim_end_matches('/').rsplit('/').next();
        let is_called =
            ["register", "registration"].contains(&letters(last.unwrap_or("")).as_str());
        names.contains("client_id")
            && (is_called && self.is_about_oauth(path)
                || OTHERS.iter().any(|name| names.contains(*name)))
    }
}

fn is_called_token(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("token")
}

fn is_called_secret(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("secret")
}
