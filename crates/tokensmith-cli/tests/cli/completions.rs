//! Shells complete what people type. `cargo xtask setup` installs bash, zsh and fish; Debian has no
//! package of PowerShell.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::run::tokensmith;
use crate::terminal::Session;

/// The completions of a shell, in a file of a folder.
fn script(shell: &str, file: &str) -> TempDir {
    let script = tokensmith(&["completions", shell]);
    assert_eq!(script.code, Some(0), "{}", script.stderr);
    let folder = tempfile::tempdir().expect("there is room");
    fs::write(folder.path().join(file), script.stdout).expect("there is room");
    folder
}

/// Runs a script in a shell, and returns what it prints. The first argument is a file of completions.
#[track_caller]
fn run(shell: &str, options: &[&str], script: &str, file: &Path) -> String {
    let output = Command::new(shell)
        .args(options)
        .args(["-c", script])
        .env("FILE", file)
        .env("HOME", file.parent().expect("a folder"))
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|_| panic!("{shell} is missing; install it with `cargo xtask setup`"));
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn bash_completes_subcommands_options_and_providers() {
    let folder = script("bash", "tokensmith");
    let complete = |words: &str, index: usize| {
        let script = format!(
            "source $FILE
             COMP_WORDS=(tokensmith {words}); COMP_CWORD={index}
             _tokensmith tokensmith \"${{COMP_WORDS[$COMP_CWORD]}}\" \"${{COMP_WORDS[$COMP_CWORD-1]}}\"
             echo \"${{COMPREPLY[@]}}\""
        );
        run(
            "bash",
            &["--norc"],
            &script,
            &folder.path().join("tokensmith"),
        )
    };
    assert_eq!(complete("to", 1), "token");
    assert_eq!(complete("token mo", 2), "moov moveworks");
    assert_eq!(complete("token --dry", 2), "--dry-run");
    assert_eq!(complete("token --output h", 3), "header");
}

#[test]
fn fish_completes_subcommands_options_and_providers() {
    let folder = script("fish", "tokensmith.fish");
    let complete = |line: &str| {
        let script = format!("source $FILE; complete --do-complete 'tokensmith {line}'");
        let said = run(
            "fish",
            &["--no-config"],
            &script,
            &folder.path().join("tokensmith.fish"),
        );
        // What a word is for stands behind a tab.
        let words = said.lines().filter_map(|line| line.split('\t').next());
        words.map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(complete("to"), "token");
    assert_eq!(complete("token mo"), "moov moveworks");
    assert_eq!(complete("token --dry"), "--dry-run");
    assert_eq!(complete("token --output h"), "header");
}

/// What a key does that completes a line and prints what came of it. zsh completes at a terminal
/// only.
const ZSH: &str = "fpath=($HOME $fpath); autoload -U compinit; compinit -u; PROMPT=
show() { zle expand-or-complete; print -r -- \"[$BUFFER\"']'; BUFFER= }
zle -N show; bindkey '^T' show; print re''ady\n";

#[test]
fn zsh_completes_subcommands_options_and_providers() {
    let folder = script("zsh", "_tokensmith");
    let path = folder.path().to_str().expect("UTF-8");
    let variables = [("HOME", path), ("ZDOTDIR", path), ("TERM", "dumb")];
    let mut zsh = Session::of("zsh", &["-f", "-i"], &variables);
    zsh.press(ZSH);
    zsh.wait_for("ready");
    for (line, expected) in [
        ("tokensmith tok", "[tokensmith token ]"),
        ("tokensmith token moo", "[tokensmith token moov ]"),
        ("tokensmith token --dry", "[tokensmith token --dry-run ]"),
        (
            "tokensmith token --output hea",
            "[tokensmith token --output header ]",
        ),
    ] {
        zsh.press(&format!("{line}\x14"));
        let screen = zsh.wait_for(" ]");
        assert!(screen.contains(expected), "{screen}");
    }
}

/// Where there is `pwsh`, the script is parsed. Elsewhere the test says that it was not.
#[test]
fn powershell_can_read_its_script() {
    let folder = script("powershell", "tokensmith.ps1");
    let parse = "$errors = $null
        [void][System.Management.Automation.Language.Parser]::ParseFile($env:FILE, [ref]$null, [ref]$errors)
        if ($errors) { $errors; exit 1 }";
    if Command::new("pwsh")
        .arg("-Version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        eprintln!("PowerShell is not installed: the syntax of its completions is not checked");
        return;
    }
    run(
        "pwsh",
        &["-NoProfile"],
        parse,
        &folder.path().join("tokensmith.ps1"),
    );
}
