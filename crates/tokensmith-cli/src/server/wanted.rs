//! Finding the server that the arguments name.

use super::select;
use super::{Known, Server, Way};
use crate::args::{ClientArgs, ShowArgs, SourceArgs, pairs};
use crate::failure::Failure;
use crate::failure::context::{Context, Task};

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
            let task = match self.way {
                Way::Browser | Way::Device => Task::SignIn,
                Way::Refresh | Way::Revoke | Way::Introspect => Task::Request,
            };
            context.shown(self.show.verbose).of_task(task)
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
        let known = Known::of(source)?;
        let done = self.described(known).and_then(|server| act(&server));
        done.map_err(|failure| failure.with_context(&shown(known.context.clone())))
    }

    /// A provider by its document.
    fn described(&self, known: Known) -> Result<Server, Failure> {
        let source = self.source;
        let variables = pairs("--server-variable", &source.server_variable)?;
        let target = select::target(known.description, source.server.as_deref(), &variables)?;
        let path = source.path.as_deref();
        let (endpoint, _) = self.way.operation(known.description, path)?;
        known.note_destination(&target, endpoint, path, &variables);
        Ok(Server::Described {
            known,
            target,
            path: path.map(str::to_owned),
        })
    }
}
