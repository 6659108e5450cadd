//! Finding the server that the arguments name.

use tokensmith_codegen::model::FirstServer;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::Description;

use super::select;
use super::{Server, Way};
use crate::args::{ClientArgs, ShowArgs, SourceArgs, pairs};
use crate::document::{self, notice};
use crate::failure::Failure;
use crate::failure::context::Context;

/// What the arguments say of the server, and what it is asked for.
pub(crate) struct Wanted<'a> {
    pub(crate) source: &'a SourceArgs,
    pub(crate) issuer: Option<&'a str>,
    pub(crate) authorization_url: Option<&'a str>,
    pub(crate) client: &'a ClientArgs,
    pub(crate) show: &'a ShowArgs,
    pub(crate) way: Way,
}

impl Wanted<'_> {
    /// Does something with the server. A failure says what is known of the provider.
    pub(crate) fn with_server<T>(
        &self,
        act: impl FnOnce(&Server) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let source = self.source;
        let shown = |context: Context| {
            let is_login = matches!(self.way, Way::Browser | Way::Device);
            let context = context.shown(self.show.verbose);
            if is_login {
                context.of_login()
            } else {
                context
            }
        };
        let by_url = match (self.issuer, &source.token_url) {
            (Some(issuer), _) => Some(Server::discover(issuer, self)),
            (None, Some(token)) => Some(Server::at(self.authorization_url, token)),
            (None, None) => None,
        };
        if let Some(server) = by_url {
            let done = server.and_then(|server| act(&server));
            return done.map_err(|failure| failure.with_context(&shown(Context::default())));
        }
        if let Some(file) = &source.spec {
            let reading = document::load("document", file, source.overlay.as_deref())?;
            let name = document::shown(file);
            notice::warnings(&name, &reading.diagnostics);
            let (model, description) = document::described(document::model(reading)?);
            let first = Some(model.first_server.as_ref());
            let server = self.described(description, first);
            let done = server.and_then(|server| act(&server));
            let context = || shown(Context::of_model(model, description, &name));
            return done.map_err(|failure| failure.with_context(&context()));
        }
        let name = source.provider.as_deref();
        let mut entries = PROVIDERS.iter();
        let entry = entries.find(|entry| Some(entry.description.name()) == name);
        let entry = entry.ok_or_else(|| Failure::Usage("no provider is given".to_owned()))?;
        let server = self.described(entry.description, None);
        let done = server.and_then(|server| act(&server));
        done.map_err(|failure| failure.with_context(&shown(Context::of_entry(entry))))
    }

    /// A provider by its document. Of one that is read now, `first_server` is the server that it
    /// names first, if it names one.
    fn described(
        &self,
        description: &'static Description<'static>,
        first_server: Option<Option<&FirstServer>>,
    ) -> Result<Server, Failure> {
        let source = self.source;
        let variables = pairs("--server-variable", &source.server_variable)?;
        let target = select::target(description, source.server.as_deref(), &variables)?;
        let path = source.path.as_deref();
        if let Some(first) = first_server {
            let (endpoint, _) = self.way.operation(description, path)?;
            let path = path.or(endpoint.paths().first().copied());
            if let Some(url) = target.url_of(endpoint, path.unwrap_or_default()) {
                let first = first.map(|first| first.url_with(&variables));
                notice::destination(&url, first.as_deref());
            }
        }
        Ok(Server::Described {
            description,
            target,
            path: path.map(str::to_owned),
        })
    }
}
