//! A disk that can be full.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A file system of its own in memory. It goes when this is dropped.
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Creates one for so many KiB.
    ///
    /// # Panics
    ///
    /// If this system lets nobody mount a file system who is not root, and `sudo` asks for a
    /// password.
    pub fn new(size: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = format!("size={size}k,mode=755");
        let mounted = as_root(
            "mount",
            &["-t", "tmpfs", "-o", &options, "tmpfs"],
            folder.path(),
        );
        assert!(
            mounted,
            "a disk that is full needs a file system of its own: run this test as root, or as somebody whom `sudo` \
             asks for no password"
        );
        let disk = Self { folder };
        // Its folder belongs to root.
        assert!(as_root("chmod", &["777"], disk.folder.path()));
        disk
    }

    /// The folder that it is mounted on.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no room on it.
    ///
    /// # Panics
    ///
    /// If it cannot be filled.
    pub fn fill(&self) {
        let mut file = File::create(self.ballast()).expect("a file");
        let mut block = vec![0; 4096];
        while !block.is_empty() {
            if file.write_all(&block).is_err() {
                block.truncate(block.len() / 2);
            }
        }
    }

    /// Makes room again.
    ///
    /// # Panics
    ///
    /// If it was not full.
    pub fn clear(&self) {
        fs::remove_file(self.ballast()).expect("it was full");
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        as_root("umount", &["-l"], self.folder.path());
    }
}

fn as_root(program: &str, arguments: &[&str], folder: &Path) -> bool {
    let run = |mut command: Command| {
        let status = command.stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    let mut directly = Command::new(program);
    directly.args(arguments).arg(folder);
    let mut by_sudo = Command::new("sudo");
    by_sudo.args(["-n", program]).args(arguments).arg(folder);
    run(directly) || run(by_sudo)
}
