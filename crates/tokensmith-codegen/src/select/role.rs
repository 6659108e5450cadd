//! What an operation is for, by its parameters and its responses.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::url::Urls;
use super::words;
use crate::diagnostic::finding::EvidenceKind;
use crate::model::name::letters;
use crate::openapi::extension::{self, Role};
use crate::openapi::media::values_of_examples;
use crate::openapi::reference::Located;
use crate::select::documents::{Documents, sounds_like_oauth};

/// To follow the reference of a parameter, or of a schema, takes as long as to look at so many names.
const PARAMETER: usize = 16;
pub(super) const SCHEMA: usize = 4;

/// Names of parameters or properties.
pub(super) type Names<'a> = BTreeSet<Cow<'a, str>>;

pub(super) struct OperationView<'a> {
    pub(super) documents: Documents<'a>,
    pub(super) item: &'a Value,
    pub(super) operation: &'a Value,
    /// The parameters that stand in the query of its path.
    pub(super) path_query: Vec<String>,
    /// What it takes and gives, once something has asked: both are far to walk to.
    parameter_names: OnceCell<Names<'a>>,
    success_names: OnceCell<Names<'a>>,
}

impl<'a> OperationView<'a> {
    pub(super) fn new(documents: Documents<'a>, item: &'a Value, operation: &'a Value) -> Self {
        Self {
            documents,
            item,
            operation,
            path_query: Vec::new(),
            parameter_names: OnceCell::new(),
            success_names: OnceCell::new(),
        }
    }

    /// What the operation is for, and what says so; nothing where it has nothing to do with OAuth.
    pub(super) fn role(
        &self,
        path: &str,
        method: &str,
        urls: &Urls,
    ) -> Option<(Role, Vec<EvidenceKind>)> {
        let names = self.parameter_names();
        if names.contains("grant_type") {
            let flow = urls.token.have(path).then_some(EvidenceKind::Flow);
            let known_by = flow.into_iter().chain([EvidenceKind::Parameters]);
            return Some((Role::Token, known_by.collect()));
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
        let is_of_other = words::is_about_other_token(self, path);
        if names.contains("token") && path_text.contains("revo") && is_revocation() && !is_of_other
        {
            return Some((Role::Revocation, by_name()));
        }
        if names.contains("token")
            && (self.is_called("introspect", &path_text) && words::may_introspect_tokens(self)
                || self.returns_active())
        {
            return Some((Role::Introspection, by_name()));
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
            return Some((Role::DeviceAuthorization, known_by));
        }
        // What refers to an authorization request is given for nothing else (RFC 9126 section 2.2).
        if method == "post" && names.contains("client_id") && gives("request_uri") {
            let known_by = vec![EvidenceKind::Declaration, EvidenceKind::Parameters];
            return Some((Role::PushedAuthorization, known_by));
        }
        if method == "post" && names.contains("redirect_uris") && self.registers_clients() {
            let known_by = vec![EvidenceKind::Declaration, EvidenceKind::Parameters];
            return Some((Role::Registration, known_by));
        }
        // No other request has it (OpenID Connect RP-Initiated Logout 1.0, section 2).
        if method == "get" && names.contains("post_logout_redirect_uri") {
            return Some((Role::EndSession, vec![EvidenceKind::Parameters]));
        }
        if method == "get" {
            let by_flow = urls.authorization.have(path).then_some(EvidenceKind::Flow);
            let by_type = names.contains("response_type");
            let by_type = by_type.then_some(EvidenceKind::Parameters);
            let for_browsers: Vec<EvidenceKind> = by_flow.into_iter().chain(by_type).collect();
            if !for_browsers.is_empty() {
                return Some((Role::Authorization, for_browsers));
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
        let by_flow = || (Role::Token, vec![EvidenceKind::Flow]);
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

    /// The security that the operation asks for: its own, or what the document asks for everywhere.
    pub(super) fn security(&self) -> Option<&'a Value> {
        let of_all = || self.documents.root.get("security");
        self.operation.get("security").or_else(of_all)
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

    /// Whether a success is a client with something that only RFC 7591 has, section 3.2.1, or RFC 7592, section 3.
    fn registers_clients(&self) -> bool {
        const OTHERS: [&str; 4] = [
            "client_id_issued_at",
            "client_secret_expires_at",
            "registration_access_token",
            "registration_client_uri",
        ];
        let names = self.success_names();
        names.contains("client_id") && OTHERS.iter().any(|name| names.contains(*name))
    }

    /// Names of the parameters and of the properties of every request body.
    pub(super) fn parameter_names(&self) -> &Names<'a> {
        self.parameter_names
            .get_or_init(|| self.find_parameter_names())
    }

    fn find_parameter_names(&self) -> Names<'a> {
        let in_path = self.path_query.iter().cloned().map(Cow::from);
        let mut names: BTreeSet<Cow<'a, str>> = in_path.collect();
        for owner in [self.item, self.operation] {
            let parameters = self.member(owner, "parameters");
            for parameter in items(parameters) {
                if !self.documents.may_look_at(PARAMETER) {
                    return names;
                }
                if let Ok(Located { value, .. }) = self.documents.resolve(parameter, "") {
                    names.extend(value.get("name").and_then(Value::as_str).map(Cow::from));
                    // Some put the whole body there, as Swagger 2.0 does.
                    let is_body = value.get("in").is_some_and(|place| place == "body");
                    if let Some(schema) = value.get("schema").filter(|_| is_body) {
                        self.property_names(schema, &mut names, &mut BTreeSet::new(), 0);
                    }
                }
            }
        }
        if let Some(body) = self.operation.get("requestBody") {
            self.content_names(body, &mut names, &mut BTreeSet::new(), 0);
        }
        names
    }

    /// Names of the properties of every success.
    pub(super) fn success_names(&self) -> &Names<'a> {
        self.success_names.get_or_init(|| self.find_success_names())
    }

    fn find_success_names(&self) -> Names<'a> {
        let mut names = BTreeSet::new();
        let responses = self.member(self.operation, "responses");
        let responses = responses.and_then(Value::as_object);
        for (_, response) in responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
        {
            self.content_names(response, &mut names, &mut BTreeSet::new(), 0);
        }
        names
    }

