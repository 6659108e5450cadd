//! `cargo xtask setup`, on a machine whose programs are scripts.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder of programs, which is all that `PATH` has, and a project whose peers are not installed.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new(user: &str) -> Self {
        let machine = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for folder in ["bin", "tests/peers"] {
            fs::create_dir_all(machine.path().join(folder)).expect("a folder");
        }
        for lock_file in ["package-lock.json", "authlib.txt"] {
            let lock_file = machine.path().join("tests/peers").join(lock_file);
            fs::write(lock_file, "{}").expect("a file");
        }
        machine.program("cargo", "exit 0");
        machine.program("node", "echo v20.20.2");
        machine.program("id", &format!("echo {user}"));
        machine.program(
            "npm",
            "[ $1 = --version ] && exit 0\n\
             echo \"$@\" >> ../../npm.log\n\
             /bin/sleep 0.3\n\
             /bin/mkdir -p node_modules\n\
             echo > node_modules/.package-lock.json",
        );
        // What is installed as `python3`, and by itself into environments.
        machine.program(
            "python3.script",
            "[ $1 = -c ] && exit 0\n\
             echo \"$@\" >> ../../pip.log\n\
             /bin/sleep 0.3\n\
             [ $2 = venv ] || exit 0\n\
             /bin/mkdir -p venv/bin\n\
             /bin/cp $BIN/python3 venv/bin/python",
        );
        // It installs programs that do nothing, the longer way round so that others come meanwhile.
        machine.program(
            "apt-get",
            "echo \"$@\" >> $LOG\n\
             /bin/sleep 0.3\n\
             case \"$*\" in *install*)\n\
             for program in redis-server postgres valgrind gnome-keyring-daemon \
             dbus-run-session dbus-send curl chromium zsh fish; do\n\
             /bin/cp /bin/true $BIN/$program; done\n\
             /bin/cp $BIN/python3.script $BIN/python3;; esac",
        );
        machine
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn program(&self, name: &str, script: &str) {
        let program = self.path().join("bin").join(name);
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("a file");
        fs::set_permissions(program, Permissions::from_mode(0o755)).expect("our own file");
    }

    fn setup(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("setup")
            .current_dir(self.path())
            .env("CARGO_MANIFEST_DIR", self.path().join("xtask"))
            .env("PATH", self.path().join("bin"))
            .env("BIN", self.path().join("bin"))
            .env("LOG", self.path().join("apt.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The calls of a program so far, a line each.
    fn calls(&self, log: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path().join(log)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Fails unless the set-up worked.
fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", text(&output.stderr));
}

#[test]
fn processes_that_start_together_install_once() {
    if !Path::new("/etc/debian_version").exists() {
        // The next test covers other systems.
        return;
    }
    let machine = Machine::new("0");
    let started: Vec<_> = (0..4)
        .map(|_| machine.setup().spawn().expect("runs"))
        .collect();
    for process in started {
        succeeded(&process.wait_with_output().expect("ends"));
    }
    let calls = machine.calls("apt.log");
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(calls[0].ends_with("update"), "{calls:?}");
    let install = "install --yes --no-install-recommends redis-server";
    assert!(calls[1].contains(install), "{calls:?}");
    assert_eq!(machine.calls("npm.log").len(), 1);
    // The environment, and what goes into it.
    assert_eq!(machine.calls("pip.log").len(), 2);

    let again = machine.setup().output().expect("runs");
    succeeded(&again);
    assert_eq!(
        text(&again.stdout),
        "Debian packages: up to date\nnpm packages: up to date\nPython packages: up to date\n"
    );
    assert_eq!(machine.calls("apt.log"), calls);
}

#[test]
fn without_the_right_to_install_one_line_says_what_to_install() {
    let machine = Machine::new("1000");
    let output = machine.setup().output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains("Redis or Valkey"), "{message}");
    assert!(
        message.contains("sudo apt-get install --no-install-recommends redis-server"),
        "{message}"
    );
    assert!(machine.calls("apt.log").is_empty());
}

#[test]
fn an_old_node_is_named() {
    let machine = Machine::new("0");
    machine.program("node", "echo v16.4.0");
    let output = machine.setup().output().expect("runs");
    let message = text(&output.stderr);
    assert!(
        message.contains("Node.js 20 or newer") && message.contains("v16.4.0"),
        "{message}"
    );
}
