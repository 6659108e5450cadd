//! The command as a person sees it, on a terminal of its own.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use tokensmith_mock::{MockServer, Options, Provider};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{spec_argument, tokensmith};

const TOKEN: &str =
    r#"{"access_token":"t0ken","token_type":"Bearer","expires_in":3600,"scope":"a b"}"#;

/// What the environment says of the terminal and of the client.
const USUAL: [(&str, &str); 3] = [
    ("TERM", "xterm-256color"),
    ("TOKENSMITH_CLIENT_ID", "app"),
    ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
];

/// A run on a terminal.
pub(crate) struct Session {
    child: Child,
    terminal: File,
}

impl Session {
    /// Runs the command with nothing in its environment but these variables.
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::of(env!("CARGO_BIN_EXE_tokensmith"), arguments, variables)
    }

    /// Runs a program in the same way.
    pub(crate) fn of(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&terminal)
            .and_then(|()| unlockpt(&terminal))
            .expect("is ours");
        let size = Winsize {
            ws_row: 40,
            ws_col: 100,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&terminal, size).expect("is ours");
        let name = ptsname(&terminal, Vec::new()).expect("it has a name");
        let name = name.into_string().expect("UTF-8");
        let open = || {
            let file = File::options().read(true).write(true).open(&name);
            Stdio::from(OwnedFd::from(file.expect("is ours")))
        };
        // The terminal controls the session, so that a prompt can turn its echo off.
        let child = Command::new("setsid")
            .args(["--ctty", "--wait", program])
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap_or_default())
            .envs(variables.iter().copied())
            .stdin(open())
            .stdout(open())
            .stderr(open())
            .spawn()
            .expect("setsid of util-linux");
        Self {
            child,
            terminal: File::from(terminal),
        }
    }

    /// Reads until a text is on the screen.
    pub(crate) fn wait_for(&mut self, expected: &str) -> String {
        let (mut screen, mut buffer) = (String::new(), [0; 1024]);
        while !screen.contains(expected) {
            let count = self.terminal.read(&mut buffer).unwrap_or(0);
            assert_ne!(count, 0, "{expected} in {screen}");
            screen += &String::from_utf8_lossy(&buffer[..count]);
        }
        screen
    }

    /// Waits until the terminal shows nothing of what is typed: a prompt is there a moment before.
    fn wait_for_silence(&self) {
        let echoes = || {
            let modes = tcgetattr(&self.terminal).expect("a terminal").local_modes;
            modes.contains(LocalModes::ECHO)
        };
        while echoes() {
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn type_line(&mut self, line: &str) {
        self.press(line);
        self.press("\n");
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        let keys = keys.as_bytes();
        self.terminal.write_all(keys).expect("it listens");
    }

    /// The rest of what it prints, and its exit code.
    pub(crate) fn finish(mut self) -> (String, Option<i32>) {
        let mut bytes = Vec::new();
        // The end is an error, once nobody has the other side.
        let _ = self.terminal.read_to_end(&mut bytes);
        let status = self.child.wait().expect("is a child");
        let screen = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        (screen, status.code())
    }
}

fn screen(arguments: &[&str], variables: &[(&str, &str)]) -> (String, Option<i32>) {
    Session::start(arguments, variables).finish()
}

/// A run against a server that gives a token.
fn token(variables: &[(&str, &str)], more: &[&str]) -> String {
    let server = Server::start(|_| ServerResponse::json(200, TOKEN));
    let url = server.url();
    let arguments = ["token", "moov", "--server", &url];
    let (screen, code) = screen(&[&arguments[..], more].concat(), variables);
    assert_eq!(code, Some(0), "{screen}");
    screen
}

#[test]
fn a_token_is_a_text_for_people_and_json_where_it_is_asked_for() {
    let plain = [&USUAL[..], &[("NO_COLOR", "1")]].concat();
    let text = token(&plain, &[]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..2],
        ["access token   t0ken", "token type     Bearer"]
    );
    assert!(
        lines[2].starts_with("expires        in 1 hour (2") && lines[2].ends_with(" UTC)"),
        "{text}"
    );
    assert_eq!(lines[3..], ["scope          a b"]);
    let json = token(&plain, &["--output", "json"]);
    assert!(json.starts_with("{\"access_token\":\"t0ken\","), "{json}");
}

#[test]
fn colours_are_as_the_environment_says() {
    let escape = "\u{1b}[";
    assert!(token(&USUAL, &[]).contains(escape));
    let without: [&[(&str, &str)]; 4] = [
        &[("NO_COLOR", "1")],
        &[("CLICOLOR", "0")],
        &[("TERM", "dumb")],
        &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
    ];
    for variables in without {
        let text = token(&[&USUAL[..], variables].concat(), &[]);
        assert!(!text.contains(escape), "{variables:?}: {text}");
    }
    let force = [("CLICOLOR_FORCE", "1")];
    let piped = crate::run::tokensmith_with(&["providers", "moov"], &force);
    assert!(piped.stdout.contains(escape), "{}", piped.stdout);
    let piped = tokensmith(&["providers", "moov"]);
    assert!(!piped.stdout.contains(escape), "{}", piped.stdout);
}

