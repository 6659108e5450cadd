//! Why the tokens of users were revoked: what was done to the processes, and what they wrote down.

use std::collections::{HashMap, HashSet};

use tokensmith_tests::rotating_provider::Revocation;

use super::world::Member;

/// What a process wrote down.
pub(super) struct Line {
    at: u128,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    /// It sends a refresh token, for which the store had confirmed the section at this time.
    Sent {
        user: usize,
        number: usize,
        checked: u128,
        entry: String,
    },
    /// The store has saved the next one.
    Saved { entry: String },
    /// A user has to sign in again.
    SignedOut { user: usize },
}

impl Line {
    pub(super) fn parse(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split(' ').collect();
        let what = match words[1..] {
            ["sent", user, number, checked, entry] => What::Sent {
                user: user.parse().ok()?,
                number: number.parse().ok()?,
                checked: checked.parse().ok()?,
                entry: entry.to_owned(),
            },
            ["saved", entry] => What::Saved {
                entry: entry.to_owned(),
            },
            ["signed_out", user] => What::SignedOut {
                user: user.parse().ok()?,
            },
            _ => return None,
        };
        Some(Self {
            at: words[0].parse().ok()?,
            what,
        })
    }
}

/// How many of the revocations have which cause.
#[derive(Debug, Default)]
pub(super) struct Causes {
    pub(super) killed: usize,
    pub(super) stopped: usize,
    pub(super) unexplained: Vec<Revocation>,
}

/// One use of a refresh token, as the process that sent it wrote it down.
struct Use<'l> {
    sent: u128,
    checked: u128,
    /// When the store had saved the next one.
    saved: Option<u128>,
    member: &'l Member,
}

impl Use<'_> {
    /// It was killed with the only copy of the next refresh token.
    fn is_killed(&self) -> bool {
        self.member.was_killed && self.saved.is_none()
    }

    /// It was stopped after it had sent the refresh token and before it had saved the next one, until
    /// somebody else had sent it too. No process writes anything down while it is stopped.
    fn is_stopped_after(&self, second: &Use<'_>) -> bool {
        self.member.stopped.is_some_and(|(from, to)| {
            let is_unsaved = self.saved.is_none_or(|saved| saved >= to);
            self.sent < to && is_unsaved && (from..to).contains(&second.checked)
        })
    }

    /// It was stopped between the check of its section and the request.
    fn is_stopped_before(&self) -> bool {
        let stopped = self.member.stopped;
        stopped.is_some_and(|(_, to)| self.checked < to && self.sent >= to)
    }
}

/// Finds the cause of each revocation in what was done to the two processes and what they wrote
/// down.
pub(super) fn causes(revocations: &[Revocation], members: &[Member]) -> Causes {
    let members: HashMap<_, _> = members
        .iter()
        .map(|member| (member.name(), (member, member.lines())))
        .collect();
    let mut causes = Causes::default();
    for revocation in revocations {
        let Revocation {
            user,
            number,
            first,
            second,
        } = revocation;
        let used = |process: &str, arrived| {
            let (member, lines) = members.get(process)?;
            used(member, lines, (*user, *number), arrived)
        };
        let (first, second) = (
            used(&first.process, first.at),
            used(&second.process, second.at),
        );
        match first.zip(second) {
            Some((first, _)) if first.is_killed() => causes.killed += 1,
            Some((first, second)) if first.is_stopped_after(&second) => causes.stopped += 1,
            Some((_, second)) if second.is_stopped_before() => causes.stopped += 1,
            _ => causes.unexplained.push(revocation.clone()),
        }
    }
    causes
}

/// What a process wrote down of this refresh token, which arrived at this time.
fn used<'l>(
    member: &'l Member,
    lines: &[Line],
    (user, number): (usize, usize),
    arrived: u128,
) -> Option<Use<'l>> {
    let sent = |line: &Line| match &line.what {
        What::Sent {
            user: whose,
            number: which,
            checked,
            entry,
        } if (*whose, *which) == (user, number) && line.at <= arrived => {
            Some((*checked, entry.clone()))
        }
        _ => None,
    };
    let place = lines.iter().rposition(|line| sent(line).is_some())?;
    let (checked, entry) = sent(&lines[place])?;
    let saved = What::Saved { entry };
    let saved = lines[place..].iter().find(|line| line.what == saved);
    Some(Use {
        sent: lines[place].at,
        checked,
        saved: saved.map(|line| line.at),
        member,
    })
}

/// The users who had to sign in again and whose tokens the provider has not revoked.
pub(super) fn signed_out_by_us(revocations: &[Revocation], members: &[Member]) -> HashSet<usize> {
    let revoked: HashSet<_> = revocations
        .iter()
        .map(|revocation| revocation.user)
        .collect();
    let lines = members.iter().flat_map(Member::lines);
    lines
        .filter_map(|line| match line.what {
            What::SignedOut { user } => Some(user),
            _ => None,
        })
        .filter(|user| !revoked.contains(user))
        .collect()
}
