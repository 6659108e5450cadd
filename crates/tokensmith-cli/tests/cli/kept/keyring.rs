//! With a keyring of the operating system, and without. On other systems the tests would write into
//! the keyring of whoever runs them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;
use tokensmith_mock::Options;

use super::Home;
use crate::login::standard;
use crate::run::{command, finish};

#[test]
fn a_key_in_a_file_is_told_of_and_nobody_elses() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let url = format!("{}/token", server.url());
    let run = |arguments: &[&str]| {
        let client = [
            ("TOKENSMITH_CLIENT_ID", "app"),
            ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
        ];
        finish(
            command(arguments)
                .env("TOKENSMITH_HOME", home.path().join("kept"))
                .envs(client),
        )
    };
    let kept = run(&["token", "--token-url", &url, "--keep", "payments"]);
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);
    assert!(
        kept.stderr
            .contains("the operating system's keyring cannot be used"),
        "{}",
        kept.stderr
    );
    assert!(
        kept.stderr
            .contains("whoever can read your files can read them"),
        "{}",
        kept.stderr
    );
    let members: Value = serde_json::from_str(&kept.stdout).expect("JSON");
    assert_eq!(members[0]["key"], "file");
    let folder = home.path().join("kept");
    let mode =
        |path: &std::path::Path| fs::metadata(path).expect("is there").permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("key"))), (0o700, 0o600));
    for (path, _) in home.files() {
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
    }
    let token = run(&["token", "--kept", "payments"]).token();
    assert!(token["access_token"].is_string());
}

/// Runs a program in a D-Bus session with a GNOME Keyring that a password has unlocked.
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
"$TOKENSMITH" token --token-url "$URL" --grant password --param username=a \
    --secret-param password=PASSWORD --keep work &&
"$TOKENSMITH" token --kept work --output token &&
find "$TOKENSMITH_HOME" -type f -name '????????????????????????????????????????????????????????????????' -delete &&
"$TOKENSMITH" token --kept work --output token &&
"$TOKENSMITH" kept &&
"$TOKENSMITH" logout work --forget
outcome=$?
kill $daemon
exit $outcome
"#;

#[test]
fn the_keyring_of_the_session_has_the_key_and_the_refresh_token() {
    let home = tempfile::tempdir().expect("a folder");
    let server = standard(Options::new().rotate(true));
    let [runtime, data] = ["run", "data"].map(|name| {
        let folder = home.path().join(name);
        fs::create_dir(&folder).expect("a folder");
        folder
    });
    let output = std::process::Command::new("dbus-run-session")
        .args(["--", "sh", "-c", SESSION])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("TOKENSMITH_KEY")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", runtime)
        .env("XDG_DATA_HOME", &data)
        .env("TOKENSMITH_HOME", home.path().join("kept"))
        .env("TOKENSMITH", env!("CARGO_BIN_EXE_tokensmith"))
        .env("TOKENSMITH_CLIENT_ID", "app")
        .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
        .env("PASSWORD", "secret")
        .env("URL", format!("{}/token", server.url()))
        .output()
        .expect("D-Bus is missing; install it with `cargo xtask setup`");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(!stderr.contains("note: "), "{stderr}");
    let lines: Vec<&str> = stdout.lines().collect();
    assert_ne!(lines[1], lines[2]);
    let kept: Value = serde_json::from_str(lines[3]).expect("JSON");
    assert_eq!(kept[0]["key"], "keyring");
    assert_eq!(super::count(&server, "refresh_token"), 1);
    assert!(!home.path().join("kept/key").exists());
}
