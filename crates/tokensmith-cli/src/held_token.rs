//! What is done with a token that somebody holds.

pub(crate) mod refresh;
pub(crate) mod token_state;

use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{GenericRequest, Request as _, Response, Secret};

use crate::args::{HeldArgs, pairs};
use crate::failure::Failure;
use crate::request::refuse_secret_in_url;
use crate::secrets::Secrets;
use crate::server::{Server, Wanted, Way, with_parameters};
use crate::{credentials, exchange, server};

/// What the arguments say of the server.
fn wanted(held: &HeldArgs, way: Way) -> Wanted<'_> {
    Wanted {
        source: &held.source,
        issuer: held.issuer.as_deref(),
        authorization_url: None,
        client: &held.client,
        show: &held.show,
        way,
    }
}

/// What a request is sent with.
struct Prepared<'a> {
    settings: Settings,
    secrets: Secrets,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Prepared<'a> {
    /// Reads who asks, from the environment or a prompt.
    fn new<R>(
        server: &Server,
        way: Way,
        held: &'a HeldArgs,
        request: &GenericRequest<'_, R>,
    ) -> Result<Self, Failure>
    where
        R: Response,
    {
        let (endpoint, operation) = (request.endpoint(), request.operation());
        refuse_secret_in_url(endpoint, &held.client)?;
        let parameters = pairs("--param", &held.param)?;
        let mut secrets = Secrets::new(&held.show);
        let named = parameters.iter().map(|(name, _)| *name);
        secrets.describe(endpoint, operation, named);
        let identity = server::identity(server, way, &held.client, &mut secrets)?;
        let settings = server::settings(server, &held.source, &held.client, &identity)?;
        Ok(Self {
            settings,
            secrets,
            parameters,
        })
    }

    /// Reads the token from a variable, or asks for it.
    fn token(&mut self, variable: &'static str) -> Result<Secret, Failure> {
        credentials::token(variable, &mut self.secrets)
    }

    /// Sends the request with the parameters of the arguments; `None` if it was only printed.
    fn send<R: Response>(
        self,
        request: GenericRequest<'_, R>,
        held: &HeldArgs,
    ) -> Result<Option<R>, Failure> {
        let request = with_parameters(request, self.parameters);
        let transport = || credentials::transport(&held.client);
        exchange::send(self.settings, request, transport, &held.show, &self.secrets)
    }
}
