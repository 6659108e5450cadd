//! A token endpoint that judges every request by its provider's page.
//!
//! A request that no client of that provider should send is a *complaint*: it is noted, and
//! refused. A request that is well-formed but not let in (an authentication style that is switched
//! off, a wrong secret) is a *refusal* with `invalid_client`, as RFC 6749 section 5.2 has
//! it, and no fault of the client.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::parameters::{Format, Parameters, form_decode};
use crate::strict_server::{Received, Server, ServerResponse, lock};

/// The client id that the endpoints know: it holds what the encodings of RFC 6749 section 2.3.1
/// differ in.
pub const CLIENT_ID: &str = "client id/1+%";
/// The secret of that client.
pub const CLIENT_SECRET: &str = "s3cret&=/ü~";

/// How a client may authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// HTTP Basic, id and secret form-encoded (RFC 6749 section 2.3.1).
    Basic,
    /// HTTP Basic, id and secret as they are.
    BasicRaw,
    /// `client_id` and `client_secret` in the body.
    Body,
}

/// A request that passed the checks every page has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The path it was sent to, one of the page's.
    pub path: &'static str,
    /// How its body was written.
    pub format: Format,
    /// The parameters, without `client_id` and `client_secret`.
    pub parameters: Parameters,
}

impl Call {
    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Complains about every parameter that is not in the list, and every one that is there without
    /// a value.
    ///
    /// # Errors
    ///
    /// The complaint.
    pub fn only(&self, names: &[&str]) -> Result<(), String> {
        for (name, value) in &self.parameters {
            if !names.contains(&name.as_str()) {
                return Err(format!("the parameter {name:?} is not on the page"));
            }
            if value.is_empty() {
                return Err(format!("the parameter {name:?} is empty"));
            }
        }
        Ok(())
    }
}

/// What a provider's page says.
pub struct Page {
    /// The paths of the endpoint.
    pub paths: &'static [&'static str],
    /// The body formats it takes.
    pub formats: &'static [Format],
    /// The authentication styles it takes.
    pub styles: &'static [Style],
    /// The headers it knows, beside those that every HTTP request may have.
    pub headers: &'static [&'static str],
    /// The response to a request whose shape and authentication are in order, or the complaint.
    pub judge: fn(&Call) -> Result<ServerResponse, String>,
    /// The response to a client that is not let in.
    pub refuse: fn() -> ServerResponse,
}

/// Headers that any request may have.
const USUAL_HEADERS: [&str; 8] = [
    "host",
    "content-type",
    "content-length",
    "accept",
    "authorization",
    "accept-encoding",
    "user-agent",
    "connection",
];

#[derive(Default)]
struct State {
    queue: VecDeque<ServerResponse>,
    complaints: Vec<String>,
    refusals: usize,
    styles: Vec<Style>,
    extra_parameters: Vec<String>,
    extra_headers: Vec<String>,
}

/// A running endpoint.
pub struct Endpoint {
    server: Server,
    state: Arc<Mutex<State>>,
}

