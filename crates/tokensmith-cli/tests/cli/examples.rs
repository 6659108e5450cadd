//! Each example of the help and of README.md runs as it is written, against mocks.
//!
//! Only hosts are replaced: a provider's by its mock's, and the port of a mock by a free one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use tokensmith_mock::{MockServer, Options, Provider};
use tokensmith_providers::PROVIDERS;

use crate::run::{spec, tokensmith, tokensmith_with};

/// A key for kept tokens, of 32 bytes.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A folder with the files that examples name, and the servers that they need.
struct Stage {
    folder: TempDir,
    standard: MockServer,
    providers: BTreeMap<&'static str, MockServer>,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let path = folder.path();
        for (from, to) in [
            ("moov.yaml", "my-provider.yaml"),
            ("moveworks.yaml", "vendor.yaml"),
            ("moveworks.overlay.yaml", "completed.yaml"),
        ] {
            fs::copy(spec(from), path.join(to)).expect("there is room");
        }
        let write =
            |name: &str, text: &str| fs::write(path.join(name), text).expect("there is room");
        write("faults.yaml", "- {status: 503, times: 1}");
        write("key.pem", include_str!("rsa.pem"));
        private(&path.join("key.pem"));
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        for name in ["dpop.pem", "next.pem"] {
            write(name, &pair.serialize_pem());
            private(&path.join(name));
        }
        for folder in [
            ".local/share/bash-completion/completions",
            ".zfunc",
            ".config/fish/completions",
        ] {
            fs::create_dir_all(path.join(folder)).expect("there is room");
        }
        fs::create_dir(path.join("bin")).expect("there is room");
        write(
            "bin/xdg-open",
            "#!/bin/sh\nexec curl --silent --location --output /dev/null \"$1\"\n",
        );
        executable(&path.join("bin/xdg-open"));
        let standard = start(Provider::standard(Options::new().approve()));
        let connector = format!(
            "kind: oauth2\ntoken_url: {}/token\nclient_id: app\n",
            standard.url()
        );
        write("connector.yaml", &connector);
        let several = connector.replace('\n', "\n  ");
        write("connectors.yaml", &format!("crm:\n  {}\n", several.trim()));
        Self {
            folder,
            standard,
            providers: BTreeMap::new(),
        }
    }

    /// The URL of the mock of a provider.
    fn provider(&mut self, name: &str) -> String {
        let mut entries = PROVIDERS.iter();
        let entry = entries
            .find(|entry| entry.description.name() == name)
            .unwrap_or_else(|| panic!("{name} is not built in"));
        let servers = self.providers.entry(entry.description.name());
        let server =
            servers.or_insert_with(|| start(Provider::of(entry, Options::new().approve())));
        server.url()
    }

    /// Runs a command line of an example.
    fn run(&mut self, line: &str) {
        match line.strip_prefix("tokensmith mock") {
            Some(arguments) => self.serve(arguments),
            None => self.finish(line),
        }
    }

    /// Runs a command that ends by itself.
    fn finish(&mut self, line: &str) {
        let line = self.with_hosts(line);
        let refresh_token = self.refresh_token(&line);
        let output = self
            .shell(&format!("{line}\n"))
            .env("REFRESH_TOKEN", refresh_token)
            .env(
                "TOKENSMITH_REFRESH_TOKEN",
                self.held("refresh_token", &line),
            )
            .env("TOKENSMITH_TOKEN", self.held("access_token", &line))
            .output()
            .expect("there is a shell");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{line}\n{stdout}{stderr}");
        assert!(
            line.contains('>') || !stdout.is_empty(),
            "{line} prints nothing"
        );
    }

    /// Runs a mock until it says where it listens.
    fn serve(&self, arguments: &str) {
        let arguments = match arguments.split_once(" --listen ") {
            Some((before, _)) => before,
            None => arguments,
        };
        let line = format!("exec tokensmith mock{arguments} --listen 127.0.0.1:0");
        let mut child = self
            .shell(&line)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let output = child.stdout.take().expect("a piped output");
        let mut first = String::new();
        BufReader::new(output).read_line(&mut first).expect("UTF-8");
        child.kill().expect("is a child");
        child.wait().expect("is a child");
        assert!(first.contains(" at http://127.0.0.1:"), "{line}: {first}");
    }

    fn shell(&self, line: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_tokensmith"));
        let folder = program.parent().expect("is in a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let home = self.folder.path();
        let mut shell = Command::new("sh");
        shell
            .args(["-c", line])
            .current_dir(home)
            .env(
                "PATH",
                format!("{}:{}/bin:{path}", folder.display(), home.display()),
            )
            .env("HOME", home)
            .env("PROFILE", home.join("profile.ps1"))
            .env("TOKENSMITH_CLIENT_ID", "app")
            .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
            .env("TOKENSMITH_HOME", home.join("kept"))
            .env("TOKENSMITH_KEY", KEY)
            .stdin(Stdio::null());
        shell
    }

    /// The line with the hosts of mocks in the places of others. No example reaches another host.
    fn with_hosts(&mut self, line: &str) -> String {
        let mut words = line.split_whitespace().skip(1);
        let command = words.next().unwrap_or_default();
        let source = words.next().unwrap_or_default();
        let local = [
            "check",
            "completions",
            "generate",
            "jwks",
            "kept",
            "logout",
            "man",
            "providers",
        ];
        let is_local = local.contains(&command);
        let is_printed = line.contains("--dry-run") || line.contains("--curl");
        let is_kept = line.contains("--kept");
        if is_local || is_printed || is_kept {
            return line.to_owned();
        }
        let standard = self.standard.url();
        // Another program may have the port.
        let line = line.replace("http://localhost:8085", "http://localhost");
        let line = line.replace("https://auth.example.com/oauth2", &standard);
        if line.contains(&standard) || line.contains("--connector") {
            return line;
        }
        let url = self.provider(match source {
            "--spec" => "moov",
            name => name,
        });
        match line.contains("http://127.0.0.1:8080") {
            true => line.replace("http://127.0.0.1:8080", &url),
            false => format!("{line} --server {url}"),
        }
    }

    /// A token that the server which follows the RFCs has issued, if the line is of a command that is
    /// given one.
    fn held(&self, name: &str, line: &str) -> String {
        let commands = ["refresh", "revoke", "introspect", "userinfo"];
        let command = line.split(' ').nth(1).unwrap_or_default();
        if !commands.contains(&command) {
            return String::new();
        }
        let url = format!("{}/token", self.standard.url());
        let client = [
            ("TOKENSMITH_CLIENT_ID", "app"),
            ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
            ("PASSWORD", "secret"),
        ];
        let person = ["--grant", "password", "--param", "username=a"];
        let arguments = [
            "token",
            "--token-url",
            &url,
            "--secret-param",
            "password=PASSWORD",
        ];
        let token = tokensmith_with(&[&arguments[..], &person].concat(), &client).token();
        token[name].as_str().expect("a token").to_owned()
    }

    /// A refresh token that the mock has issued, if the line needs one.
    fn refresh_token(&mut self, line: &str) -> String {
        if !line.contains("REFRESH_TOKEN") {
            return String::new();
        }
        let url = self.provider("moov");
        let client = [
            ("TOKENSMITH_CLIENT_ID", "app"),
            ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
        ];
        let token = tokensmith_with(&["token", "moov", "--server", &url], &client).token();
        let token = token["refresh_token"].as_str();
        token.expect("a refresh token").to_owned()
    }
}

