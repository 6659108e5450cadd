//! A real PostgreSQL on a free port of the loopback interface.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server until standard input ends, which it does with the test process, however that
/// dies. The folder goes too, unless the word `keep` came first.
const WATCH: &str = r#"
folder=$1; shift
"$@" >>"$folder/log" 2>&1 &
read -r order
kill -QUIT $!
wait
test "$order" = keep || rm -rf "$folder"
"#;

/// A running server with its data in a temporary folder. It stops when this is dropped, and when
/// the test process ends.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    fsync: &'static str,
    watch: Child,
}

impl Postgres {
    /// Starts a server. It does not wait for the disk: a crash of the machine is not tested.
    ///
    /// # Panics
    ///
    /// With the command that installs PostgreSQL, if it is missing.
    pub fn start() -> Self {
        Self::new("off")
    }

    /// Starts a server that asks the disk at each commit, as one in use does.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_durable() -> Self {
        Self::new("on")
    }

    fn new(fsync: &'static str) -> Self {
        let programs =
            programs().expect("PostgreSQL is missing; install it with `cargo xtask setup`");
        // Kept: the shell that watches the server removes it.
        let folder = tempfile::tempdir().expect("a folder").keep();
        let user = account(&folder);
        let mut initdb = run_as(user, &programs.join("initdb"));
        initdb
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8"])
            .args(["--locale=C", "--no-sync", "--pgdata"])
            .arg(folder.join("data"));
        succeed(&mut initdb);
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let watch = spawn(&programs, &folder, port, fsync);
        Self {
            programs,
            folder,
            port,
            fsync,
            watch,
        }
    }

    /// The server that the tests of this process share; it is started when it is first asked for.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Creates an empty database and returns its URL.
    pub fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", &format!("CREATE DATABASE {name}"));
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Executes a statement in a database and returns what it prints.
    pub fn execute(&self, database: &str, statement: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .args(["--host=127.0.0.1", "--username=postgres", "--no-psqlrc"])
            .args(["--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .args([format!("--port={}", self.port), "--command".to_owned()])
            .args([statement, database])
            .output()
            .expect("a program that was found");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The port that the server listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends the server at once, as a crash does: what was committed is kept.
    pub fn kill(&mut self) {
        if let Some(mut orders) = self.watch.stdin.take() {
            writeln!(orders, "keep").expect("a shell that reads");
        }
        self.watch.wait().expect("it ends");
    }

    /// Starts the server again after [`kill`](Self::kill), on the same port.
    pub fn restart(&mut self) {
        self.watch = spawn(&self.programs, &self.folder, self.port, self.fsync);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        drop(self.watch.wait());
        // If it was killed before, nobody else removes its folder.
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn spawn(programs: &Path, folder: &Path, port: u16, fsync: &str) -> Child {
    let server = run_as(account(folder), &programs.join("postgres"));
    let mut watch = Command::new("sh")
        .args(["-c", WATCH, "sh"])
        .arg(folder)
        .arg(server.get_program())
        .args(server.get_args())
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(["-h", "127.0.0.1", "-p", &port.to_string()])
        .args(["-c", &format!("fsync={fsync}"), "-c", "max_connections=200"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("a shell");
    let start = Instant::now();
    while !is_ready(programs, port) {
        if start.elapsed() > PATIENCE {
            let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
            drop(watch.stdin.take());
            drop(watch.wait());
            panic!("PostgreSQL does not start: {log}");
        }
        thread::sleep(Duration::from_millis(20));
    }
    watch
}

fn is_ready(programs: &Path, port: u16) -> bool {
    let status = Command::new(programs.join("pg_isready"))
        .args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()])
        .status();
    status.is_ok_and(|status| status.success())
}

/// The folder of the server's programs: Debian keeps them out of `PATH`, in a folder per version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<_> = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    folders.reverse();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|folder| {
        ["initdb", "postgres", "pg_isready", "psql"]
            .iter()
            .all(|program| folder.join(program).is_file())
    })
}

/// The account that runs the server: PostgreSQL refuses to run as root. The folder becomes its own.
#[cfg(unix)]
fn account(folder: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::{MetadataExt as _, chown};

    let owner = fs::metadata(folder).expect("a folder").uid();
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !is_root {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = ["postgres", "nobody"].iter().find_map(|name| {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    let (user, group) = ids.expect("an account `postgres` or `nobody`");
    if owner != user {
        chown(folder, Some(user), Some(group)).expect("a folder of ours");
    }
    Some((user, group))
}

#[cfg(not(unix))]
fn account(_folder: &Path) -> Option<(u32, u32)> {
    None
}

fn run_as(account: Option<(u32, u32)>, program: &Path) -> Command {
    let Some((user, group)) = account else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .args([format!("--reuid={user}"), format!("--regid={group}")])
        .arg("--clear-groups")
        .arg(program);
    command
}

fn succeed(command: &mut Command) {
    let output = command.current_dir("/").output().expect("a program");
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