    /// Names of the properties of the objects that a success has, without those of the success.
    pub(super) fn inner_success_names(&self) -> Names<'a> {
        let mut names = BTreeSet::new();
        let responses = self.member(self.operation, "responses");
        let responses = responses.and_then(Value::as_object).into_iter().flatten();
        let successes = responses.filter(|(status, _)| status.starts_with('2'));
        let contents = successes
            .filter_map(|(_, response)| self.documents.resolve(response, "").ok())
            .filter_map(|found| self.member(found.value, "content")?.as_object());
        let schemas = contents
            .flat_map(Map::values)
            .filter_map(|media| self.member(media, "schema"));
        let objects = schemas
            .filter_map(|schema| self.member(schema, "properties")?.as_object())
            .flat_map(Map::values);
        let mut seen = BTreeSet::new();
        for object in objects {
            self.property_names(object, &mut names, &mut seen, 1);
        }
        names
    }

    /// A member of an operation, which may be a reference.
    fn member(&self, owner: &'a Value, key: &str) -> Option<&'a Value> {
        let found = self.documents.resolve(owner.get(key)?, "").ok()?;
        Some(found.value)
    }

    /// Names of what a body or a response holds; without `content` it may be a schema, or have one.
    fn content_names(
        &self,
        owner: &'a Value,
        names: &mut Names<'a>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        let Ok(Located { value: owner, .. }) = self.documents.resolve(owner, "") else {
            return;
        };
        let Some(content) = self.member(owner, "content").and_then(Value::as_object) else {
            let schema = owner.get("schema").unwrap_or(owner);
            return self.property_names(schema, names, seen, depth + 1);
        };
        for media in content.values() {
            let Ok(Located { value: media, .. }) = self.documents.resolve(media, "") else {
                continue;
            };
            if let Some(schema) = media.get("schema") {
                self.property_names(schema, names, seen, depth + 1);
            }
            for example in examples(media) {
                if !self.documents.may_look_at(example_size(example)) {
                    return;
                }
                example_names(example, names);
            }
        }
    }

    fn property_names(
        &self,
        schema: &'a Value,
        names: &mut Names<'a>,
        seen: &mut BTreeSet<String>,
        depth: usize,
    ) {
        const MAX_DEPTH: usize = 8;
        if !self.documents.may_look_at(SCHEMA) {
            return;
        }
        let Ok(Located { value, pointer }) = self.documents.resolve(schema, "") else {
            return;
        };
        // A component says the same every time, and may contain itself.
        if depth > MAX_DEPTH || !pointer.is_empty() && !seen.insert(pointer) {
            return;
        }
        // A body that was taken for a schema.
        if value.get("properties").is_none() && value.get("content").is_some() {
            return self.content_names(value, names, seen, depth + 1);
        }
        let properties = self.member(value, "properties").and_then(Value::as_object);
        if !self.documents.may_look_at(properties.map_or(0, Map::len)) {
            return;
        }
        for example in examples(value) {
            if !self.documents.may_look_at(example_size(example)) {
                return;
            }
            example_names(example, names);
        }
        names.extend(
            properties
                .into_iter()
                .flat_map(Map::keys)
                .map(|name| Cow::from(name.as_str())),
        );
        names.extend(
            value
                .pointer("/discriminator/propertyName")
                .and_then(Value::as_str)
                .map(Cow::from),
        );
        for key in ["allOf", "oneOf", "anyOf"] {
            for part in value
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.property_names(part, names, seen, depth + 1);
            }
        }
    }
}

fn is_called_token(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("token")
}

fn is_called_secret(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with("secret")
}

/// Parameters as a list; some name them in an object.
fn items(parameters: Option<&Value>) -> Vec<&Value> {
    match parameters {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(named)) => named.values().collect(),
        _ => Vec::new(),
    }
}

fn examples(owner: &Value) -> impl Iterator<Item = &Value> {
    let members = owner.as_object().into_iter();
    members.flat_map(values_of_examples)
}

/// About how many names an example has.
fn example_size(example: &Value) -> usize {
    const NAME: usize = 8;
    match example {
        Value::Object(members) => members.len(),
        Value::String(text) => text.len() / NAME,
        _ => 1,
    }
}

/// Names in an example of a whole body, which may be the text of a form or of JSON.
fn example_names<'a>(example: &'a Value, names: &mut Names<'a>) {
    match example {
        Value::Object(members) => {
            names.extend(members.keys().map(|name| Cow::from(name.as_str())));
        }
        Value::String(text) if text.trim_start().starts_with('{') => {
            if let Ok(Value::Object(members)) = serde_json::from_str(text) {
                names.extend(members.into_iter().map(|(name, _)| Cow::from(name)));
            }
        }
        Value::String(text) if text.contains('=') && !text.contains(char::is_whitespace) => {
            let fields = text.split('&').filter_map(|field| field.split_once('='));
            names.extend(fields.map(|(name, _)| Cow::from(name)));
        }
        _ => {}
    }
}