fn start(provider: Provider) -> MockServer {
    let address: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    MockServer::start(provider, address).expect("a free port")
}

/// Takes the file away from other users, as the command asks for.
fn private(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("is ours");
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// Lets the file be run.
fn executable(file: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o700)).expect("is ours");
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// The command lines among some lines, each with what follows a backslash.
fn commands<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let line = line.trim();
        let (part, has_more) = match line.strip_suffix('\\') {
            Some(part) => (part.trim_end(), true),
            None => (line, false),
        };
        if goes_on {
            if let Some(last) = commands.last_mut() {
                last.push(' ');
                last.push_str(part);
            }
        } else if part.starts_with("tokensmith ") {
            commands.push(part.to_owned());
        }
        goes_on = has_more;
    }
    commands
}

/// The examples in the help of a subcommand, or of the program.
fn examples(command: &[&str]) -> Vec<String> {
    let help = tokensmith(&[command, &["--help"]].concat());
    assert_eq!(help.code, Some(0), "{}", help.stderr);
    let (_, examples) = help.stdout.split_once("\nExamples:\n").expect("examples");
    let (examples, codes) = examples.split_once("\nExit codes:\n").expect("exit codes");
    for code in ["0 ", "1 ", "2 ", "130 "] {
        assert!(codes.contains(code), "{codes}");
    }
    commands(examples.lines())
}

/// The subcommands that the help lists.
fn subcommands() -> Vec<String> {
    let help = tokensmith(&["--help"]).stdout;
    let (_, list) = help.split_once("\nCommands:\n").expect("subcommands");
    let (list, _) = list.split_once("\n\n").expect("an end");
    let names = list
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let names = names.filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

#[test]
fn the_examples_of_the_help_run() {
    let mut stage = Stage::new();
    for example in examples(&[]) {
        stage.run(&example);
    }
    let names = subcommands();
    assert!(names.iter().any(|name| name == "token"), "{names:?}");
    for name in names {
        let examples = examples(&[&name]);
        assert!(!examples.is_empty(), "{name} has no example");
        for example in examples {
            stage.run(&example);
        }
    }
}

#[test]
fn the_examples_of_the_readme_run() {
    let readme = spec("../README.md");
    let readme = fs::read_to_string(readme).expect("is there");
    let mut blocks = readme.split("```sh\n").skip(1);
    let mut lines = Vec::new();
    for block in &mut blocks {
        let (block, _) = block.split_once("\n```").expect("an end");
        lines.extend(block.lines());
    }
    let commands = commands(lines.into_iter());
    assert!(
        commands
            .iter()
            .any(|line| line.starts_with("tokensmith mock moov")),
        "{commands:?}"
    );
    let mut stage = Stage::new();
    for command in commands {
        // A comment may stand behind it.
        let command = command.split("  #").next().unwrap_or_default().trim_end();
        stage.run(command);
    }
}

#[test]
fn a_reader_that_has_enough_is_not_told_of() {
    let stage = Stage::new();
    let line = "{ tokensmith providers --output json; echo $? > code; } | head -c 10";
    let output = stage.shell(line).output().expect("there is a shell");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.stdout.len(), 10);
    let code = fs::read_to_string(stage.folder.path().join("code")).expect("is written");
    assert_eq!(code, "1\n");
}
