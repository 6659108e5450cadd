//! The end session endpoint, at which a browser signs its user out (OpenID Connect RP-Initiated
//! Logout 1.0).

use super::authorize::{back, is_redirect_uri, page_of};
use super::operation_choice::Candidate;
use super::{Outcome, Provider, page};
use crate::refusal::Refusal;

impl Provider {
    /// Sends the browser back, or tells its user that the session has ended. Nobody has a session at
    /// a mock, so that there is nothing to end.
    pub(super) fn end_session(&self, candidate: &Candidate<'_>) -> Outcome {
        let place = match &candidate.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => self.place_of_return(candidate),
        };
        let response = match place {
            Ok(Some(uri)) => {
                let state = candidate.text("state");
                let state = state.map(|state| ("state".to_owned(), state));
                back(&uri, &Vec::from_iter(state), false)
            }
            Ok(None) => page::respond(200, page::message("Signed out", "You are signed out.")),
            Err(refusal) => return page_of("The sign-out is refused", refusal),
        };
        Outcome {
            response,
            refusal: None,
        }
    }

    /// Where the browser may be sent back to (section 3).
    fn place_of_return(&self, candidate: &Candidate<'_>) -> Result<Option<String>, Refusal> {
        let clients = self.clients();
        let id = candidate.text(candidate.endpoint.client_id());
        let known = clients
            .iter()
            .find(|client| Some(&client.id) == id.as_ref());
        if let (Some(id), None, false) = (&id, known, clients.is_empty()) {
            let id = id.escape_debug();
            let reason = format!("the client `{id}` is not registered");
            return Err(Refusal::client(reason));
        }
        let Some(uri) = candidate.text("post_logout_redirect_uri") else {
            return Ok(None);
        };
        let registered = known.map_or(&[][..], |client| &client.post_logout_redirect_uris);
        if !registered.is_empty() && !registered.contains(&uri) {
            let reason = "`post_logout_redirect_uri` is not registered";
            return Err(Refusal::request(reason));
        }
        match is_redirect_uri(&uri) {
            true => Ok(Some(uri)),
            false => Err(Refusal::request(
                "`post_logout_redirect_uri` is not an absolute URI without a fragment",
            )),
        }
    }
}
