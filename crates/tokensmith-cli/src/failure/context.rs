//! What is known of the provider that a request is for, to help whoever reads of a failure.

use tokensmith_codegen::Model;
use tokensmith_description::Description;
use tokensmith_providers::Entry;

/// What is known of a provider besides its protocol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    /// The name for people, such as `Moov`.
    pub(crate) title: Option<String>,
    /// The URL of its documentation.
    pub(crate) documentation: Option<String>,
    /// A command that shows what the document says: `tokensmith providers moov`.
    pub(crate) page: Option<String>,
    /// The names of its servers.
    pub(crate) servers: Vec<String>,
    /// Whether requests and responses were shown.
    pub(crate) is_verbose: bool,
    pub(crate) task: Task,
}

/// What the command was asked to do: each has options of its own.
#[derive(Debug, Clone, Default)]
pub(crate) enum Task {
    /// Sends the request that its options describe.
    #[default]
    Request,
    /// Has a person sign in.
    SignIn,
    /// Uses kept tokens. No option describes the request; the command that keeps new tokens does.
    Kept { keep_again: String },
    /// Asks an issuer about a person.
    UserInfo,
}

impl Context {
    /// What is known of a built-in provider.
    pub(crate) fn of_entry(entry: &Entry) -> Self {
        let documentation = entry.about.documentation();
        let description = entry.description;
        Self {
            documentation: Some(documentation.to_owned()).filter(|url| !url.is_empty()),
            page: Some(format!("tokensmith providers {}", description.name())),
            ..Self::of_description(description)
        }
    }

    /// What a document that is read now says of its provider.
    pub(crate) fn of_model(model: &Model, description: &Description<'_>, file: &str) -> Self {
        Self {
            documentation: model.docs_url.clone(),
            page: Some(format!("tokensmith check --explain-model {file}")),
            ..Self::of_description(description)
        }
    }

    /// The same, for a run that shows its requests as often as the option was given.
    pub(crate) fn shown(self, verbose: u8) -> Self {
        Self {
            is_verbose: verbose > 0,
            ..self
        }
    }

    /// The same, for a command that does something else than to send the request of its options.
    pub(crate) fn of_task(self, task: Task) -> Self {
        Self { task, ..self }
    }

    /// Of kept tokens: the command that keeps new ones under the same name.
    pub(crate) fn keep_again(&self) -> Option<&str> {
        match &self.task {
            Task::Kept { keep_again } => Some(keep_again),
            Task::Request | Task::SignIn | Task::UserInfo => None,
        }
    }

    fn of_description(description: &Description<'_>) -> Self {
        let servers = description.servers().iter();
        Self {
            title: Some(description.title().to_owned()),
            servers: servers.map(|server| server.name().to_owned()).collect(),
            ..Self::default()
        }
    }
}
