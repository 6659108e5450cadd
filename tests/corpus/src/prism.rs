//! Prism, which serves a document and judges requests by it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long Prism may take to read a document.
const PATIENCE: Duration = Duration::from_secs(90);
/// What Prism says before it listens, and where.
const LISTENING: &str = "Prism is listening on ";

/// Returns the path of Prism's program, one of the packages that `tests/peers` pins.
pub(super) fn program(root: &Path) -> Result<PathBuf, String> {
    let program = root.join("tests/peers/node_modules/@stoplight/prism-cli/dist/index.js");
    match program.is_file() {
        true => Ok(program),
        false => Err("Prism is missing; to install it: cargo xtask setup".to_owned()),
    }
}

/// A running Prism; it stops when it is dropped.
pub(super) struct Prism {
    child: Child,
    /// Where it listens, without a slash at the end.
    pub(super) url: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Prism {
    /// Serves the document in a file.
    ///
    /// # Errors
    ///
    /// Prism's own words, where it does not take the document.
    pub(super) fn start(program: &Path, document: &Path) -> Result<Self, String> {
        let mut child = Command::new("node")
            .arg(program)
            .args([
                "mock",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--multiprocess",
                "false",
            ])
            .arg(document)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("Node.js does not run: {error}"))?;
        let log = Arc::new(Mutex::new(Vec::new()));
        let (sender, receiver) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Some((_, url)) = line.split_once(LISTENING) {
                        drop(sender.send(url.trim().to_owned()));
                    }
                    keep(&log, line);
                }
            });
        }
        if let Some(errors) = child.stderr.take() {
            let log = Arc::clone(&log);
            thread::spawn(move || {
                for line in BufReader::new(errors).lines().map_while(Result::ok) {
                    keep(&log, line);
                }
            });
        }
        let mut prism = Self {
            child,
            url: String::new(),
            log,
        };
        match receiver.recv_timeout(PATIENCE) {
            Ok(url) => {
                prism.url = url;
                Ok(prism)
            }
            Err(RecvTimeoutError::Timeout) => {
                Err(format!("does not start within {} s", PATIENCE.as_secs()))
            }
            Err(RecvTimeoutError::Disconnected) => Err(prism.last_words()),
        }
    }

    /// What Prism had against the requests so far. That its own responses break the document is not among it: it makes them up.
    pub(super) fn objections(&self) -> Vec<String> {
        // Prism writes its log before it responds, but through a pipe.
        thread::sleep(Duration::from_millis(100));
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let after = |mark: &'static str| {
            let lines = log.iter().filter_map(move |line| line.split_once(mark));
            lines.map(|(_, text)| text.trim().to_owned())
        };
        let violations = after("Violation: ").filter(|text| !text.starts_with("response"));
        // The validator says what is wrong; the error, only that something is.
        let validator = after("[VALIDATOR] ✖  error").filter(|text| !text.contains("Violation: "));
        violations
            .chain(validator)
            .chain(after("Request terminated with error: "))
            .collect()
    }

    fn last_words(&self) -> String {
        thread::sleep(Duration::from_millis(100));
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let errors = log
            .iter()
            .find(|line| line.to_lowercase().contains("error"));
        let last = errors.or(log.last()).map(String::as_str);
        last.unwrap_or("ends without a word").trim().to_owned()
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn keep(log: &Mutex<Vec<String>>, line: String) {
    log.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(line);
}
