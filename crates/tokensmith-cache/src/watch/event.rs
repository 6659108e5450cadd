//! What happens to tokens, for those who want to know.

use std::sync::Arc;

use crate::TokenError;

/// Something that happened to a token. It never holds a secret.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Event<'e> {
    /// What happened.
    pub kind: EventKind,
    /// Whose token it is; `None` where tokens belong to no user.
    pub subject: Option<&'e str>,
    /// What went wrong, where something did.
    pub error: Option<&'e TokenError>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A refresh has begun.
    RefreshBegun,
    /// A refresh has ended with a new token.
    RefreshDone,
    /// A refresh has ended without one.
    RefreshFailed,
    /// A new refresh token could not be saved. It is kept in memory and saved again.
    SaveFailed,
    /// A new refresh token that could not be saved before is saved now.
    SavedLate,
    /// The exclusive section was lost before the request was sent, and the request was not sent.
    SectionLost,
    /// Somebody may have used the refresh token that is used now, and has not saved the next one: the process was killed, for
    /// example. The provider may take this for theft.
    ReuseSuspected,
    /// Nothing was sent, since the store of refresh tokens cannot be used.
    FailedClosed,
    /// A user has signed in.
    SignedIn,
    /// A user has signed out.
    SignedOut,
}

impl EventKind {
    #[cfg(feature = "tracing")]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::RefreshBegun => "refresh begun",
            Self::RefreshDone => "refresh done",
            Self::RefreshFailed => "refresh failed",
            Self::SaveFailed => "refresh token not saved",
            Self::SavedLate => "refresh token saved late",
            Self::SectionLost => "section lost",
            Self::ReuseSuspected => "reuse suspected",
            Self::FailedClosed => "nothing sent: the refresh token store fails",
            Self::SignedIn => "signed in",
            Self::SignedOut => "signed out",
        }
    }
}

type Observer = dyn Fn(&Event<'_>) + Send + Sync;

/// Whom to tell.
#[derive(Clone, Default)]
pub(crate) struct Watchers(Option<Arc<Observer>>);

impl Watchers {
    pub(crate) fn new(observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(observer)))
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        #[cfg(feature = "tracing")]
        trace(event);
        if let Some(observer) = &self.0 {
            observer(event);
        }
    }
}

/// The subject is left out: it may be a name or an address, which not every log may hold.
#[cfg(feature = "tracing")]
fn trace(event: &Event<'_>) {
    use EventKind::{
        FailedClosed, RefreshBegun, RefreshDone, RefreshFailed, ReuseSuspected, SaveFailed,
        SavedLate, SectionLost, SignedIn, SignedOut,
    };
    let message = event.kind.as_str();
    let error = event.error.map(tracing::field::display);
    match event.kind {
        RefreshBegun | RefreshDone => tracing::debug!(error, "{message}"),
        SignedIn | SignedOut | SavedLate | SectionLost => tracing::info!(error, "{message}"),
        RefreshFailed | SaveFailed | ReuseSuspected | FailedClosed => {
            tracing::warn!(error, "{message}");
        }
    }
}
