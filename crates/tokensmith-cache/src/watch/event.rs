//! What happens to tokens, for those who want to know.

use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// The exclusive section was lost while the request was in flight or its refresh token not saved: the machine was stopped or
    /// cut off from the store for longer than its lease, or the user has signed in meanwhile. Somebody else may have used the
    /// same refresh token.
    SectionLostInFlight,
    /// The right to ask the provider for all machines was lost while the request was in flight: another machine may ask, too.
    LeaseLost,
    /// The refresh token that is sent now may have been used: a process was killed, for example, before it had saved the next
    /// one, or the provider has failed with a status such as 500. The provider may take this for theft.
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
            Self::SectionLostInFlight => "section lost in flight",
            Self::LeaseLost => "lease lost",
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
            // It is told in the middle of things that must be done to their end.
            drop(catch_unwind(AssertUnwindSafe(|| observer(event))));
        }
    }
}

/// The subject is left out: it may be a name or an address, which not every log may hold.
#[cfg(feature = "tracing")]
fn trace(event: &Event<'_>) {
    use EventKind::{
        FailedClosed, LeaseLost, RefreshBegun, RefreshDone, RefreshFailed, ReuseSuspected,
        SaveFailed, SavedLate, SectionLost, SectionLostInFlight, SignedIn, SignedOut,
    };
    let message = event.kind.as_str();
    let error = event.error.map(tracing::field::display);
    match event.kind {
        RefreshBegun | RefreshDone => tracing::debug!(error, "{message}"),
        SignedIn | SignedOut | SavedLate | SectionLost | LeaseLost => {
            tracing::info!(error, "{message}");
        }
        SectionLostInFlight | RefreshFailed | SaveFailed | ReuseSuspected | FailedClosed => {
            tracing::warn!(error, "{message}");
        }
    }
}
