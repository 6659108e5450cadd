//! Processes that may hang, crash or talk without end.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Text of a stream that is kept; what follows is read and dropped.
const MOST_TEXT: u64 = 4 << 20;

/// What became of a process.
pub(super) struct Ended {
    /// Its exit code; nothing if it was killed, by a signal or because it took too long.
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// What befell it beside an exit of its own: a panic, a signal, no end in time.
    pub(super) mishap: Option<String>,
}

/// Runs a command to its end, or kills it when that takes too long.
pub(super) fn run(command: &mut Command, patience: Duration) -> Result<Ended, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            format!(
                "`{}` cannot be run: {error}",
                command.get_program().to_string_lossy()
            )
        })?;
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let code = wait(&mut child, patience);
    let text = |reader: Option<JoinHandle<String>>| {
        reader
            .and_then(|reader| reader.join().ok())
            .unwrap_or_default()
    };
    let (stdout, stderr) = (text(stdout), text(stderr));
    let mishap = match &code {
        None => Some(format!("no end after {} s", patience.as_secs())),
        Some(None) => Some("killed by a signal".to_owned()),
        Some(Some(101)) => Some(panic_message(&stderr)),
        Some(Some(_)) => None,
    };
    Ok(Ended {
        code: code.flatten(),
        stdout,
        stderr,
        mishap,
    })
}

/// The exit code, if it has one; nothing at all where time is up.
fn wait(child: &mut Child, patience: Duration) -> Option<Option<i32>> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.code()),
            Ok(None) if start.elapsed() < patience => thread::sleep(Duration::from_millis(10)),
            _ => {
                drop(child.kill());
                drop(child.wait());
                return None;
            }
        }
    }
}

fn drain(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        drop(stream.by_ref().take(MOST_TEXT).read_to_end(&mut bytes));
        drop(std::io::copy(&mut stream, &mut std::io::sink()));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn panic_message(stderr: &str) -> String {
    let lines = stderr
        .lines()
        .skip_while(|line| !line.contains("panicked at"));
    let message: Vec<&str> = lines.take(2).collect();
    format!("panic: {}", message.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_does_not_end_is_killed() {
        let ended = run(Command::new("sleep").arg("60"), Duration::from_millis(50));
        let ended = ended.expect("sleep runs");
        assert_eq!(ended.code, None);
        assert_eq!(ended.mishap.as_deref(), Some("no end after 0 s"));
    }

    #[test]
    fn a_panic_is_told_from_a_failure() {
        let exit = |code: &str| {
            let ended = run(
                Command::new("sh").args(["-c", &format!("echo panicked at a.rs >&2; exit {code}")]),
                Duration::from_secs(60),
            );
            ended.expect("sh runs").mishap
        };
        assert_eq!(exit("101").as_deref(), Some("panic: panicked at a.rs"));
        assert_eq!(exit("1"), None);
    }
}
