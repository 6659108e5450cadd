//! What is known of the provider that arguments name.

use tokensmith_codegen::model::FirstServer;
use tokensmith_providers::Entry;
use tokensmith_runtime::{Description, Endpoint};

use super::select::Target;
use crate::args::SourceArgs;
use crate::document::{self, notice};
use crate::failure::Failure;
use crate::failure::context::Context;

/// A provider that is built in, or whose document is read now. A command asks for it once and passes
/// it on: what a document is warned about is said once.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    pub(crate) description: &'static Description<'static>,
    /// What people are told of the provider when something fails.
    pub(crate) context: &'static Context,
    /// Of a document that is read now: the server that it names first, if it names one.
    first_server: Option<Option<&'static FirstServer>>,
}

impl Known {
    /// Reads the document that the arguments name, or finds the built-in provider. It lives until
    /// the command ends.
    pub(crate) fn of(source: &SourceArgs) -> Result<Self, Failure> {
        let leaked = |context| -> &'static Context { Box::leak(Box::new(context)) };
        let Some(file) = &source.spec else {
            let entry = entry(source.provider.as_deref())?;
            return Ok(Self {
                description: entry.description,
                context: leaked(Context::of_entry(entry)),
                first_server: None,
            });
        };
        // No crate is generated, so the file may have any name.
        let reading = document::load("document", file, source.overlay.as_deref())?;
        let name = document::shown(file);
        notice::warnings(&name, &reading.diagnostics);
        let (model, description) = document::described(document::model(reading)?);
        Ok(Self {
            description,
            context: leaked(Context::of_model(model, description, &name)),
            first_server: Some(model.first_server.as_ref()),
        })
    }

    /// Says which host the credentials go to, if a document that is read now leads elsewhere than to
    /// the server that it names first.
    pub(crate) fn note_destination(
        &self,
        target: &Target,
        endpoint: &Endpoint<'_>,
        path: Option<&str>,
        variables: &[(&str, &str)],
    ) {
        let Some(first) = self.first_server else {
            return;
        };
        let path = path.or(endpoint.paths().first().copied());
        if let Some(url) = target.url_of(endpoint, path.unwrap_or_default()) {
            let first = first.map(|first| first.url_with(variables));
            notice::destination(&url, first.as_deref());
        }
    }
}

/// The built-in provider of a name.
pub(crate) fn entry(name: Option<&str>) -> Result<&'static Entry, Failure> {
    let entry = name.and_then(tokensmith_providers::entry);
    entry.ok_or_else(|| Failure::Usage("no provider is given".to_owned()))
}
