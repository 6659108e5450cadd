//! What a provider's own error codes mean, as its document says.

use tokensmith_description::refusal::{MEANINGS, RATE_LIMITED};

use super::report::Report;
use crate::{ErrorCode, ErrorKind};

/// What a document says that a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The code of an RFC, or [`RATE_LIMITED`].
    code: &'static str,
    /// Whether the document lists the refusal's code, and not its description.
    lists_code: bool,
}

/// The meaning of a refusal's code, else of its description.
pub(crate) fn of<'c>(
    codes: impl Iterator<Item = (&'c str, &'c str)> + Clone,
    code: Option<&str>,
    description: Option<&str>,
) -> Option<Meaning> {
    let find = |text: &str| {
        let (_, meaning) = codes.clone().find(|(code, _)| *code == text)?;
        MEANINGS.iter().copied().find(|known| *known == meaning)
    };
    let meaning = |text, lists_code| {
        let code = find(text)?;
        Some(Meaning { code, lists_code })
    };
    let by_code = code.and_then(|code| meaning(code, true));
    by_code.or_else(|| meaning(description?, false))
}

impl Report {
    /// Gives an error that has a code of the provider's own the code and the kind that it means.
    pub(crate) fn means(&mut self, meaning: Meaning) {
        // What is wrong with the response itself stays wrong.
        if matches!(self.kind, ErrorKind::Redirect | ErrorKind::TooLarge) {
            return;
        }
        self.kind = match meaning.code {
            RATE_LIMITED => ErrorKind::RateLimited,
            "server_error" | "temporarily_unavailable" => ErrorKind::Server,
            _ => ErrorKind::Provider,
        };
        self.is_mapped = true;
        if self.status.is_some() {
            self.message = None;
        }
        if meaning.code != RATE_LIMITED {
            let own = self.code.replace(ErrorCode::from(meaning.code));
            self.provider_code = own.map(|code| code.as_str().to_owned());
        }
        self.has_listed_code = meaning.lists_code;
    }

    /// Whether the same request may get another response in a while: by what the document says that
    /// the code means, else by the status.
    pub(crate) fn is_transient(&self) -> bool {
        if self.is_mapped {
            return matches!(self.kind, ErrorKind::RateLimited | ErrorKind::Server);
        }
        self.status
            .is_some_and(|status| matches!(status, 408 | 429 | 502 | 503 | 504))
    }
}
