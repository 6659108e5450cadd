//! What a process was doing when it was killed or stopped: lines in a file, each written at once.
//!
//! ```text
//! MICROSECONDS sent USER NUMBER CHECKED ENTRY
//! MICROSECONDS saved ENTRY
//! MICROSECONDS signed_out USER
//! ```
//!
//! `CHECKED` is when the store had confirmed the section of `ENTRY`, immediately before.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Clone)]
pub(crate) struct Log(Arc<File>);

impl Log {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Self(Arc::new(file)))
    }

    pub(crate) fn write(&self, what: &str) {
        let line = format!("{} {what}\n", now());
        (&*self.0).write_all(line.as_bytes()).expect("a log");
    }
}

/// Microseconds since 1970.
pub(crate) fn now() -> u128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_micros()
}
