//! Stoplight's Prism: serves an OpenAPI document and judges requests by it.
//!
//! What it does and does not see (version 5.14.2):
//!
//! - It refuses values that break `enum`, `pattern`, `maxLength` or `type`, missing required
//!   parameters, and other media types. The refusal is a response that the document declares (422
//!   before 400; 401 for security), so its status alone proves nothing: [`Prism::violations`] does.
//! - It refuses a request without the Basic authentication that `security` asks for, unless
//!   `security` also has `{}`.
//! - It lets parameters pass that the schema does not declare, and repeated form fields. The strict
//!   servers of this crate do not.
//! - `Prefer: code=429` and `Prefer: example=seconds` choose the response; an unknown one is a 404
//!   with a problem document.
//! - OpenAPI 3.1 is understood, `content: {}` and missing `servers` included.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::strict_server::lock;
use crate::{peers, raw};

/// How long Prism may take to start, or to write its log.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running Prism; it stops when it is dropped.
pub struct Prism {
    child: Child,
    documents: ChildStdin,
    addresses: mpsc::Receiver<SocketAddr>,
    log: Arc<Mutex<Vec<String>>>,
    address: SocketAddr,
    document: PathBuf,
}

impl Prism {
    /// Serves a document that is given as text.
    ///
    /// # Panics
    ///
    /// If Prism is not installed, with the command that installs it; or if it refuses the document.
    pub fn start(document: &str) -> Self {
        let mut child = Command::new("node")
            .arg(peers::folder().join("prism.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node.js runs");
        let log = Arc::new(Mutex::new(Vec::new()));
        let output = child.stdout.take().expect("a piped output");
        Self {
            documents: child.stdin.take().expect("a piped input"),
            addresses: follow(output, Arc::clone(&log)),
            child,
            log,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            document: PathBuf::new(),
        }
        .serve(document)
    }

    /// Serves another document in place of the one before, of which nothing is left: a start takes
    /// far longer than that.
    ///
    /// # Panics
    ///
    /// If Prism refuses the document.
    #[must_use]
    pub fn serve(mut self, document: &str) -> Self {
        drop(fs::remove_file(&self.document));
        self.document = write(document);
        writeln!(self.documents, "{}", self.document.display()).expect("Prism reads its input");
        self.address = self.addresses.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            panic!("Prism did not start:\n{}", lock(&self.log).join("\n"));
        });
        self
    }

    /// The base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was wrong with the requests so far, by the document.
    ///
    /// # Panics
    ///
    /// When Prism no longer writes its log.
    pub fn violations(&self) -> Vec<String> {
        // The log is written in order: when a request of our own shows up in it, everything before
        // has been seen.
        static MARKS: AtomicUsize = AtomicUsize::new(0);
        let mark = format!("/mark-{}", MARKS.fetch_add(1, Ordering::Relaxed));
        raw::send(
            self.address,
            format!("GET {mark} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        let start = Instant::now();
        while !lock(&self.log).iter().any(|line| line.contains(&mark)) {
            assert!(
                start.elapsed() < PATIENCE,
                "Prism does not write its log:\n{}",
                lock(&self.log).join("\n")
            );
            thread::sleep(Duration::from_millis(5));
        }
        lock(&self.log)
            .iter()
            .filter_map(|line| line.split_once("Violation: "))
            .map(|(_, text)| text.to_owned())
            .collect()
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(fs::remove_file(&self.document));
    }
}

/// Keeps what Prism writes since it serves a document, and returns where it listens.
fn follow(output: ChildStdout, log: Arc<Mutex<Vec<String>>>) -> mpsc::Receiver<SocketAddr> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let address = line.split_once("Prism is listening on http://");
            match address.and_then(|(_, address)| address.trim().parse().ok()) {
                Some(address) => {
                    lock(&log).clear();
                    let _ = sender.send(address);
                }
                None => lock(&log).push(line),
            }
        }
    });
    receiver
}

/// The header that makes Prism respond with this status.
pub fn prefer_status(status: u16) -> (&'static str, String) {
    ("Prefer", format!("code={status}"))
}

/// The header that makes Prism respond with this one of the document's examples.
pub fn prefer_example(status: u16, name: &str) -> (&'static str, String) {
    ("Prefer", format!("code={status}, example={name}"))
}

/// A file of its own for each document; Prism reads JSON and YAML by their content.
fn write(document: &str) -> PathBuf {
    static FILES: AtomicUsize = AtomicUsize::new(0);
    let name = format!(
        "tokensmith-prism-{}-{}.yaml",
        std::process::id(),
        FILES.fetch_add(1, Ordering::Relaxed)
    );
    let path = std::env::temp_dir().join(name);
    fs::write(&path, document).expect("the temporary directory can be written to");
    path
}
