//! Refresh tokens in the operating system's keyring: in one of a test, and in a real one.

use std::fs;
use std::path::Path;
use std::process::Command;

use tokensmith_cache::{RefreshTokenStore as _, Saved, SystemKeyringStore};
use tokensmith_tests::example;

use crate::refresh_token_store::{begin, name, runtime};

fn mock_keyring(folder: &Path) -> SystemKeyringStore {
    let credentials = keyring_core::mock::Store::new().expect("credentials");
    SystemKeyringStore::with_credentials(credentials, "test", folder).expect("a store")
}

#[test]
fn a_keyring_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = mock_keyring(folder.path());
    let checked = runtime().block_on(tokensmith_cache::testing::check_store(&store));
    checked.expect("no rule is broken");
}

#[test]
fn a_keyring_has_the_values_and_the_folder_has_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = mock_keyring(folder.path());
    runtime().block_on(async {
        store.put(&name(1), b"s3cret").await.expect("an outcome");
        let section = begin(&store, &name(1)).await;
        let saved = store.save(&name(1), section, b"n3xt-s3cret").await;
        assert_eq!(saved.expect("an outcome"), Saved::Saved);
        let file = folder
            .path()
            .join(format!("00/{}.refresh", name(1).as_str()));
        let content = fs::read_to_string(file).expect("a file");
        assert!(content.contains("\"value\":null"), "{content}");
    });
    let keys = [store.keyring(), store.keyring()].map(|keyring| keyring.expect("a key"));
    assert_eq!(format!("{:?}", keys[0]), format!("{:?}", keys[1]));
}

#[test]
fn a_machine_without_a_keyring_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    // In a process of its own: others may have a session.
    let output = Command::new(example::path("system_keyring"))
        .arg(folder.path())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .output()
        .expect("a program");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        message.contains("the operating system's keyring cannot be used")
            && message.contains("Secret Service"),
        "{message}"
    );
}

/// Runs a program in a D-Bus session with a GNOME Keyring that a password has unlocked.
#[cfg(target_os = "linux")]
const SESSION: &str = r#"
printf password | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null &
daemon=$!
tries=0
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true
do
    tries=$((tries + 1))
    test $tries -lt 200 || { echo "gnome-keyring-daemon does not start" >&2; exit 3; }
    sleep 0.05
done
"$@"
outcome=$?
kill $daemon
exit $outcome
"#;

#[cfg(target_os = "linux")]
#[test]
fn gnome_keyring_keeps_the_contract() {
    let home = tempfile::tempdir().expect("a folder");
    let [runtime, data] = ["run", "data"].map(|name| {
        let folder = home.path().join(name);
        fs::create_dir(&folder).expect("a folder");
        folder
    });
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", SESSION, "sh"])
        .arg(example::path("system_keyring"))
        .arg(home.path().join("tokens"))
        // Nothing of the user's session: neither the keyring nor a window that asks for a password.
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", runtime)
        .env("XDG_DATA_HOME", &data)
        .output()
        .expect("D-Bus is missing; install it with `cargo xtask setup`");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
    let keyring = fs::read(data.join("keyrings/login.keyring"));
    assert!(!keyring.expect("a keyring").is_empty());
}
