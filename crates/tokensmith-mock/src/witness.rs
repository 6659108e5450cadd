//! What a mock has seen.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// How many requests are kept; earlier ones are dropped.
const KEPT: usize = 10_000;

/// A request that a mock has seen. Secrets are `…`, unless they were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeenRequest {
    /// Its number, from 1.
    pub number: u64,
    /// When it came: Unix time in milliseconds, by the mock's clock.
    pub time: i64,
    /// The HTTP method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// What the endpoint is for, such as `token`; nothing if there is none at the path.
    pub endpoint: Option<&'static str>,
    /// The grant type.
    pub grant: Option<String>,
    /// The client's identifier.
    pub client: Option<String>,
    /// How the client authenticated.
    pub client_auth: Option<&'static str>,
    /// The parameters of the query and the body.
    pub parameters: Vec<SeenParameter>,
    /// The HTTP status of the response; nothing if it was lost.
    pub status: Option<u16>,
    /// The code of the RFCs that the refusal stands for.
    pub refused: Option<String>,
    /// What was wrong, in plain words.
    pub reason: Option<String>,
    /// What was odd and did no harm.
    pub notes: Vec<String>,
    /// The fault that befell it.
    pub fault: Option<String>,
}

/// A parameter of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeenParameter {
    /// The place: `body`, `query` or `path`.
    pub place: &'static str,
    /// The name.
    pub name: String,
    /// The value as text.
    pub value: String,
}

impl SeenRequest {
    /// Returns the value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|parameter| parameter.name == name);
        found.map(|parameter| parameter.value.as_str())
    }
}

/// How often a grant was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Count {
    /// All requests.
    pub requests: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Those that a fault befell.
    pub faults: u64,
}

/// What a mock has seen.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    number: u64,
    requests: VecDeque<SeenRequest>,
    counts: BTreeMap<String, Count>,
}

impl Witness {
    /// Keeps a request and gives it its number.
    pub(crate) fn keep(&mut self, mut seen: SeenRequest) -> SeenRequest {
        self.number += 1;
        seen.number = self.number;
        let name = seen.grant.as_deref().or(seen.endpoint);
        let count = self.counts.entry(name.unwrap_or("unknown").to_owned());
        let count = count.or_default();
        count.requests += 1;
        count.refused += u64::from(seen.refused.is_some());
        count.faults += u64::from(seen.fault.is_some());
        if self.requests.len() == KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back(seen.clone());
        seen
    }

    pub(crate) fn requests(&self) -> Vec<SeenRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn counts(&self) -> BTreeMap<String, Count> {
        self.counts.clone()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self {
            number: self.number,
            ..Self::default()
        };
    }
}
