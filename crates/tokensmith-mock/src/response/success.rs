//! Token responses, written over the document's examples.

use std::time::Duration;

use serde_json::{Value, json};
use tokensmith_runtime::Endpoint;

use super::body::{parent, put, remove};
use super::expiry;
use super::sample::{Sample, mark_value};

/// How a response is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) status: u16,
    pub(crate) media_type: String,
    pub(crate) body: String,
}

impl Written {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            media_type: "application/json".to_owned(),
            body: body.to_string(),
        }
    }

    /// Writes a body in the place of an example's; without one, as JSON.
    pub(crate) fn over(sample: Option<&Sample>, body: &Value) -> Self {
        let Some(sample) = sample else {
            return Self::json(200, body);
        };
        let is_text = !sample.media_type.contains("json") && body.is_string();
        let body = match body.as_str().filter(|_| is_text) {
            Some(text) => text.to_owned(),
            None => body.to_string(),
        };
        Self {
            status: sample.status,
            media_type: sample.media_type.clone(),
            body,
        }
    }
}

/// A token response before its tokens are known.
#[derive(Debug)]
pub(crate) struct Outline<'e> {
    endpoint: &'e Endpoint<'e>,
    sample: Option<Sample>,
    body: Value,
    /// Where access tokens are: the first is the one that clients read.
    tokens: Vec<String>,
}

impl<'e> Outline<'e> {
    /// Chooses an example: one with a refresh token where the grant gives one (RFC 6749 section
    /// 4.4.3 says which does not), else one without. Without any, the description says what to write.
    pub(crate) fn new(endpoint: &'e Endpoint<'e>, samples: &[Sample], refreshable: bool) -> Self {
        let tokens_of = |sample: &Sample| {
            let is_there = |pointer: &&&str| {
                let token = sample.json.pointer(pointer).and_then(Value::as_str);
                token.is_some_and(|token| !token.is_empty())
            };
            let pointers = endpoint.access_token().iter().filter(is_there);
            let pointers: Vec<String> = pointers.map(|pointer| (*pointer).to_owned()).collect();
            match sample.json.is_null() && !sample.body.is_empty() {
                // The whole body is the token, as plain text.
                true if endpoint.access_token().contains(&"") => vec![String::new()],
                _ => pointers,
            }
        };
        let issuing = samples.iter().filter(|sample| !sample.is_refusal);
        let issuing = issuing.map(|sample| (sample, tokens_of(sample)));
        let issuing: Vec<_> = issuing.filter(|(_, tokens)| !tokens.is_empty()).collect();
        let has = |sample: &Sample, tokens: &[String], name: &str| {
            let mut tokens = tokens.iter();
            tokens.any(|token| is_text(&sample.json, &field(endpoint, token, name)))
        };
        let score = |(sample, tokens): &(&Sample, Vec<String>)| {
            let is_for_nobody = !has(sample, tokens, "id_token");
            let fits = has(sample, tokens, "refresh_token") == refreshable;
            let mut types = tokens.iter().filter_map(|token| {
                let at = field(endpoint, token, "token_type");
                sample.json.pointer(&at).and_then(Value::as_str)
            });
            let kind = types.next().map(|kind| kind.eq_ignore_ascii_case("bearer"));
            (fits, refreshable || is_for_nobody, kind)
        };
        // The first of the best.
        let found = issuing.iter().rev().max_by_key(|found| score(found));
        if let Some((sample, tokens)) = found {
            return Self {
                endpoint,
                sample: Some((*sample).clone()),
                body: sample.json.clone(),
                tokens: tokens.clone(),
            };
        }
        let token = endpoint.access_token().first().copied().unwrap_or_default();
        let mut outline = Self {
            endpoint,
            sample: None,
            body: Value::Null,
            tokens: vec![token.to_owned()],
        };
        if !token.is_empty() {
            outline.put("token_type", json!("Bearer"));
            outline.put_expiry(json!(3_600));
            if refreshable {
                outline.put("refresh_token", json!("mock"));
            }
            for mark in endpoint.failures() {
                if let Some(value) = mark_value(mark, false) {
                    put(&mut outline.body, mark.pointer, value);
                }
            }
        }
        outline
    }

    fn put(&mut self, name: &str, value: Value) {
        let token = self.tokens.first().cloned().unwrap_or_default();
        put(&mut self.body, &field(self.endpoint, &token, name), value);
    }

    fn put_expiry(&mut self, value: Value) {
        let token = self.tokens.first().cloned().unwrap_or_default();
        put(&mut self.body, &expiry_at(self.endpoint, &token), value);
    }

    /// Whether there is a refresh token in the response.
    pub(crate) fn has_refresh_token(&self) -> bool {
        let mut tokens = self.tokens.iter();
        tokens.any(|token| is_text(&self.body, &field(self.endpoint, token, "refresh_token")))
    }

    /// How long the token is valid: what the caller says, else the example, else the document.
    /// Nothing if it does not expire.
    pub(crate) fn lifetime(&self, wanted: Option<Duration>) -> Option<Duration> {
        let expiry = self.endpoint.expiry();
        let at = expiry_at(
            self.endpoint,
            self.tokens.first().map_or("", String::as_str),
        );
        let sample = self.body.pointer(&at).filter(|value| !value.is_null());
        let of_sample = sample.and_then(|sample| expiry::lifetime(sample, expiry.format));
        match (wanted, of_sample, sample) {
            (Some(wanted), ..) => Some(wanted),
            (None, Some(0), _) if expiry.is_zero_never => None,
            (None, Some(seconds), _) => Some(Duration::from_secs(seconds)),
            (None, None, Some(_)) => Some(Duration::from_secs(3_600)),
            (None, None, None) => {
                let seconds = expiry.lifetime.map(u64::from);
                seconds.map(Duration::from_secs)
            }
        }
    }

