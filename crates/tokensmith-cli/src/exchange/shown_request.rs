//! A request as it may be shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, header};
use serde_json::Value;
use tokensmith_codegen::diagnostic::output::{Style, Styled};

use tokensmith_runtime::Secret;

use crate::exchange::word::{Instead, Word};
use crate::secrets::Secrets;

/// How many bytes a secret has at least that is looked for in other texts.
const SHORTEST: usize = 4;

/// A request in which each secret is the name of a variable.
#[derive(Debug)]
pub(crate) struct ShownRequest {
    pub(crate) method: String,
    /// Scheme and authority: `https://api.example.com`.
    pub(crate) origin: String,
    pub(crate) path: Word,
    pub(crate) query: Vec<(String, Word)>,
    pub(crate) headers: Vec<(String, Word)>,
    pub(crate) body: ShownBody,
    /// The values that are not shown.
    hidden: Vec<Secret>,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum ShownBody {
    Empty,
    Form(Vec<(String, Word)>),
    Json(Word),
    Multipart(Vec<(String, Word)>),
    /// A body of another kind, of which only the length is shown.
    Other(usize),
}

impl ShownRequest {
    /// Takes a request apart. What is not known to be harmless is not shown.
    pub(crate) fn new(request: &http::Request<Vec<u8>>, secrets: &Secrets) -> Self {
        let mut reader = Reader {
            secrets,
            hidden: Vec::new(),
        };
        let uri = request.uri();
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        // The runtime refuses URLs with a password.
        let origin = format!("{}://{authority}", uri.scheme_str().unwrap_or("https"));
        let headers = request.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.as_str().to_owned(), reader.header(name, value)));
        let headers = headers.collect();
        Self {
            method: request.method().as_str().to_owned(),
            origin,
            path: reader.path(uri.path()),
            query: reader.pairs(uri.query().unwrap_or_default().as_bytes()),
            headers,
            body: reader.body(request),
            hidden: reader.hidden,
        }
    }

    /// The values that are not shown.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = &Secret> {
        self.hidden.iter()
    }

    /// Writes the request as it goes over the wire, each line after a prefix.
    pub(crate) fn write(&self, text: &mut Styled, instead: Instead, prefix: &str) {
        let mut url = format!("{}{}", self.origin, self.path.shown(instead, encoded_path));
        if !self.query.is_empty() {
            url += &format!("?{}", pairs(&self.query, instead));
        }
        text.push(Style::Label, prefix);
        text.push(Style::Strong, &format!("{} {url}", self.method))
            .end_line();
        for (name, value) in &self.headers {
            text.push(Style::Label, prefix);
            text.push(Style::Literal, &title_case(name));
            text.text(&format!(": {}\n", value.shown(instead, str::to_owned)));
        }
        let body = match &self.body {
            ShownBody::Empty => return,
            ShownBody::Form(fields) => pairs(fields, instead),
            ShownBody::Json(json) => json.shown(instead, str::to_owned),
            ShownBody::Multipart(fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    format!("{name}: {}", value.shown(instead, str::to_owned))
                });
                fields.collect::<Vec<_>>().join("\n")
            }
            ShownBody::Other(length) => format!("[{length} bytes]"),
        };
        text.push(Style::Label, prefix.trim_end()).end_line();
        for line in body.lines() {
            text.push(Style::Label, prefix).text(line).end_line();
        }
    }
}

/// A form as it is encoded.
fn pairs(fields: &[(String, Word)], instead: Instead) -> String {
    let fields = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), value.shown(instead, encoded)));
    fields.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A path in which only what is special in a URL is encoded.
fn encoded_path(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'/' | b':' | b'@' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b','
        | b';' | b'=' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}

/// A name of a header as people write it: `Content-Type`.
pub(crate) fn title_case(name: &str) -> String {
    if name == "dpop" {
        return "DPoP".to_owned();
    }
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_uppercase())
    });
    words.collect::<Vec<_>>().join("-")
}

/// Takes a request apart, and remembers what is not to be shown.
struct Reader<'a> {
    secrets: &'a Secrets,
    hidden: Vec<Secret>,
}

