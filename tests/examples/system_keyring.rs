//! Keeps the contract of refresh token stores in the keyring of this session, or says why there is none.
//!
//! ```text
//! dbus-run-session -- sh -c 'echo | gnome-keyring-daemon --unlock && system_keyring FOLDER'
//! ```

use tokensmith_cache::SystemKeyringStore;
use tokensmith_cache::testing::check_store;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("usage: system_keyring FOLDER")?;
    let store = SystemKeyringStore::new("tokensmith.test", folder)?;
    store.keyring()?;
    pollster::block_on(check_store(&store))?;
    Ok(())
}
