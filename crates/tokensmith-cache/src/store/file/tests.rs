use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::FutureExt as _;
use pollster::block_on;
use tempfile::TempDir;

use super::FileStore;
use crate::store::{Begin, StoreName, TokenStore as _, Version};

const LONG: Duration = Duration::from_secs(60);
const MOMENT: Duration = Duration::from_millis(1);

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A name in the shard `ab`.
fn name(number: u64) -> StoreName {
    StoreName::new(format!("ab{number:062x}"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder.join("ab"))
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files
}

fn lease(store: &FileStore, name: &StoreName, lease: Duration) -> Version {
    match block_on(store.begin(name, None, lease)) {
        Ok(Begin::Leased(version)) => version,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_that_waits_for_the_lock_waits_alone_and_can_give_up() {
    let folder = folder();
    let store = FileStore::new(folder.path()).expect("a store");
    let version = lease(&store, &name(1), LONG);
    let other_process = File::open(folder.path().join("ab/lock")).expect("a file");
    other_process.lock().expect("the lock");
    // It is not done on this thread, or this would never come to an end.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let known = name(1);
    runtime.block_on(async {
        let mut put = store.put(&known, version, b"given up", LONG);
        assert!((&mut put).now_or_never().is_none());
        let mut fail = store.fail(&known, version, LONG);
        assert!((&mut fail).now_or_never().is_none());
        drop(put);
        drop(other_process);
        fail.await.expect("a store that works");
    });
    // Only the one that was waited for has happened.
    let begun = block_on(store.begin(&known, None, LONG));
    assert!(matches!(begun, Ok(Begin::CoolingDown(_))), "{begun:?}");
}

#[test]
fn files_of_what_has_ended_are_removed() {
    let folder = folder();
    let store = FileStore::new(folder.path()).expect("a store");
    for number in 0..20 {
        lease(&store, &name(number), MOMENT);
    }
    lease(&store, &name(20), LONG);
    let foreign = folder.path().join("ab/README");
    fs::write(&foreign, "of somebody else").expect("a file");
    std::thread::sleep(2 * MOMENT);
    lease(&store, &name(21), LONG);
    let shard = folder.path().join("ab");
    let kept = [20, 21].map(|number| shard.join(name(number).as_str()));
    let [twenty, twenty_one] = kept;
    assert_eq!(
        files(folder.path()),
        [foreign, twenty, twenty_one, shard.join("lock")]
    );
}

#[test]
fn files_of_who_signed_out_long_ago_are_removed() {
    let folder = folder();
    let store = FileStore::new(folder.path()).expect("a store");
    let shard = folder.path().join("ab");
    let file = |number| shard.join(format!("{}.refresh", name(number).as_str()));
    let sign_in = |number| {
        let store: &dyn crate::RefreshTokenStore = &store;
        block_on(store.begin(&name(number), LONG)).expect("a section");
        block_on(store.put(&name(number), b"value")).expect("an outcome");
    };
    (1..=3).for_each(sign_in);
    for number in 1..=2 {
        block_on(crate::RefreshTokenStore::delete(&store, &name(number))).expect("an outcome");
    }
    // The first and the third one long ago.
    for number in [1, 3] {
        let text = fs::read_to_string(file(number)).expect("a file");
        let mut content: serde_json::Value = serde_json::from_str(&text).expect("an object");
        content["last"] = 1.into();
        fs::write(file(number), content.to_string()).expect("a file");
    }
    sign_in(4);
    let kept = [2, 3, 4].map(file);
    assert_eq!(files(folder.path())[..3], kept);
    assert!(!file(1).exists());
}

#[test]
fn what_a_process_left_behind_that_died_harms_nobody() {
    let folder = folder();
    let store = FileStore::new(folder.path()).expect("a store");
    let version = lease(&store, &name(1), LONG);
    fs::write(folder.path().join("ab/next"), "{\"tok").expect("a file");
    let put = block_on(store.put(&name(1), version, b"\0value\xff", LONG));
    assert!(matches!(put, Ok(true)), "{put:?}");
    let Ok(Begin::Found(stored)) = block_on(store.begin(&name(1), None, LONG)) else {
        panic!("no token");
    };
    assert_eq!(stored.value, b"\0value\xff");
    assert!(!folder.path().join("ab/next").exists());
}

#[test]
fn what_is_damaged_counts_as_none() {
    let folder = folder();
    let store = FileStore::new(folder.path()).expect("a store");
    let path = folder.path().join("ab").join(name(1).as_str());
    for damaged in ["", "{", "[]", "{\"token\":1}", "\0\u{ff}"] {
        let version = lease(&store, &name(1), LONG);
        let put = block_on(store.put(&name(1), version, b"value", LONG));
        assert!(matches!(put, Ok(true)), "{put:?}");
        fs::write(&path, damaged).expect("a file");
    }
    lease(&store, &name(1), LONG);
}

#[test]
fn a_name_that_is_a_path_leads_nowhere() {
    let folder = folder();
    let store = FileStore::new(folder.path().join("store")).expect("a store");
    for name in [
        "",
        "a",
        "../outside",
        &"../".repeat(22)[..64],
        &"é".repeat(32),
    ] {
        let begun = block_on(store.begin(&StoreName::new(name.to_owned()), None, LONG));
        let error = begun.expect_err("a name of another form");
        assert!(error.to_string().contains("64 hexadecimal digits"));
    }
    let kept = fs::read_dir(folder.path().join("store")).expect("a folder");
    assert_eq!(kept.count(), 0);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let store = FileStore::new(folder.path().join("store")).expect("a store");
    lease(&store, &name(1), LONG);
    let mode = |path: &Path| {
        let metadata = fs::metadata(path).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    let shard = folder.path().join("store/ab");
    assert_eq!(mode(&folder.path().join("store")), 0o700);
    assert_eq!(mode(&shard), 0o700);
    assert_eq!(mode(&shard.join("lock")), 0o600);
    assert_eq!(mode(&shard.join(name(1).as_str())), 0o600);
}

/// Whatever many users do at once: a thread for each would be too many.
#[cfg(target_os = "linux")]
#[test]
fn operations_share_a_limited_number_of_threads() {
    let folder = folder();
    let store = FileStore::new(folder.path()).expect("a store");
    lease(&store, &name(0), LONG);
    let other_process = File::open(folder.path().join("ab/lock")).expect("a file");
    other_process.lock().expect("the lock");
    let limit = crate::store::operation::SHARED;
    // Few enough that a slow disk is done with them before anybody stops waiting for the lock.
    let names: Vec<_> = (1..=2 * limit as u64).map(name).collect();
    let begun = names.iter().map(|name| store.begin(name, None, LONG));
    let begun = std::thread::scope(|scope| {
        let begun: Vec<_> = begun.collect();
        let all = scope.spawn(|| block_on(futures_util::future::join_all(begun)));
        std::thread::sleep(Duration::from_millis(100));
        let threads = fs::read_dir("/proc/self/task").expect("a folder");
        let names = threads.map(|thread| {
            let comm = thread.expect("a thread").path().join("comm");
            fs::read_to_string(comm).unwrap_or_default()
        });
        let ours = names.filter(|name| name.trim_end() == "tokensmith-stor");
        let count = ours.count();
        assert!((1..=limit).contains(&count), "{count} threads");
        drop(other_process);
        all.join().expect("no panic")
    });
    for begun in begun {
        assert!(matches!(begun, Ok(Begin::Leased(_))), "{begun:?}");
    }
}