impl Reader<'_> {
    fn word(&self, text: &str) -> Word {
        // Of a few letters, an occurrence says nothing.
        let secrets = self.secrets.iter();
        let secrets = secrets.filter(|(_, secret)| secret.len() >= SHORTEST || *secret == text);
        Word::with_secrets(text, secrets)
    }

    /// A value that is shown if its name is known to be harmless.
    fn value(&mut self, name: &str, value: &str) -> Word {
        if self.secrets.is_open(name) {
            return self.word(value);
        }
        self.hide(name, value)
    }

    fn hide(&mut self, name: &str, value: &str) -> Word {
        self.hidden.push(Secret::from(value));
        let mut known = self.secrets.iter();
        match known.find(|(_, secret)| *secret == value) {
            Some((variable, _)) => Word::named(variable),
            None => Word::variable(name),
        }
    }

    fn pairs(&mut self, encoded: &[u8]) -> Vec<(String, Word)> {
        let pairs = form_urlencoded::parse(encoded);
        let pairs = pairs.map(|(name, value)| {
            let word = self.value(&name, &value);
            (name.into_owned(), word)
        });
        pairs.collect()
    }

    fn path(&self, path: &str) -> Word {
        let mut word = Word::default();
        for (index, segment) in path.split('/').enumerate() {
            let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
            let slash = if index == 0 { "" } else { "/" };
            word = word.then(Word::text(slash)).then(self.word(&decoded));
        }
        word
    }

    fn header(&mut self, name: &HeaderName, value: &HeaderValue) -> Word {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if name == header::AUTHORIZATION {
            return self.authorization(&text);
        }
        match value.is_sensitive() || name.as_str() == "dpop" || *name == header::COOKIE {
            true => self.hide(name.as_str(), &text),
            false => self.word(&text),
        }
    }

    /// A scheme and what proves the client. A pair in base64 is shown as what it consists of.
    fn authorization(&mut self, text: &str) -> Word {
        let Some((scheme, proof)) = text.split_once(' ') else {
            return self.hide("authorization", text);
        };
        let scheme = Word::text(&format!("{scheme} "));
        let decoded = STANDARD.decode(proof).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = decoded.map(|pair| self.word(&pair));
        if let Some(pair) = pair.filter(Word::has_variables) {
            self.hidden.push(Secret::from(proof));
            return scheme.then(Word::base64(pair));
        }
        scheme.then(self.hide("authorization", proof))
    }

    fn body(&mut self, request: &http::Request<Vec<u8>>) -> ShownBody {
        let body = request.body();
        let media_type = request.headers().get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = media_type.unwrap_or_default();
        if body.is_empty() {
            return ShownBody::Empty;
        }
        if media_type.starts_with("application/x-www-form-urlencoded") {
            return ShownBody::Form(self.pairs(body));
        }
        if let Some((_, boundary)) = media_type.split_once("boundary=") {
            return ShownBody::Multipart(self.parts(&String::from_utf8_lossy(body), boundary));
        }
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => ShownBody::Json(self.json("", &value, true)),
            Err(_) => ShownBody::Other(body.len()),
        }
    }

    fn parts(&mut self, body: &str, boundary: &str) -> Vec<(String, Word)> {
        let boundary = format!("--{boundary}");
        let parts = body.split(&boundary).filter_map(|part| {
            let (head, value) = part.split_once("\r\n\r\n")?;
            let name = head.split("name=\"").nth(1)?.split('"').next()?;
            let value = value.strip_suffix("\r\n").unwrap_or(value);
            Some((name.to_owned(), self.value(name, value)))
        });
        parts.collect()
    }

    /// A JSON value. What is in a member whose value is not shown is not shown either.
    fn json(&mut self, name: &str, value: &Value, is_shown: bool) -> Word {
        let list = |open: &str, items: Vec<Word>, close: &str| {
            let mut word = Word::text(open);
            for (index, item) in items.into_iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                word = word.then(Word::text(comma)).then(item);
            }
            word.then(Word::text(close))
        };
        match value {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    let is_shown = is_shown && self.secrets.is_open(name);
                    let key = format!("{}:", Value::from(name.as_str()));
                    Word::text(&key).then(self.json(name, value, is_shown))
                });
                let members = members.collect();
                list("{", members, "}")
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| self.json(name, item, is_shown));
                let items = items.collect();
                list("[", items, "]")
            }
            Value::String(text) => {
                let word = match is_shown {
                    true => self.word(text),
                    false => self.hide(name, text),
                };
                let quote = Word::text("\"");
                quote
                    .clone()
                    .then(word.map_text(|text| escaped(&text)))
                    .then(quote)
            }
            Value::Number(_) | Value::Bool(_) if !is_shown => self.hide(name, &value.to_string()),
            other => Word::text(&other.to_string()),
        }
    }
}

/// A text as it stands between the quotes of JSON.
fn escaped(text: &str) -> String {
    let mut quoted = Value::from(text).to_string();
    quoted.pop();
    quoted.split_off(1)
}
