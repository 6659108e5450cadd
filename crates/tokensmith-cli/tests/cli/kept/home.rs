//! A home directory in which the command keeps tokens.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::KEY;
use crate::login::browser::{Login, get};
use crate::run::{Run, command, finish};

/// A folder of kept tokens.
pub(super) struct Home(TempDir);

impl Home {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().expect("there is room"))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The environment of a run that keeps tokens here.
    pub(super) fn variables(&self) -> [(&'static str, String); 2] {
        let folder = self.path().to_str().expect("UTF-8").to_owned();
        [
            ("TOKENSMITH_HOME", folder),
            ("TOKENSMITH_KEY", KEY.to_owned()),
        ]
    }

    /// Runs the command without a client.
    pub(super) fn run(&self, arguments: &[&str]) -> Run {
        finish(command(arguments).envs(self.variables()))
    }

    /// Runs it with a client.
    pub(super) fn run_as_client(&self, arguments: &[&str]) -> Run {
        self.run_as("app", arguments)
    }

    /// Runs it with a client of this id.
    pub(super) fn run_as(&self, client_id: &str, arguments: &[&str]) -> Run {
        finish(&mut self.command_as(client_id, arguments))
    }

    /// The command with a client of this id.
    pub(super) fn command_as(&self, client_id: &str, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command
            .envs(self.variables())
            .env("TOKENSMITH_CLIENT_ID", client_id)
            .env("TOKENSMITH_CLIENT_SECRET", "s3cret");
        command
    }

    /// Signs in, and returns what the command prints.
    #[track_caller]
    pub(super) fn login(&self, arguments: &[&str]) -> Run {
        let variables = self.variables();
        let variables = variables
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let login = Login::start_with(arguments, &variables);
        assert_eq!(get(&login.away()).status, 200);
        login.finish()
    }

    /// A valid token of a name.
    #[track_caller]
    pub(super) fn token(&self, name: &str) -> Value {
        self.run(&["token", "--kept", name]).token()
    }

    /// All files, with what is in them.
    pub(super) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push((path.clone(), fs::read(path).expect("a file"))),
                }
            }
        }
        files
    }

    /// The files of access tokens, whose names have 64 digits. One that was deleted leaves a file
    /// with an empty value.
    pub(super) fn access_tokens(&self) -> Vec<PathBuf> {
        let mut files = self.files();
        files.retain(|(path, content)| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.len() == 64) && {
                let content: Value = serde_json::from_slice(content).expect("JSON");
                let value = content["token"]["value"].as_array();
                value.is_some_and(|value| !value.is_empty())
            }
        });
        files.into_iter().map(|(path, _)| path).collect()
    }

    /// The files of refresh tokens. One that was deleted leaves a file without a value.
    pub(super) fn refresh_tokens(&self) -> Vec<PathBuf> {
        let mut files = self.files();
        files.retain(|(path, content)| {
            path.extension().is_some_and(|end| end == "refresh") && {
                let content: Value = serde_json::from_slice(content).expect("JSON");
                !content["entry"]["value"].is_null()
            }
        });
        files.into_iter().map(|(path, _)| path).collect()
    }

    /// Loses the access tokens, as if they had expired.
    pub(super) fn lose_access_tokens(&self) {
        let lost = self.access_tokens();
        assert!(!lost.is_empty());
        for path in lost {
            fs::remove_file(path).expect("is ours");
        }
    }

    /// Has every attempt to write a record fail.
    pub(super) fn break_names(&self) {
        fs::create_dir(self.path().join("next")).expect("a folder");
    }

    pub(super) fn mend_names(&self) {
        fs::remove_dir(self.path().join("next")).expect("a folder");
    }

    /// Whether anything is kept.
    pub(super) fn is_kept(&self) -> bool {
        self.run(&["kept"]).stdout != "[]\n"
    }
}