    /// Returns the scopes of the example.
    pub(crate) fn scopes(&self) -> Vec<String> {
        let at = self.scope_at(self.tokens.first().map_or("", String::as_str));
        match self.body.pointer(&at) {
            Some(Value::String(text)) => split(text, self.endpoint.response_scope_separator()),
            Some(Value::Array(items)) => {
                let texts = items.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }

    fn scope_at(&self, token: &str) -> String {
        field(self.endpoint, token, "scope")
    }

    /// Writes the response.
    pub(crate) fn write(mut self, issued: &mut impl Issue, now: i64) -> Written {
        let lifetime = issued.lifetime();
        let (forced, scopes) = (issued.must_refresh(), issued.scopes().to_vec());
        for token in self.tokens.clone() {
            put(&mut self.body, &token, Value::from(issued.access_token()));
            if token.is_empty() {
                break;
            }
            let at = field(self.endpoint, &token, "refresh_token");
            if forced || is_text(&self.body, &at) {
                match issued.refresh_token() {
                    Some(refresh_token) => put(&mut self.body, &at, Value::from(refresh_token)),
                    None => remove(&mut self.body, &at),
                }
            }
            if let Some(kind) = issued.token_type() {
                let at = field(self.endpoint, &token, "token_type");
                put(&mut self.body, &at, Value::from(kind));
            }
            let at = field(self.endpoint, &token, "id_token");
            if is_text(&self.body, &at) {
                match issued.id_token() {
                    Some(id_token) => put(&mut self.body, &at, Value::from(id_token)),
                    None => remove(&mut self.body, &at),
                }
            }
            let at = expiry_at(self.endpoint, &token);
            if let Some(sample) = self
                .body
                .pointer(&at)
                .cloned()
                .filter(|value| !value.is_null())
                && let Some(lifetime) = lifetime
            {
                let expiry = self.endpoint.expiry();
                let value = expiry::write(&expiry, Some(&sample), lifetime, now);
                put(&mut self.body, &at, value);
            }
            let at = self.scope_at(&token);
            match self.body.pointer(&at) {
                _ if scopes.is_empty() => {}
                Some(Value::Array(_)) => put(&mut self.body, &at, json!(scopes)),
                Some(Value::String(_)) => {
                    let text = scopes.join(self.endpoint.response_scope_separator());
                    put(&mut self.body, &at, Value::from(text));
                }
                _ => {}
            }
        }
        Written::over(self.sample.as_ref(), &self.body)
    }
}

/// What is issued.
pub(crate) trait Issue {
    /// Makes an access token.
    fn access_token(&mut self) -> String;
    /// Returns the type of the access token, if it is not the example's.
    fn token_type(&self) -> Option<&'static str>;
    /// Makes an ID token; nothing if there is none.
    fn id_token(&self) -> Option<String>;
    /// Makes a refresh token; nothing if there is none.
    fn refresh_token(&mut self) -> Option<String>;
    /// Whether there is a refresh token even if the example has none.
    fn must_refresh(&self) -> bool;
    /// Returns how long access tokens are valid.
    fn lifetime(&self) -> Option<Duration>;
    /// Returns the scopes that are granted.
    fn scopes(&self) -> &[String];
}

/// Splits scopes at the declared separator.
pub(crate) fn split(text: &str, separator: &str) -> Vec<String> {
    let scopes = text.split(separator).filter(|scope| !scope.is_empty());
    scopes.map(str::to_owned).collect()
}

/// Where a field is: beside the token, unless the document has it elsewhere.
pub(crate) fn field(endpoint: &Endpoint<'_>, token: &str, name: &str) -> String {
    let mut fields = endpoint.fields().iter();
    match fields.find(|(field, _)| *field == name) {
        Some((_, pointer)) => (*pointer).to_owned(),
        None => format!("{}/{name}", parent(token)),
    }
}

fn expiry_at(endpoint: &Endpoint<'_>, token: &str) -> String {
    let own = endpoint.expiry().pointer.map(str::to_owned);
    own.unwrap_or_else(|| field(endpoint, token, "expires_in"))
}

fn is_text(body: &Value, pointer: &str) -> bool {
    let text = body.pointer(pointer).and_then(Value::as_str);
    text.is_some_and(|text| !text.is_empty())
}

/// Writes another success than a token response over an example that has the member.
pub(crate) fn over(
    samples: &[Sample],
    fits: impl Fn(&Value) -> bool,
    values: &[(String, Value)],
) -> Written {
    let sample = example(samples, fits);
    let mut body = sample.map_or(Value::Null, |sample| sample.json.clone());
    for (pointer, value) in values {
        put(&mut body, pointer, value.clone());
    }
    Written::over(sample, &body)
}

/// Returns the first success that fits.
pub(crate) fn example(samples: &[Sample], fits: impl Fn(&Value) -> bool) -> Option<&Sample> {
    let mut found = samples.iter().filter(|sample| !sample.is_refusal);
    found.find(|sample| fits(&sample.json))
}

/// Returns the first success as it is; an empty one if the document has none.
pub(crate) fn plain(samples: &[Sample]) -> Written {
    let mut found = samples.iter().filter(|sample| !sample.is_refusal);
    match found.next() {
        Some(sample) => Written {
            status: sample.status,
            media_type: sample.media_type.clone(),
            body: sample.body.clone(),
        },
        None => Written {
            status: 200,
            media_type: String::new(),
            body: String::new(),
        },
    }
}
