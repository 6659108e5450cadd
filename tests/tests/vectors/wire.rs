//! A wire that keeps the request and responds as told, under the client that users have.

use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use tokensmith_runtime::{
    Any, BlockingTransport, BodyFormat, ClientAuth, Credentials, Endpoint, EndpointKind, Error,
    ExtraParameters, NoBody, Operation, Parameters, Request, Response, Retry, Scopes,
    TransportError, blocking, grants,
};

use crate::Settings;

/// The server of all vectors.
pub(crate) const SERVER: &str = "https://server.example";

/// Responses every request alike, and keeps the last one.
pub(crate) struct Wire {
    reply: http::Response<Vec<u8>>,
    sent: Mutex<Option<http::Request<Vec<u8>>>>,
}

impl Wire {
    /// A wire with this response.
    pub(crate) fn new(reply: http::Response<Vec<u8>>) -> Self {
        Self {
            reply,
            sent: Mutex::new(None),
        }
    }

    /// A wire that responds with a token.
    pub(crate) fn with_token() -> Self {
        Self::new(http::Response::new(
            br#"{"access_token":"t","token_type":"Bearer"}"#.to_vec(),
        ))
    }

    /// The response to every request.
    pub(crate) fn response(&self) -> http::Response<Vec<u8>> {
        self.reply.clone()
    }

    /// What was sent last, if anything was.
    pub(crate) fn sent(&self) -> Option<http::Request<Vec<u8>>> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl BlockingTransport for Wire {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
        Ok(self.reply.clone())
    }
}

/// One exchange, with everything that a vector can vary.
#[derive(Default)]
pub(crate) struct Exchange {
    pub(crate) endpoint: Option<EndpointKind>,
    pub(crate) server: Option<String>,
    pub(crate) grant: Option<String>,
    pub(crate) auth: ClientAuth,
    pub(crate) json: bool,
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) texts: Vec<(String, String)>,
    pub(crate) lists: Vec<(String, Vec<String>)>,
    pub(crate) scopes: Scopes,
    pub(crate) extra: ExtraParameters,
    pub(crate) settings: Settings,
}

impl Exchange {
    /// Sends the request over the wire, and reads the response as what it is.
    pub(crate) fn run<R: Response>(&self, wire: &Wire) -> Result<R, Error> {
        let [access_token, error_code, error_description] = [
            &self.settings.access_token,
            &self.settings.error_code,
            &self.settings.error_description,
        ]
        .map(|pointers| pointers.iter().map(String::as_str).collect::<Vec<_>>());
        let format = if self.json {
            BodyFormat::Json
        } else {
            BodyFormat::Form
        };
        let formats = [format];
        let kind = self.endpoint.unwrap_or(EndpointKind::Token);
        let mut endpoint = Endpoint::new(kind, &["/token"])
            .with_formats(&formats)
            .with_error_code(&error_code)
            .with_error_description(&error_description);
        if !access_token.is_empty() {
            endpoint = endpoint.with_access_token(&access_token);
        }
        let grant = self.grant.as_deref().unwrap_or("client_credentials");
        let operation = match kind {
            EndpointKind::Token => {
                grants::find(grant).map_or(Operation::grant(grant), |grant| *grant)
            }
            _ => Operation::new(),
        };
        let request = VectorRequest {
            response: PhantomData,
            exchange: self,
            endpoint,
            operation,
        };
        let credentials = match &self.secret {
            Some(secret) => Credentials::new(&*self.id, &**secret),
            None => Credentials::public(&*self.id),
        };
        let server = self.server.as_deref().unwrap_or(SERVER);
        let mut client = blocking::Client::<Any, _>::with_transport(wire, server, credentials)?
            .client_auth(self.auth)
            .retry(Retry::never());
        for (name, value) in &self.headers {
            client = client.header(name, value)?;
        }
        client.send(request)
    }
}

struct VectorRequest<'a, R> {
    response: PhantomData<fn() -> R>,
    exchange: &'a Exchange,
    endpoint: Endpoint<'a>,
    operation: Operation<'a>,
}

impl<R: Response> Request for VectorRequest<'_, R> {
    type Provider = Any;
    type Response = R;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &self.endpoint
    }

    fn operation(&self) -> &Operation<'_> {
        &self.operation
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        let name = self
            .exchange
            .settings
            .scope_parameter
            .as_deref()
            .unwrap_or("scope");
        parameters.scopes(name, &self.exchange.scopes);
        for (name, text) in &self.exchange.texts {
            parameters.push(name, text);
        }
        for (name, list) in &self.exchange.lists {
            parameters.push(name, list);
        }
        parameters.extra(&self.exchange.extra);
    }
}

/// The members of an object of strings.
pub(crate) fn texts(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let members = value.as_object().into_iter().flat_map(Map::iter);
    members.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
}