#[test]
fn a_failure_says_what_happened_and_what_to_try() {
    let server = Server::start(|_| {
        let body = r#"{"error":"invalid_client","error_description":"Unknown client"}"#;
        ServerResponse::json(401, body).header("X-Request-Id", "r-1")
    });
    let url = server.url();
    let plain = [&USUAL[..], &[("NO_COLOR", "1")]].concat();
    let arguments = ["token", "moov", "--server", &url, "--client-auth", "basic"];
    let (text, code) = screen(&arguments, &plain);
    assert_eq!(code, Some(1));
    let host = url.strip_prefix("http://").expect("http");
    let expected = format!(
        "\
error: Moov refused the request: invalid_client

  request     POST {host}/oauth2/token
  response    HTTP 401 Unauthorized
  error       invalid_client
  message     Unknown client
  request id  r-1 (the provider's support asks for it)

Likely: the client id or the secret is wrong, or belongs to another server of the provider.

Try:
  - look at TOKENSMITH_CLIENT_ID and TOKENSMITH_CLIENT_SECRET
  - --client-auth basic and --client-auth body send the secret in another place
  - -v shows the request and the response, without secrets

Documentation: https://docs.moov.io/api/authentication/access-tokens/
"
    );
    assert_eq!(text, expected);
    let (json, code) = screen(&[&arguments[..], &["--output", "json"]].concat(), &plain);
    assert_eq!(code, Some(1));
    assert!(
        json.starts_with("{\"error\":{\"kind\":\"provider\","),
        "{json}"
    );
}

#[test]
fn a_redirect_is_shown_without_its_query() {
    let server = Server::start(|_| {
        let target = "https://elsewhere.example/login?code=canary#canary";
        ServerResponse::new(302).header("Location", target)
    });
    let plain = [&USUAL[..], &[("NO_COLOR", "1")]].concat();
    for more in [&[][..], &["-v"], &["-vv"]] {
        let arguments = ["token", "moov", "--server", &server.url()];
        let (text, code) = screen(&[&arguments[..], more].concat(), &plain);
        assert_eq!(code, Some(1));
        let headline =
            "error: Moov redirects to https://elsewhere.example/login, which is not followed\n";
        assert!(text.contains(headline), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }
}

#[test]
fn what_takes_long_is_told_and_the_line_goes() {
    let server = Server::start(|_| {
        thread::sleep(Duration::from_millis(1_200));
        ServerResponse::json(200, TOKEN)
    });
    let arguments = ["token", "moov", "--server", &server.url()];
    let (text, code) = screen(&arguments, &USUAL);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("waiting for 127.0.0.1 ("), "{text}");
    let (_, last) = text
        .rsplit_once("\r\u{1b}[2K")
        .expect("the line is cleared");
    assert!(last.contains("access token"), "{text}");
    let piped = tokensmith(&arguments);
    assert_eq!(piped.stderr, "", "nobody watches");
    assert!(!token(&USUAL, &[]).contains("waiting"), "it was quick");
}

#[test]
fn secrets_are_asked_for_without_echo() {
    let server = Server::start(|_| ServerResponse::json(200, TOKEN));
    let arguments = [
        "token",
        "moov",
        "--server",
        &server.url(),
        "--client-auth",
        "body",
        "--grant",
        "refresh_token",
        "--secret-param",
        "refresh_token=NOT_SET",
    ];
    let mut session = Session::start(&arguments, &[("TERM", "xterm"), ("NO_COLOR", "1")]);
    let mut shown = session.wait_for("Value of the secret parameter refresh_token: ");
    session.wait_for_silence();
    session.type_line("canary-refresh");
    shown += &session.wait_for("Client id: ");
    session.type_line("app");
    shown += &session.wait_for("Client secret: ");
    session.wait_for_silence();
    session.type_line("canary-secret");
    let (rest, code) = session.finish();
    assert_eq!(code, Some(0), "{rest}");
    shown += &rest;
    assert!(!shown.contains("canary"), "{shown}");
    let requests = server.requests();
    let body = requests[0].text();
    for value in ["canary-refresh", "client_id=app", "canary-secret"] {
        assert!(body.contains(value), "{body}");
    }
}

/// The files below a folder that have a content.
fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("is there").path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path.display().to_string()),
            }
        }
    }
    files
}

#[test]
fn an_interrupted_run_writes_all_or_nothing() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = spec_argument("moov.yaml");
    let run = |name: &str, patience: Option<Duration>| {
        let out = folder.path().join(name);
        let mut child = Command::new(env!("CARGO_BIN_EXE_tokensmith"))
            .args(["generate", "--spec", &file, "--out"])
            .arg(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        if let Some(patience) = patience {
            thread::sleep(patience);
            let id = Pid::from_child(&child);
            kill_process(id, Signal::INT).expect("is a child");
        }
        child.wait().expect("is a child");
        files(&out).len()
    };
    let start = std::time::Instant::now();
    let all = run("whole", None);
    let whole = start.elapsed();
    assert!(all > 5, "{all} files");
    const TRIES: u32 = 40;
    for number in 0..TRIES {
        let written = run(&number.to_string(), Some(whole * number / TRIES));
        assert!([0, all].contains(&written), "{written} of {all} files");
    }
}

#[test]
fn signing_in_with_another_device_shows_a_picture_and_the_time_that_is_left() {
    let provider = Provider::standard(Options::new().approve());
    let address = "127.0.0.1:0".parse().expect("an address");
    let server = MockServer::start(provider, address).expect("a free port");
    let arguments = ["login", "--device", "--issuer", &server.url()];
    let (screen, code) = screen(&arguments, &USUAL);
    assert_eq!(code, Some(0), "{screen}");
    for shown in [
        "with the code ",
        "\u{2588}\u{2580}",
        "within 10 min.",
        "left)",
        "access token",
    ] {
        assert!(screen.contains(shown), "{shown} in {screen}");
    }
}
