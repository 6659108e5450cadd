//! The folder of kept tokens, and paths that are kept.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;

use serde_json::Value;
use tokensmith_mock::Options;

use super::{Home, keep};
use crate::login::standard;
use crate::run::{command, finish};

#[test]
fn a_folder_has_an_absolute_path() {
    let run = finish(command(&["kept"]).env("TOKENSMITH_HOME", "kept-here"));
    let message = run.error()["message"].to_string();
    assert!(
        message.contains("TOKENSMITH_HOME is `kept-here`: it has to be an absolute path"),
        "{message}"
    );
    // As if it were not set.
    let home = tempfile::tempdir().expect("a folder");
    let mut unset = command(&["kept"]);
    unset.env("TOKENSMITH_HOME", "").env("HOME", home.path());
    assert_eq!(finish(unset.env_remove("XDG_STATE_HOME")).stdout, "[]\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_cannot_be_kept_is_refused_before_anything_is_sent() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let url = format!("{}/token", server.url());
    let key = home.path().join(OsStr::from_bytes(b"key-\xff.pem"));
    fs::write(&key, "a key").expect("there is room");
    let arguments = ["token", "--token-url", &url, "--keep", "ci", "--client-key"];
    let mut command = home.command_as("app", &arguments);
    let message = finish(command.arg(&key)).error()["message"].to_string();
    assert!(message.contains("the path is not UTF-8"), "{message}");
    assert!(!home.is_kept());
    assert!(server.provider().requests().is_empty());
}

/// A disk that is full keeps nobody from a token that is there.
#[test]
fn a_token_is_printed_also_if_its_expiry_cannot_be_noted() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    home.lose_access_tokens();
    home.break_names();
    // Whole seconds are noted.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let run = home.run(&["token", "--kept", "work"]);
    assert!(run.token()["access_token"].is_string());
    assert!(
        run.stderr
            .starts_with("note: what `tokensmith kept` says of `work` is out of date"),
        "{}",
        run.stderr
    );
    home.mend_names();
    let kept: Value = serde_json::from_str(&home.run(&["kept"]).stdout).expect("JSON");
    assert_eq!(kept[0]["name"], "work");
}
