//! What tests do to a provider.

use std::collections::BTreeMap;
use std::time::Duration;

use tokensmith_runtime::Description;

use super::{Provider, issue, lock};
use crate::clock::millis;
use crate::fault::{Fault, Faults};
use crate::seen_requests::{Count, SeenRequest};
use crate::state::{Code, Device};

/// What tests do to a provider.
impl Provider {
    /// Returns the description.
    pub fn description(&self) -> &Description<'static> {
        &self.description
    }

    /// Moves the provider's clock forward: tokens and codes expire. In all it moves not further than
    /// a thousand years.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Whether an access token is valid now.
    pub fn is_active(&self, access_token: &str) -> bool {
        let state = lock(&self.state);
        state
            .valid_access_token(access_token, self.clock.now())
            .is_some()
    }

    /// When a code ends that is given now.
    fn end_of_code(&self) -> i64 {
        let lifetime = millis(issue::CODE_LIFETIME);
        self.clock.now().saturating_add(lifetime)
    }

    /// Takes an authorization code that nobody was given: one that stands in a test. It can be used
    /// once, by any client, with any redirect URI.
    pub fn accept_code(&self, code: impl Into<String>) {
        let mut state = lock(&self.state);
        let grant = state.grant(None, Vec::new());
        let expires = self.end_of_code();
        let accepted = Code {
            grant,
            expires,
            ..Code::default()
        };
        state.add_code(code.into(), accepted);
    }

    /// Takes a refresh token that nobody was given: one that stands in a test.
    pub fn accept_refresh_token(&self, token: impl Into<String>) {
        let mut state = lock(&self.state);
        let grant = state.grant(None, Vec::new());
        state.add_refresh_token(token.into(), grant);
    }

    /// Takes a device code that nobody was given, as one that its user has approved.
    pub fn accept_device_code(&self, code: impl Into<String>) {
        let mut state = lock(&self.state);
        let grant = state.grant(None, Vec::new());
        let expires = self.end_of_code();
        let device = Device {
            grant,
            expires,
            decision: Some(true),
            ..Device::default()
        };
        state.devices.insert(code.into(), device);
    }

    /// Decides for the user who was shown the code of a device; whether there is such a device.
    pub fn decide_device(&self, user_code: &str, approved: bool) -> bool {
        lock(&self.state).decide(user_code, approved)
    }

    /// Adds a fault.
    pub fn add_fault(&self, fault: Fault) {
        lock(&self.faults).add(fault);
    }

    /// Replaces all faults.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.faults) = Faults::new(faults);
    }

    /// Returns the requests that were seen, the oldest first: the last 10,000.
    pub fn requests(&self) -> Vec<SeenRequest> {
        lock(&self.witness).requests()
    }

    /// Returns how often each grant was asked for; requests without one count under the name of
    /// their endpoint.
    pub fn counts(&self) -> BTreeMap<String, Count> {
        lock(&self.witness).counts()
    }
}
