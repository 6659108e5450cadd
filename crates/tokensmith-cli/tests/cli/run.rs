//! Running the command.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The token that a successful run printed; nothing but what a document is warned about is on standard error.
    #[track_caller]
    pub(crate) fn token(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        let is_notice = |line: &str| line.starts_with("warning") || line.starts_with("note: ");
        assert!(self.stderr.lines().all(is_notice), "{}", self.stderr);
        serde_json::from_str(&self.stdout).expect("JSON on standard output")
    }

    /// The error of a run that got no token, which is the last line on standard error; nothing is on standard output.
    #[track_caller]
    pub(crate) fn error(&self) -> Value {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""));
        let last = self.stderr.lines().last().unwrap_or_default();
        let mut error: Value = serde_json::from_str(last).expect("JSON on standard error");
        assert_eq!(error.as_object().map(serde_json::Map::len), Some(1));
        error["error"].take()
    }

    /// The message of a run whose arguments make no sense; nothing is on standard output.
    #[track_caller]
    pub(crate) fn usage(&self) -> &str {
        assert_eq!(
            (self.code, self.stdout.as_str()),
            (Some(2), ""),
            "{}",
            self.stderr
        );
        &self.stderr
    }
}

/// The command with the client that the endpoints know.
pub(crate) fn tokensmith(arguments: &[&str]) -> Run {
    tokensmith_with(
        arguments,
        &[
            ("TOKENSMITH_CLIENT_ID", CLIENT_ID),
            ("TOKENSMITH_CLIENT_SECRET", CLIENT_SECRET),
        ],
    )
}

/// The command with these environment variables and no client but theirs.
pub(crate) fn tokensmith_with(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    finish(command(arguments).envs(variables.iter().copied()))
}

/// The command in this folder.
pub(crate) fn tokensmith_in(folder: &Path, arguments: &[&str]) -> Run {
    finish(command(arguments).current_dir(folder))
}

/// The command with nothing to read, without a client, and without the keyring of whoever runs the
/// tests.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokensmith"));
    command
        .args(arguments)
        .env_remove("TOKENSMITH_CLIENT_ID")
        .env_remove("TOKENSMITH_CLIENT_SECRET")
        .env_remove("TOKENSMITH_KEY")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .stdin(Stdio::null());
    command
}

/// How long a run may take. One that waits for ever fails its test.
const LONGEST: Duration = Duration::from_secs(60);

#[track_caller]
pub(crate) fn finish(command: &mut Command) -> Run {
    let file = || tempfile::tempfile().expect("there is room");
    let (mut stdout, mut stderr) = (file(), file());
    let copy = |file: &File| file.try_clone().expect("can be shared");
    let mut child = command
        .stdout(copy(&stdout))
        .stderr(copy(&stderr))
        .spawn()
        .expect("the command runs");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("is a child") {
            break status;
        }
        if start.elapsed() > LONGEST {
            child.kill().expect("can be ended");
            child.wait().expect("is a child");
            panic!("the command has not ended within {LONGEST:?}: {command:?}");
        }
        thread::sleep(Duration::from_millis(2));
    };
    Run {
        code: status.code(),
        stdout: text(&mut stdout),
        stderr: text(&mut stderr),
    }
}

fn text(file: &mut File) -> String {
    let mut text = String::new();
    file.rewind().expect("is a file");
    file.read_to_string(&mut text).expect("UTF-8");
    text
}

/// A document of the project.
pub(crate) fn spec(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../specs")
        .join(name)
}

/// The same, for a command line.
pub(crate) fn spec_argument(name: &str) -> String {
    spec(name).to_str().expect("UTF-8").to_owned()
}
