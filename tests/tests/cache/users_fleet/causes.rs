//! Why the tokens of users were revoked: what was done to the processes, and what they wrote down.

use std::collections::HashMap;

use tokensmith_tests::rotating_provider::Revocation;

use super::SECOND;
use super::world::Member;

/// What a process wrote down.
pub(super) struct Line {
    at: u128,
    what: What,
}

#[derive(PartialEq, Eq)]
enum What {
    Sent { user: usize, number: usize },
    Done { user: usize },
}

impl Line {
    pub(super) fn parse(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split(' ').collect();
        let what = match words[1..] {
            ["sent", user, number] => What::Sent {
                user: user.parse().ok()?,
                number: number.parse().ok()?,
            },
            ["done", user] => What::Done {
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

#[derive(Debug, Default)]
pub(super) struct Causes {
    pub(super) killed: usize,
    pub(super) stopped: usize,
    pub(super) unexplained: Vec<Revocation>,
}

/// Finds the cause of each revocation in what was done to the two processes and what they wrote
/// down.
pub(super) fn causes(revocations: Vec<Revocation>, members: &[Member]) -> Causes {
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
        } = &revocation;
        let (killed, lines) = &members[&first.process];
        let used = sent(lines, *user, *number, first.at);
        let is_saved_before = |time| {
            let later = &lines[used.unwrap_or(lines.len())..];
            let done = What::Done { user: *user };
            later.iter().any(|line| line.what == done && line.at < time)
        };
        let is_killed = killed.was_killed && used.is_some() && !is_saved_before(u128::MAX);
        // It used the token first, and was stopped before it had saved the next one.
        let is_stopped_after = killed.stopped.is_some_and(|(from, to)| {
            let used = used.map(|used| &lines[used]);
            used.is_some_and(|used| used.at <= to) && second.at >= from && !is_saved_before(from)
        });
        // It had checked the section, was stopped, and then used what somebody else had used
        // meanwhile.
        let (late, lines) = &members[&second.process];
        let is_stopped_before = late.stopped.is_some_and(|(from, to)| {
            let at_once = to + SECOND.as_micros();
            sent(lines, *user, *number, second.at).is_some() && (from..at_once).contains(&second.at)
        });
        if is_killed {
            causes.killed += 1;
        } else if is_stopped_after || is_stopped_before {
            causes.stopped += 1;
        } else {
            causes.unexplained.push(revocation);
        }
    }
    causes
}

/// Where a process wrote down that it sends this refresh token, which arrived at this time.
fn sent(lines: &[Line], user: usize, number: usize, arrived: u128) -> Option<usize> {
    lines
        .iter()
        .rposition(|line| line.what == What::Sent { user, number } && line.at <= arrived)
}
