//! What is wrong with settings, and where.

use std::fmt;

use crate::Error;

/// A setting that cannot be used: of which connector, where it stands, and why. It shows no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingError {
    connector: Option<String>,
    /// The names on the way to the setting, from the connector.
    path: Vec<String>,
    message: String,
    line: Option<usize>,
}

impl SettingError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            connector: None,
            path: Vec::new(),
            message: message.into(),
            line: None,
        }
    }

    /// Says in which setting it is; of one within another, the inner one first.
    pub(super) fn within(mut self, setting: impl Into<String>) -> Self {
        self.path.insert(0, setting.into());
        self
    }

    /// Says of which connector it is: whoever has several knows its name.
    #[must_use]
    pub fn of_connector(mut self, name: impl Into<String>) -> Self {
        self.connector = Some(name.into());
        self
    }

    /// Says on which line the setting stands: whoever has read the text knows it, and finds it by
    /// the [`pointer`](Self::pointer).
    #[must_use]
    pub fn at_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The name of the connector, in a map of them.
    pub fn connector(&self) -> Option<&str> {
        self.connector.as_deref()
    }

    /// The setting, such as `token_url` or `additional_headers.X-Tenant`; `None` if all of them
    /// together are wrong.
    pub fn setting(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.join("."))
    }

    /// The line that the setting stands on, where [`at_line`](Self::at_line) has told it. Lines are
    /// counted from 1.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// Where the setting stands in what was read: a JSON Pointer (RFC 6901).
    pub fn pointer(&self) -> String {
        let names = self.connector.iter().chain(&self.path);
        let escaped = names.map(|name| name.replace('~', "~0").replace('/', "~1"));
        escaped.map(|name| format!("/{name}")).collect()
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        if let Some(connector) = &self.connector {
            write!(formatter, "connector `{}`: ", connector.escape_debug())?;
        }
        if let Some(setting) = self.setting() {
            write!(formatter, "`{}`: ", setting.escape_debug())?;
        }
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for SettingError {}

impl From<SettingError> for Error {
    /// An error of the kind `config`.
    fn from(error: SettingError) -> Self {
        Self::config(error.to_string())
    }
}
