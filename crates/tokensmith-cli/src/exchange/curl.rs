//! A request as a command of curl, for `sh`.
//!
//! Every text of a document is in single quotes, and every value of the caller is a variable, so
//! that the shell executes neither.

pub(crate) mod operation;
pub(crate) mod request;

use crate::exchange::word::Word;

/// The line break between options.
const NEXT_LINE: &str = " \\\n    ";

/// What a command of curl sends.
#[derive(Debug)]
struct Command {
    method: String,
    url: Word,
    /// Options that authenticate the client, ready for the shell.
    authentication: Vec<String>,
    headers: Vec<(String, Word)>,
    query: Vec<(String, Word)>,
    body: Body,
}

/// The body of a request.
#[derive(Debug)]
enum Body {
    Empty,
    Form(Vec<(String, Word)>),
    Json { media_type: String, value: Word },
    Multipart(Vec<(String, Word)>),
}

impl Command {
    fn write(self) -> String {
        let mut options = Vec::new();
        if self.url.has_globs() {
            options.push("--globoff".to_owned());
        }
        options.push(format!("--url {}", self.url.to_shell()));
        // curl sends POST where there is a body.
        let usual = match self.body {
            Body::Empty => "GET",
            _ => "POST",
        };
        if self.method != usual {
            options.push(format!("--request {}", self.method));
        }
        options.extend(self.authentication);
        let headers = self.headers.into_iter();
        options.extend(headers.map(|(name, value)| header(&name, value)));
        let query = self.query.into_iter();
        options.extend(query.map(|(name, value)| pair("--url-query", &name, value)));
        match self.body {
            Body::Empty => {}
            Body::Form(fields) => {
                let fields = fields.into_iter();
                options.extend(fields.map(|(name, value)| pair("--data-urlencode", &name, value)));
            }
            Body::Json { media_type, value } => {
                options.push(header("Content-Type", Word::text(&media_type)));
                options.push(format!("--data {}", value.to_shell()));
            }
            Body::Multipart(fields) => options.extend(fields.into_iter().map(|(name, value)| {
                let text = Word::text(&format!("{name}=")).then(value);
                format!("--form-string {}", text.to_shell())
            })),
        }
        format!("curl {}", options.join(NEXT_LINE))
    }
}

fn header(name: &str, value: Word) -> String {
    let line = Word::text(&format!("{name}: ")).then(value);
    format!("--header {}", line.to_shell())
}

/// A parameter of a form or a query. curl encodes the value, and takes the name as it is.
fn pair(option: &str, name: &str, value: Word) -> String {
    let text = Word::text(&format!("{}=", encoded(name))).then(value);
    format!("{option} {}", text.to_shell())
}

/// A name, percent-encoded (RFC 3986 section 2.1).
fn encoded(name: &str) -> String {
    let bytes = name.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}
