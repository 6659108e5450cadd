//! What a provider's own error codes mean, as its document says.

use tokensmith_description::refusal::{MEANINGS, RATE_LIMITED};

use super::report::Report;
use crate::{ErrorCode, ErrorKind};

/// The meaning of the first of these texts that has one.
pub(crate) fn of<'c, 't>(
    codes: impl Iterator<Item = (&'c str, &'c str)> + Clone,
    texts: impl IntoIterator<Item = Option<&'t str>>,
) -> Option<&'static str> {
    let meaning = |text: &str| {
        let (_, meaning) = codes.clone().find(|(code, _)| *code == text)?;
        MEANINGS.iter().copied().find(|known| *known == meaning)
    };
    texts.into_iter().flatten().find_map(meaning)
}

impl Report {
    /// Gives an error that has a code of the provider's own the code and the kind that it means.
    pub(crate) fn means(&mut self, meaning: &'static str) {
        // What is wrong with the response itself stays wrong.
        if matches!(self.kind, ErrorKind::Redirect | ErrorKind::TooLarge) {
            return;
        }
        self.kind = match meaning {
            RATE_LIMITED => ErrorKind::RateLimited,
            "server_error" | "temporarily_unavailable" => ErrorKind::Server,
            _ => ErrorKind::Provider,
        };
        self.is_mapped = true;
        if self.status.is_some() {
            self.message = None;
        }
        if meaning != RATE_LIMITED {
            let own = self.code.replace(ErrorCode::from(meaning));
            self.provider_code = own.map(|code| code.as_str().to_owned());
        }
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
