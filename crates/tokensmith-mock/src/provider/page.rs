//! Pages for people.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Response, header};

use crate::reply::{self, set};
use crate::state::Grant;

/// The only script of all pages: sends the form of a form post.
const SUBMIT: &str = "document.forms[0].submit()";

/// Responds with a page that runs no other script than the mock's own, and that no page of somebody
/// else's shows in a frame (RFC 6749 section 10.13).
pub(super) fn respond(status: u16, page: String) -> Response<Vec<u8>> {
    let mut response = reply::respond(status, "text/html; charset=utf-8", page);
    let digest = ring::digest::digest(&ring::digest::SHA256, SUBMIT.as_bytes());
    let hash = STANDARD.encode(digest);
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    set(
        &mut response,
        header::CONTENT_SECURITY_POLICY.as_str(),
        &policy,
    );
    response
}

/// Asks a user whether a client may have what it asks for.
pub(super) fn consent(title: &str, id: &str, grant: &Grant) -> String {
    let client = escape(grant.client.as_deref().unwrap_or("A client"));
    let scopes = grant
        .scopes
        .iter()
        .map(|scope| format!("<li><code>{}</code></li>", escape(scope)));
    let scopes: String = scopes.collect();
    let asked = match scopes.as_str() {
        "" => "no scopes".to_owned(),
        scopes => format!("</p><ul>{scopes}</ul><p>"),
    };
    let body = format!(
        "<p><b>{client}</b> asks for {asked}</p>{}",
        decision("/.mock/consent", "id", id)
    );
    page(&format!("Sign in to the mock of {title}"), &body)
}

/// Asks a user for the code that a device shows.
pub(super) fn device(title: &str, user_code: &str) -> String {
    let body = format!(
        "<form method=\"post\" action=\"/.mock/device\">\
         <p><label>Code <input name=\"user_code\" value=\"{}\" autofocus></label></p>{BUTTONS}</form>",
        escape(user_code)
    );
    page(&format!("Connect a device to the mock of {title}"), &body)
}

/// Says one thing.
pub(super) fn message(title: &str, text: &str) -> String {
    page(title, &format!("<p>{}</p>", escape(text)))
}

/// Sends the browser back by a form (OAuth 2.0 Form Post Response Mode).
pub(super) fn form_post(uri: &str, pairs: &[(String, String)]) -> String {
    let inputs = pairs.iter().map(|(name, value)| {
        let (name, value) = (escape(name), escape(value));
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    });
    let inputs: String = inputs.collect();
    let body = format!(
        "<form method=\"post\" action=\"{}\">{inputs}<button>Continue</button></form>\
         <script>{SUBMIT}</script>",
        escape(uri)
    );
    page("Back to the application", &body)
}

/// What somebody between the client and the provider responds with.
pub(super) fn captive_portal() -> String {
    message("Welcome to our network", "Please accept the terms of use.")
}

const BUTTONS: &str = "<button name=\"decision\" value=\"approve\">Approve</button> \
                       <button name=\"decision\" value=\"deny\">Deny</button>";

fn decision(action: &str, name: &str, value: &str) -> String {
    let value = escape(value);
    format!(
        "<form method=\"post\" action=\"{action}\">\
         <input type=\"hidden\" name=\"{name}\" value=\"{value}\">{BUTTONS}</form>"
    )
}

fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>:root{{color-scheme:light dark;font:1rem/1.5 system-ui}}\
         body{{max-width:32rem;margin:3rem auto;padding:0 1rem}}</style>\
         <h1>{title}</h1>{body}</html>"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character => escaped.push(character),
        }
    }
    escaped
}
