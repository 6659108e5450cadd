//! Where the key is.

use tokensmith_mock::Options;

use super::{Home, keep};
use crate::login::standard;
use crate::run::{command, finish};

#[test]
fn another_key_opens_nothing() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    let with_key = |key: Option<&str>| {
        let mut command = command(&["token", "--kept", "work"]);
        command.env("TOKENSMITH_HOME", home.path());
        if let Some(key) = key {
            command.env("TOKENSMITH_KEY", key);
        }
        finish(&mut command).error()["message"].to_string()
    };
    let other = "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let message = with_key(Some(other));
    assert!(
        message.contains("cannot be decrypted") && message.contains("TOKENSMITH_KEY"),
        "{message}"
    );
    assert!(!message.contains(other), "{message}");
    let message = with_key(None);
    assert!(
        message.contains("TOKENSMITH_KEY, which is not set"),
        "{message}"
    );
    let message = with_key(Some("canary"));
    assert!(
        message.contains("openssl rand -base64 32") && !message.contains("canary"),
        "{message}"
    );
    // The list needs no key.
    let kept = finish(command(&["kept"]).env("TOKENSMITH_HOME", home.path()));
    assert!(kept.stdout.contains("\"name\":\"work\""), "{}", kept.stdout);
}
