//! What a mock has seen.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// How many requests are kept; earlier ones are dropped.
const KEPT: usize = 10_000;

/// How many bytes the requests that are kept may take; earlier ones are dropped.
const MOST_BYTES: usize = 64 << 20;

/// How many names are counted, and how long a name may be; the others count as [`OTHERS`].
const MOST_NAMES: usize = 1_000;
const LONGEST_NAME: usize = 200;

/// What grants are counted as that are too many or have too long a name.
const OTHERS: &str = "others";

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

/// What a text in a list takes beside its bytes.
const TEXT: usize = size_of::<String>() + 16;

impl SeenRequest {
    /// About how many bytes it takes.
    fn size(&self) -> usize {
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|one| 3 * TEXT + one.name.len() + one.value.len());
        let texts = [&self.grant, &self.client, &self.refused, &self.reason];
        let texts = texts.into_iter().flatten();
        let notes = self.notes.iter().chain(texts).map(|text| TEXT + text.len());
        size_of::<Self>()
            + self.path.len()
            + self.method.len()
            + parameters.chain(notes).sum::<usize>()
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
    /// About how many bytes they take.
    bytes: usize,
    counts: BTreeMap<String, Count>,
}

impl Witness {
    /// Keeps a request and gives it its number.
    pub(crate) fn keep(&mut self, mut seen: SeenRequest) -> SeenRequest {
        self.number += 1;
        seen.number = self.number;
        let name = seen.grant.as_deref().or(seen.endpoint).unwrap_or("unknown");
        let is_known = self.counts.contains_key(name);
        let has_room = self.counts.len() < MOST_NAMES && name.len() <= LONGEST_NAME;
        let name = if is_known || has_room { name } else { OTHERS };
        let count = self.counts.entry(name.to_owned()).or_default();
        count.requests += 1;
        count.refused += u64::from(seen.refused.is_some());
        count.faults += u64::from(seen.fault.is_some());
        self.bytes += seen.size();
        self.requests.push_back(seen.clone());
        while self.requests.len() > KEPT || self.bytes > MOST_BYTES {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(oldest.size());
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(grant: String, value: usize) -> SeenRequest {
        SeenRequest {
            grant: Some(grant),
            parameters: vec![SeenParameter {
                place: "body",
                name: "a".to_owned(),
                value: "x".repeat(value),
            }],
            ..SeenRequest::default()
        }
    }

    #[test]
    fn requests_are_kept_by_their_number_and_their_bytes() {
        let mut witness = Witness::default();
        for _ in 0..KEPT + 3 {
            witness.keep(seen("a".to_owned(), 1));
        }
        let kept = witness.requests();
        assert_eq!((kept.len(), kept.first().unwrap().number), (KEPT, 4));
        for _ in 0..70 {
            witness.keep(seen("a".to_owned(), 1 << 20));
        }
        let kept = witness.requests();
        assert!((60..64).contains(&kept.len()), "{}", kept.len());
        assert!(witness.bytes <= MOST_BYTES);
        // One that is larger than all room is not kept, and is counted.
        witness.keep(seen("a".to_owned(), MOST_BYTES));
        assert_eq!((witness.requests().len(), witness.bytes), (0, 0));
        assert_eq!(witness.counts()["a"].requests, 10_074);
    }

    #[test]
    fn names_that_are_many_or_long_are_counted_together() {
        let mut witness = Witness::default();
        witness.keep(seen("x".repeat(LONGEST_NAME + 1), 1));
        for number in 0..MOST_NAMES + 5 {
            witness.keep(seen(number.to_string(), 1));
        }
        let counts = witness.counts();
        assert_eq!(counts.len(), MOST_NAMES);
        assert_eq!((counts["7"].requests, counts[OTHERS].requests), (1, 7));
    }
}
