//! The programs that the tests run, and how to find them.

use std::fs;
use std::process::Command;

/// A program that the tests run, and the Debian package that has it.
pub(super) struct Program {
    pub(super) name: &'static str,
    pub(super) package: &'static str,
    pub(super) is_installed: fn() -> bool,
}

pub(super) const PROGRAMS: [Program; 10] = [
    Program {
        name: "Redis or Valkey",
        package: "redis-server",
        is_installed: || runs("redis-server") || runs("valkey-server"),
    },
    Program {
        name: "the PostgreSQL server",
        package: "postgresql",
        is_installed: has_postgresql,
    },
    Program {
        name: "valgrind",
        package: "valgrind",
        // Instruction counts are compared on Linux only.
        is_installed: || !cfg!(target_os = "linux") || runs("valgrind"),
    },
    Program {
        name: "GNOME Keyring",
        package: "gnome-keyring",
        // Other systems have keyrings of their own, which no test unlocks.
        is_installed: || !cfg!(target_os = "linux") || runs("gnome-keyring-daemon"),
    },
    Program {
        name: "Python 3.11 or newer with venv",
        package: "python3-venv",
        is_installed: has_python,
    },
    Program {
        name: "dbus-run-session and dbus-send",
        // It depends on dbus-daemon and dbus-bin, which have them.
        package: "dbus",
        is_installed: || {
            !cfg!(target_os = "linux") || (runs("dbus-run-session") && exists("dbus-send"))
        },
    },
    Program {
        name: "curl",
        package: "curl",
        is_installed: || runs("curl"),
    },
    Program {
        name: "Chromium",
        package: "chromium",
        is_installed: || CHROMIUM.iter().any(|name| runs(name)),
    },
    Program {
        name: "zsh",
        package: "zsh",
        is_installed: || runs("zsh"),
    },
    Program {
        name: "fish",
        package: "fish",
        is_installed: || runs("fish"),
    },
];

/// What the browser of the tests is called (`tests/src/chromium.rs` looks for the same names).
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Debian keeps the server's programs out of `PATH`, in a folder for each version.
const DEBIAN_POSTGRESQL: &str = "/usr/lib/postgresql";
/// The oldest Node.js that the programs of `tests/peers` run on.
const NODE_MAJOR: u32 = 20;

/// Debian has the module `ensurepip`, without which a virtual environment has no pip, in a package of
/// its own.
fn has_python() -> bool {
    let check = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    version_of("python3", &["-c", check]).is_some()
}

fn has_postgresql() -> bool {
    let versions = fs::read_dir(DEBIAN_POSTGRESQL).into_iter().flatten();
    let mut servers = versions
        .flatten()
        .map(|version| version.path().join("bin/postgres"));
    runs("postgres") || servers.any(|server| server.is_file())
}

/// Fails with the command that installs what `cargo xtask setup` itself cannot install.
pub(super) fn require_prerequisites() -> Result<(), String> {
    for component in ["fmt", "clippy"] {
        if version_of("cargo", &[component, "--version"]).is_none() {
            let package = if component == "fmt" {
                "rustfmt"
            } else {
                component
            };
            return Err(format!(
                "`cargo {component}` is missing; install it with `rustup component add {package}`"
            ));
        }
    }
    let node = version_of("node", &["--version"]).unwrap_or_default();
    let major = node.trim_start_matches('v').split('.').next();
    let major = major.and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) || !runs("npm") {
        let found = if node.is_empty() {
            "no Node.js"
        } else {
            node.as_str()
        };
        return Err(format!(
            "the tests need Node.js {NODE_MAJOR} or newer with npm; found {found}: install it from https://nodejs.org"
        ));
    }
    Ok(())
}

/// Whether a program is on the path and runs.
fn runs(program: &str) -> bool {
    version_of(program, &["--version"]).is_some()
}

/// Whether a program is on the path, where it has no option that only shows its version.
fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn version_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(version)
}
