//! `cargo xtask codegen --watch`: again whenever a document is saved.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher as _};

use tokensmith_codegen::diagnostic::output;

/// Editors write a file in several steps; what comes within this time is one change.
const QUIET: Duration = Duration::from_millis(100);

/// Generates at once and after each change, until it is interrupted.
pub(crate) fn run(
    root: &Path,
    generate: impl Fn() -> Result<ExitCode, String>,
) -> Result<ExitCode, String> {
    let (sender, changes) = mpsc::channel();
    let folder = root.join("specs");
    let watched = folder.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let concerns = event.as_ref().map_or(true, |event| {
            !matches!(event.kind, EventKind::Access(_))
                && event.paths.iter().any(|path| path.starts_with(&watched))
        });
        // Whoever listens has gone when this fails.
        let _ = concerns.then(|| sender.send(()));
    })
    .map_err(|error| format!("{} cannot be watched: {error}", folder.display()))?;
    // The folder, not its files: editors replace a file by another of its name.
    watcher
        .watch(&folder, RecursiveMode::Recursive)
        .map_err(|error| format!("{} cannot be watched: {error}", folder.display()))?;
    loop {
        if let Err(message) = generate() {
            output::print_error(format!("error: {message}"));
        }
        output::print("watching specs; Ctrl-C ends it");
        if changes.recv().is_err() {
            return Err("the folder is watched no more".to_owned());
        }
        loop {
            match changes.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err("the folder is watched no more".to_owned());
                }
            }
        }
    }
}