impl Endpoint {
    /// Starts an endpoint that follows the page.
    pub fn start(page: &'static Page) -> Self {
        let state = Arc::new(Mutex::new(State {
            styles: page.styles.to_vec(),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        Self {
            server: Server::start(move |request| respond(page, &mut lock(&shared), request)),
            state,
        }
    }

    /// Lets in only clients that authenticate in one of these styles.
    pub fn accept_only(&self, styles: &[Style]) {
        lock(&self.state).styles = styles.to_vec();
    }

    /// Takes a parameter that the page does not know.
    pub fn allow_parameter(&self, name: &str) {
        lock(&self.state).extra_parameters.push(name.to_owned());
    }

    /// Takes a header that the page does not know.
    pub fn allow_header(&self, name: &str) {
        lock(&self.state)
            .extra_headers
            .push(name.to_ascii_lowercase());
    }

    /// Responses the next request that is in order like this, instead of as the page has it; may be
    /// called several times in a row.
    pub fn respond_next(&self, response: ServerResponse) {
        lock(&self.state).queue.push_back(response);
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The server below.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Received> {
        self.server.requests()
    }

    /// What no client should have sent.
    pub fn complaints(&self) -> Vec<String> {
        let mut complaints = self.server.complaints();
        complaints.extend(lock(&self.state).complaints.iter().cloned());
        complaints
    }

    /// How many requests were in order, but their client was not let in.
    pub fn refusals(&self) -> usize {
        lock(&self.state).refusals
    }
}

fn respond(page: &Page, state: &mut State, request: &Received) -> ServerResponse {
    let call = read(page, state, request).and_then(|(call, admitted)| {
        let mut known = call.clone();
        known
            .parameters
            .retain(|(name, _)| !state.extra_parameters.contains(name));
        (page.judge)(&known).map(|response| (response, admitted))
    });
    match call {
        Ok((response, true)) => state.queue.pop_front().unwrap_or(response),
        Ok((_, false)) => {
            state.refusals += 1;
            (page.refuse)()
        }
        Err(complaint) => {
            let body =
                serde_json::json!({ "error": "invalid_request", "error_description": complaint });
            state.complaints.push(complaint);
            ServerResponse::json(400, body.to_string())
        }
    }
}

/// Checks what all pages have in common, and says whether the client is let in.
fn read(page: &Page, state: &State, request: &Received) -> Result<(Call, bool), String> {
    if request.method != "POST" {
        return Err(format!("the method is {}", request.method));
    }
    let path = page
        .paths
        .iter()
        .copied()
        .find(|path| *path == request.target);
    let path = path.ok_or_else(|| format!("the target is {:?}", request.target))?;
    for (name, _) in &request.headers {
        let name = name.to_ascii_lowercase();
        let known = USUAL_HEADERS.contains(&name.as_str())
            || page.headers.contains(&name.as_str())
            || state.extra_headers.contains(&name);
        if !known {
            return Err(format!("the header {name} is not on the page"));
        }
    }
    if request.header("accept") != Some("application/json") {
        return Err(format!(
            "the header accept is {:?}",
            request.header("accept")
        ));
    }
    let content_type = request
        .header("content-type")
        .ok_or("the header content-type is missing")?;
    let format = page
        .formats
        .iter()
        .copied()
        .find(|format| format.media_type() == content_type);
    let format = format.ok_or_else(|| format!("the content type is {content_type:?}"))?;
    let mut parameters = format.read(&request.body)?;
    if let Some(at) = (1..parameters.len()).find(|at| {
        parameters[..*at]
            .iter()
            .any(|(name, _)| *name == parameters[*at].0)
    }) {
        return Err(format!("the parameter {:?} is repeated", parameters[at].0));
    }
    let admitted = authenticate(request, &mut parameters, &state.styles)?;
    Ok((
        Call {
            path,
            format,
            parameters,
        },
        admitted,
    ))
}

/// Takes the credentials out of the request: a complaint unless there is exactly one
/// authentication, and whether it is let in.
fn authenticate(
    request: &Received,
    parameters: &mut Parameters,
    styles: &[Style],
) -> Result<bool, String> {
    let mut take = |name: &str| {
        let at = parameters.iter().position(|(key, _)| key == name);
        at.map(|at| parameters.remove(at).1)
    };
    match (
        request.header("authorization"),
        take("client_id"),
        take("client_secret"),
    ) {
        (None, Some(id), Some(secret)) => {
            Ok(styles.contains(&Style::Body) && id == CLIENT_ID && secret == CLIENT_SECRET)
        }
        (Some(header), None, None) => basic(header, styles),
        (Some(_), _, _) => {
            Err("the client authenticates twice: in the header and in the body".to_owned())
        }
        (None, None, None) => Err("the client does not authenticate".to_owned()),
        (None, Some(_), None) => Err("client_id without client_secret".to_owned()),
        (None, None, Some(_)) => Err("client_secret without client_id".to_owned()),
    }
}

fn basic(header: &str, styles: &[Style]) -> Result<bool, String> {
    let encoded = header
        .strip_prefix("Basic ")
        .ok_or_else(|| "the authorization is not Basic".to_owned())?;
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|error| format!("the Basic credentials are not padded base64: {error}"))?;
    let credentials =
        String::from_utf8(bytes).map_err(|_| "the Basic credentials are not UTF-8".to_owned())?;
    // The id of RFC 7617 ends at the first colon, so one that holds a colon cannot be sent raw.
    let (id, secret) = credentials
        .split_once(':')
        .ok_or_else(|| "the Basic credentials have no colon".to_owned())?;
    let raw = credentials == format!("{CLIENT_ID}:{CLIENT_SECRET}");
    let form = form_decode(id).is_ok_and(|id| id == CLIENT_ID)
        && form_decode(secret).is_ok_and(|secret| secret == CLIENT_SECRET);
    Ok(styles.contains(&Style::Basic) && form || styles.contains(&Style::BasicRaw) && raw)
}
