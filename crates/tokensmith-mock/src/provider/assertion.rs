//! Client assertions are used once (RFC 7523 section 3).

use super::operation_choice::Candidate;
use super::{Provider, lock};
use crate::refusal::Refusal;

impl Provider {
    /// Takes the client assertion of a request, which can be used once. A request that a fault
    /// keeps from being handled uses nothing up.
    pub(super) fn use_assertion(&self, candidate: &Candidate<'_>) -> Result<(), Refusal> {
        let identity = candidate.identity.as_ref();
        let Some((id, client)) = identity.and_then(|who| Some((who.assertion.as_ref()?, &who.id)))
        else {
            return Ok(());
        };
        let id = format!("{} {id}", client.as_deref().unwrap_or_default());
        let mut state = lock(&self.state);
        if state.assertions.get(&id).is_some() {
            let reason = "`client_assertion` has a `jti` that was used before";
            return Err(Refusal::client(reason));
        }
        state.assertions.insert(id, ());
        Ok(())
    }
}
