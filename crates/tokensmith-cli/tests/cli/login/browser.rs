//! A run that waits for a browser, and a browser that follows no redirect by itself.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::ToSocketAddrs as _;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokensmith_tests::raw::{self, Reply};

use crate::run::{Run, command};

/// How long the rest of a run may take.
const LONGEST: Duration = Duration::from_secs(60);

/// A run that waits.
pub(crate) struct Login {
    pub(crate) child: Child,
    stderr: BufReader<ChildStderr>,
    /// What it has said so far.
    said: String,
    /// The sign-in page.
    pub(crate) url: String,
}

impl Login {
    /// Runs the command until it says where to sign in.
    #[track_caller]
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    /// The same with these environment variables.
    #[track_caller]
    pub(crate) fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let arguments = [&["login", "--no-browser"], arguments].concat();
        let mut command = command(&arguments);
        command.envs(variables.iter().copied());
        Self::until(command, |line| line.starts_with("http"))
    }

    /// Runs the command until it has said what to do with a device.
    #[track_caller]
    pub(crate) fn with_device(arguments: &[&str]) -> Self {
        let arguments = [&["login", "--device"], arguments].concat();
        Self::until(command(&arguments), |line| line.starts_with("within "))
    }

    /// Runs the command until it has said a line.
    #[track_caller]
    fn until(mut command: Command, is_last: impl Fn(&str) -> bool) -> Self {
        let mut child = command
            .env("TOKENSMITH_CLIENT_ID", "app")
            .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        let mut stderr = BufReader::new(child.stderr.take().expect("a piped error"));
        let (mut said, mut url) = (String::new(), String::new());
        while !is_last(&url) {
            url.clear();
            let count = stderr.read_line(&mut url).expect("UTF-8");
            assert_ne!(count, 0, "{said}");
            said += &url;
        }
        Self {
            child,
            stderr,
            said,
            url: url.trim_end().to_owned(),
        }
    }

    /// What follows these words in what the command has said.
    #[track_caller]
    pub(crate) fn said_after(&self, words: &str) -> &str {
        let line = self.said.lines().find_map(|line| line.strip_prefix(words));
        line.unwrap_or_else(|| panic!("{words} in {}", self.said))
    }

    /// Where the provider sends the browser back to, if it asks nobody.
    #[track_caller]
    pub(crate) fn away(&self) -> String {
        location(&get(&self.url))
    }

    /// The same, if it asks, and this is what the person says.
    #[track_caller]
    pub(crate) fn decide(&self, decision: &str) -> String {
        let page = get(&self.url);
        let (_, id) = page
            .body
            .split_once("name=\"id\" value=\"")
            .expect("a form");
        let (id, _) = id.split_once('"').expect("an end");
        let body = format!("id={id}&decision={decision}");
        location(&post(&self.url, "/.mock/consent", &body))
    }

    /// The port that the browser comes back to.
    pub(crate) fn callback(&self) -> String {
        let uri: http::Uri = pairs(&self.url)["redirect_uri"].parse().expect("a URI");
        uri.authority().expect("a host").as_str().to_owned()
    }

    /// The end of the run.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Run {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("is a child") {
                break status;
            }
            if start.elapsed() > LONGEST {
                self.child.kill().expect("can be ended");
                self.child.wait().expect("is a child");
                panic!(
                    "the command has not ended within {LONGEST:?}: {}",
                    self.said
                );
            }
            thread::sleep(Duration::from_millis(2));
        };
        let mut stdout = String::new();
        let mut output = self.child.stdout.take().expect("a piped output");
        output.read_to_string(&mut stdout).expect("UTF-8");
        let mut stderr = self.said.clone();
        self.stderr.read_to_string(&mut stderr).expect("UTF-8");
        Run {
            code: status.code(),
            stdout,
            stderr,
        }
    }
}

impl Run {
    /// The token of a run that said no more than where to sign in.
    #[track_caller]
    pub(crate) fn token_after_sign_in(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        let is_expected = |line: &str| {
            let notices = [
                "Sign in at",
                "http://",
                "with the code ",
                "or at ",
                "within ",
                "warning",
                "note: ",
            ];
            notices.iter().any(|notice| line.starts_with(notice))
        };
        assert!(self.stderr.lines().all(is_expected), "{}", self.stderr);
        serde_json::from_str(&self.stdout).expect("JSON on standard output")
    }
}

/// Asks for a page.
#[track_caller]
pub(crate) fn get(url: &str) -> Reply {
    let uri: http::Uri = url.parse().expect("a URL");
    let authority = uri.authority().expect("a host").as_str();
    let target = uri.path_and_query().map_or("/", |path| path.as_str());
    let request =
        format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    send(authority, request)
}

/// Sends a form to a path on the host of a URL.
#[track_caller]
pub(crate) fn post(url: &str, path: &str, body: &str) -> Reply {
    let uri: http::Uri = url.parse().expect("a URL");
    let authority = uri.authority().expect("a host").as_str();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    send(authority, request)
}

/// Sends the bytes of a request.
#[track_caller]
pub(crate) fn send(authority: &str, request: impl AsRef<[u8]>) -> Reply {
    let mut addresses = authority.to_socket_addrs().expect("an address");
    let address = addresses.find(std::net::SocketAddr::is_ipv4);
    raw::send(address.expect("an address"), request.as_ref()).expect("a response")
}

/// Where a response leads.
#[track_caller]
pub(crate) fn location(reply: &Reply) -> String {
    let location = reply.header("location");
    location.unwrap_or_else(|| panic!("{reply:?}")).to_owned()
}

/// The parameters of a URL.
pub(crate) fn pairs(url: &str) -> BTreeMap<String, String> {
    let (_, query) = url.split_once('?').unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}
