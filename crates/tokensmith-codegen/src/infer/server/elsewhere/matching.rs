//! Which servers of one endpoint belong to those of another: by what the document calls them, by URL, by variables and by order.

use std::collections::{BTreeMap, BTreeSet};

use crate::infer::server::{DeclaredServers, host};

/// Words for what is not production, beside those that begin with "test".
const TRIALS: [&str; 14] = [
    "acceptance",
    "demo",
    "dev",
    "developers",
    "development",
    "integration",
    "nonprod",
    "preprod",
    "preview",
    "qa",
    "sandbox",
    "stage",
    "staging",
    "uat",
];

/// Words for production.
const PRODUCTION: [&str; 4] = ["live", "prod", "production", "real"];

/// Words that tell nothing of an environment.
const NOISE: [&str; 22] = [
    "authentication",
    "client",
    "login",
    "side",
    "server",
    "servers",
    "environment",
    "env",
    "api",
    "apis",
    "the",
    "url",
    "endpoint",
    "host",
    "base",
    "for",
    "of",
    "oauth",
    "auth",
    "token",
    "authorization",
    "revocation",
];

/// For each server of the token endpoint, the endpoint's own one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) servers: Vec<Option<usize>>,
    pub(super) by_position: bool,
}

pub(super) fn matched(token: &DeclaredServers, own: &DeclaredServers) -> Matched {
    let mut servers = vec![None; token.servers.len()];
    let mut free: BTreeSet<usize> = (0..own.servers.len()).collect();
    let url = |declared: &DeclaredServers, index: usize| {
        let url = &declared.servers.get(index)?.url;
        Some(url.trim_end_matches('/').to_owned())
    };
    let variables = |declared: &DeclaredServers, index: usize| {
        let variables = &declared.servers.get(index)?.variables;
        let names: BTreeSet<&str> = variables
            .iter()
            .map(|variable| variable.wire.as_str())
            .collect();
        (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join("\n"))
    };
    // One URL may stand for several environments, if it is listed for each by name.
    pair(&mut servers, &mut free, |is_own, index| {
        label(if is_own { own } else { token }, index)
    });
    pair(&mut servers, &mut free, |is_own, index| {
        url(if is_own { own } else { token }, index)
    });
    pair(&mut servers, &mut free, |is_own, index| {
        variables(if is_own { own } else { token }, index)
    });
    let left: Vec<usize> = (0..servers.len())
        .filter(|index| servers.get(*index) == Some(&None))
        .collect();
    let mut by_position = false;
    if !left.is_empty() && left.len() == free.len() && may_be_in_order(token, &left, own, &free) {
        by_position = true;
        for (index, other) in left.into_iter().zip(free) {
            if let Some(server) = servers.get_mut(index) {
                *server = Some(other);
            }
        }
    }
    Matched {
        servers,
        by_position,
    }
}

/// Pairs what has the same key, unless several of one list have it.
fn pair(
    servers: &mut [Option<usize>],
    free: &mut BTreeSet<usize>,
    key: impl Fn(bool, usize) -> Option<String>,
) {
    let unique = |is_own: bool, indices: &mut dyn Iterator<Item = usize>| {
        let mut found: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for index in indices {
            if let Some(key) = key(is_own, index) {
                found
                    .entry(key)
                    .and_modify(|index| *index = None)
                    .or_insert(Some(index));
            }
        }
        found
    };
    let open: Vec<usize> = (0..servers.len())
        .filter(|index| servers.get(*index) == Some(&None))
        .collect();
    let own = unique(true, &mut free.iter().copied());
    for (key, index) in unique(false, &mut open.into_iter()) {
        if let (Some(index), Some(Some(other))) = (index, own.get(&key))
            && let Some(server) = servers.get_mut(index)
        {
            *server = Some(*other);
            free.remove(other);
        }
    }
}

/// What the document calls a server, without words that tell nothing.
fn label(declared: &DeclaredServers, index: usize) -> Option<String> {
    let label = declared.labels.get(index)?.as_deref()?;
    let words: BTreeSet<String> = words(label)
        .filter(|word| !NOISE.contains(&word.as_str()))
        .collect();
    (!words.is_empty()).then(|| words.into_iter().collect::<Vec<_>>().join(" "))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Whether servers may be taken in the order in which they stand: where one list has nothing that tells them apart, or where those
/// that are left are one sandbox and one production system in both lists.
fn may_be_in_order(
    token: &DeclaredServers,
    left: &[usize],
    own: &DeclaredServers,
    free: &BTreeSet<usize>,
) -> bool {
    let left = Hints::of(token, left.iter().copied());
    let free = Hints::of(own, free.iter().copied());
    if left.are_absent() || free.are_absent() {
        return true;
    }
    let is_one_of_each = |hints: &Hints| {
        let trials = hints.trials.iter().filter(|is_trial| **is_trial).count();
        trials <= 1 && hints.trials.len() - trials <= 1
    };
    let is_told = left.trials.contains(&true)
        || !left.are_labelled
        || !free.are_labelled
        || left.is_production
        || free.is_production;
    left.trials == free.trials && is_one_of_each(&left) && is_told
}

/// What labels and hosts say of servers.
struct Hints {
    /// Which of them are for trials.
    trials: Vec<bool>,
    are_labelled: bool,
    /// Whether one of them is called the real system.
    is_production: bool,
}

impl Hints {
    fn of(declared: &DeclaredServers, indices: impl Iterator<Item = usize>) -> Self {
        let mut hints = Self {
            trials: Vec::new(),
            are_labelled: false,
            is_production: false,
        };
        for index in indices {
            let label = label(declared, index).unwrap_or_default();
            let url = declared.servers.get(index);
            let url = url.map_or("", |server| host(&server.url));
            let is_trial = |word: String| {
                TRIALS.contains(&word.as_str())
                    || word.contains("sandbox")
                    || word.starts_with("test")
            };
            hints
                .trials
                .push(words(&label).chain(words(url)).any(is_trial));
            hints.are_labelled |= !label.is_empty();
            hints.is_production |= words(&label).any(|word| PRODUCTION.contains(&word.as_str()));
        }
        hints
    }

    fn are_absent(&self) -> bool {
        !self.are_labelled && !self.trials.contains(&true)
    }
}
