//! What a process was doing when it was killed or stopped: lines in a file, each written at once.
//!
//! ```text
//! MICROSECONDS sent USER NUMBER
//! MICROSECONDS done USER
//! ```

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
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let line = format!("{} {what}\n", now.as_micros());
        (&*self.0).write_all(line.as_bytes()).expect("a log");
    }
}
