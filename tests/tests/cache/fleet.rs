//! Processes that share one Redis: some die, and so does it. The provider counts.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokensmith_tests::example;
use tokensmith_tests::redis::Redis;
use tokensmith_tests::strict_server::{Received, Server, ServerResponse};

const SECOND: Duration = Duration::from_secs(1);

/// How long a token lives.
const LIFETIME: Duration = Duration::from_secs(3);

/// How soon after a token came the next one may be asked for: at four fifths of its lifetime, less what clocks are read late.
const SOONEST: Duration = Duration::from_millis(2300);

/// A provider, with when each request came and which process sent it.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<Vec<(Instant, String)>>>);

impl Provider {
    fn start(&self) -> Server {
        let seen = self.clone();
        Server::start(move |request| seen.response(request))
    }

    fn response(&self, request: &Received) -> ServerResponse {
        let process = request.header("x-process").unwrap_or_default().to_owned();
        let mut seen = self.0.lock().expect("no panic");
        seen.push((Instant::now(), process));
        let delay = SECOND / 4;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970");
        let ends = (now + delay + LIFETIME).as_millis();
        let body = format!(
            r#"{{"access_token":"t.{}.{ends}","token_type":"Bearer","expires_in":{}}}"#,
            seen.len(),
            LIFETIME.as_secs()
        );
        ServerResponse::json(200, body).delay(delay)
    }

    fn requests(&self) -> Vec<(Instant, String)> {
        self.0.lock().expect("no panic").clone()
    }

    /// Waits for the next request; says which process sent it.
    fn next(&self) -> String {
        let before = self.requests().len();
        let start = Instant::now();
        loop {
            if let Some((_, process)) = self.requests().get(before) {
                return process.clone();
            }
            assert!(start.elapsed() < 3 * LIFETIME, "nobody asks");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// No two requests between these times came sooner than a token allows.
    #[track_caller]
    fn assert_once_per_lifetime(&self, from: Instant, to: Instant) {
        let times: Vec<_> = self.requests().into_iter().map(|(time, _)| time).collect();
        let within: Vec<_> = times
            .iter()
            .filter(|time| (from..to).contains(*time))
            .collect();
        for pair in within.windows(2) {
            let gap = *pair[1] - *pair[0];
            assert!(gap >= SOONEST, "two requests within {gap:?}");
        }
        let most = (to - from).as_millis() / SOONEST.as_millis() + 1;
        assert!(
            (1..=most).contains(&(within.len() as u128)),
            "{} requests",
            within.len()
        );
    }
}

fn start(redis: &Redis, provider: &Server, seconds: u64) -> Child {
    Command::new(example::path("fleet_member"))
        .args([redis.url(), provider.url(), seconds.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a member of the fleet")
}

/// Waits for a member, which must have had a valid token all the time.
#[track_caller]
fn end(member: Child) {
    let output = member.wait_with_output().expect("an outcome");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let counts: Vec<u64> = said
        .split_whitespace()
        .filter_map(|count| count.parse().ok())
        .collect();
    let [reads, failures, expired] = counts[..] else {
        panic!("it says {said:?}");
    };
    assert!(reads > 100 && failures == 0 && expired == 0, "{said}");
}

#[test]
fn two_processes_ask_once_per_lifetime() {
    let (redis, provider) = (Redis::start(), Provider::default());
    let server = provider.start();
    let from = Instant::now();
    let members: Vec<_> = (0..2).map(|_| start(&redis, &server, 10)).collect();
    members.into_iter().for_each(end);
    provider.assert_once_per_lifetime(from, Instant::now());
}

#[test]
fn eight_processes_outlive_one_that_is_killed_and_their_redis() {
    let (mut redis, provider) = (Redis::start(), Provider::default());
    let server = provider.start();
    let begun = Instant::now();
    let mut members: Vec<_> = (0..8).map(|_| start(&redis, &server, 26)).collect();
    provider.next();
    let refreshing = provider.next();
    let killed = Instant::now();
    provider.assert_once_per_lifetime(begun, killed);
    // In the middle of a refresh: the provider has not responded yet.
    let index = members
        .iter()
        .position(|member| member.id().to_string() == refreshing);
    let mut dead = members.remove(index.expect("one of ours"));
    dead.kill().expect("a process of ours");
    dead.wait().expect("it ends");
    let successor = provider.next();
    assert_ne!(successor, refreshing);
    assert!(
        killed.elapsed() < 2 * SECOND,
        "its lease was taken over after {:?}",
        killed.elapsed()
    );

    // Another lifetime or two, and then without Redis.
    std::thread::sleep(2 * LIFETIME);
    let calm = Instant::now();
    provider.assert_once_per_lifetime(killed + SECOND / 2, calm);
    redis.kill();
    std::thread::sleep(LIFETIME);
    redis.restart();
    // It is asked again 2 seconds after it failed; until then, and as long as that token lives, each process is on its own.
    std::thread::sleep(2 * SECOND + LIFETIME);
    let back = Instant::now();
    let alone = provider
        .requests()
        .iter()
        .filter(|(time, _)| *time > calm)
        .count();
    assert!((7..=7 * 4).contains(&alone), "{alone} requests");
    members.into_iter().for_each(end);
    provider.assert_once_per_lifetime(back, Instant::now());
}
