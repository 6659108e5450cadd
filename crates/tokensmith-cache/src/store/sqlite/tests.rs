use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pollster::block_on;

use super::SqliteStore;
use crate::store::{BeginSection, RefreshTokenStore as _, StoreName};

const LONG: Duration = Duration::from_secs(60);

fn name(number: u64) -> StoreName {
    StoreName::new(format!("{number:064x}"))
}

/// Whoever waits for the connection takes no thread.
#[test]
fn operations_of_one_store_take_one_thread() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens.sqlite");
    let store = SqliteStore::open(&path).expect("a store");
    let other_process = rusqlite::Connection::open(&path).expect("a connection");
    let lock = |statement| other_process.execute_batch(statement).expect("the lock");
    lock("BEGIN IMMEDIATE");
    let names: Vec<_> = (1..=500).map(name).collect();
    let handles: Vec<_> = names.iter().map(|_| store.clone()).collect();
    let begun = std::thread::scope(|scope| {
        let begun = handles.iter().zip(&names);
        let begun: Vec<_> = begun.map(|(store, name)| store.begin(name, LONG)).collect();
        let all = scope.spawn(|| block_on(join_all(begun)));
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(store.threads.count(), 1);
        lock("COMMIT");
        all.join().expect("no panic")
    });
    for begun in begun {
        assert!(matches!(begun, Ok(BeginSection::Begun(_))), "{begun:?}");
    }
    let start = Instant::now();
    while store.threads.count() > 0 && start.elapsed() < LONG {
        std::thread::yield_now();
    }
    assert_eq!(store.threads.count(), 0, "nothing is left to do");
}
