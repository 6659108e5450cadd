//! A real browser: Debian's Chromium without a window, driven by `tests/peers/chromium.mjs`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::peers;

/// What the program is called, in the order in which it is looked for.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A browser with an empty profile; it ends when it is dropped.
pub struct Chromium {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// Where a tab is.
#[derive(Debug, Deserialize)]
pub struct Place {
    /// The URL in the address bar.
    pub url: String,
    /// The title of the page.
    pub title: String,
    /// What can be read on it.
    pub text: String,
    /// The names of the profile's cookies, each with its host.
    pub cookies: Vec<String>,
    /// The URLs that the tab has asked for so far, redirects too.
    pub visited: Vec<String>,
}

impl Chromium {
    /// Starts it.
    ///
    /// # Panics
    ///
    /// If it or what drives it is not installed, with the command that installs them.
    pub fn start() -> Self {
        let runs = |name: &&&str| {
            let version = Command::new(name).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        };
        let executable = NAMES.iter().find(runs);
        let executable = executable.expect("Chromium is missing: `cargo xtask setup` installs it");
        let path = which(executable);
        let mut child = Command::new("node")
            .arg(peers::folder().join("chromium.mjs"))
            .arg(json!({ "executable": path }).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js runs");
        let input = child.stdin.take();
        let output = child.stdout.take().expect("a piped output");
        let mut browser = Self {
            child,
            input,
            output: BufReader::new(output),
        };
        let started: Value = browser.read();
        assert!(started["version"].is_string(), "{started}");
        browser
    }

    /// Opens a URL in a tab.
    ///
    /// # Panics
    ///
    /// If that cannot be done, as all commands.
    pub fn open(&mut self, tab: u32, url: &str) -> Place {
        self.carry(json!({"page": tab, "do": "open", "url": url}))
    }

    /// Clicks on what a CSS selector selects, and waits for the page that follows.
    pub fn click(&mut self, tab: u32, selector: &str) -> Place {
        self.carry(json!({"page": tab, "do": "click", "selector": selector}))
    }

    /// Writes into a field.
    pub fn fill(&mut self, tab: u32, selector: &str, text: &str) -> Place {
        self.carry(json!({"page": tab, "do": "fill", "selector": selector, "text": text}))
    }

    /// Goes back, as the button does.
    pub fn back(&mut self, tab: u32) -> Place {
        self.carry(json!({"page": tab, "do": "back"}))
    }

    /// Loads the page again.
    pub fn reload(&mut self, tab: u32) -> Place {
        self.carry(json!({"page": tab, "do": "reload"}))
    }

    /// Where the tab is.
    pub fn look(&mut self, tab: u32) -> Place {
        self.carry(json!({"page": tab, "do": "look"}))
    }

    /// Carries a command out.
    fn carry(&mut self, command: Value) -> Place {
        let input = self.input.as_mut().expect("it runs");
        writeln!(input, "{command}").expect("a program that reads");
        let outcome = self.read();
        let place = serde_json::from_value(outcome.clone());
        place.unwrap_or_else(|_| panic!("{command}: {outcome}"))
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("`{line}`: see standard error"))
    }
}

/// The path of a program: Playwright does not look for it.
fn which(name: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&path).map(|folder| folder.join(name));
    let file = files.find(|file| file.is_file()).expect("it runs");
    file.to_str().expect("a path in UTF-8").to_owned()
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It closes the browser when its input ends.
        drop(self.input.take());
        drop(self.child.wait());
    }
}
