//! What the loopback port responds with.

/// A page that says the person can go back to the terminal.
pub(super) fn came_back(is_success: bool) -> String {
    let (title, text) = match is_success {
        true => (
            "You can close this page",
            "The terminal goes on with the sign-in, and shows how it ends.",
        ),
        false => (
            "There was no sign-in",
            "The terminal says why. You can close this page.",
        ),
    };
    respond("200 OK", title, text)
}

/// The response to all that is not expected here.
pub(super) fn not_found() -> String {
    respond(
        "404 Not Found",
        "Not found",
        "This page is not part of a sign-in that is under way.",
    )
}

/// Sends the browser to the sign-in page.
pub(super) fn sent_on(url: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    )
}

fn respond(status: &str, title: &str, text: &str) -> String {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <h1>{title}</h1><p>{text}</p></html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\
         Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
