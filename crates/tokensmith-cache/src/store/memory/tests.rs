use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::MemoryStore;
use crate::Clock;
use crate::store::{Begin, StoreName, TokenStore as _};

#[derive(Clone, Default)]
struct Time(Arc<Mutex<Duration>>);

impl Time {
    fn pass(&self, duration: Duration) {
        *self.0.lock().expect("no panic") += duration;
    }
}

impl Clock for Time {
    fn now(&self) -> Duration {
        *self.0.lock().expect("no panic")
    }
}

#[test]
fn what_has_ended_takes_no_room() {
    const SECOND: Duration = Duration::from_secs(1);
    let time = Time::default();
    let store = MemoryStore::with_clock(time.clone());
    let names: Vec<_> = (0..10_000)
        .map(|number| StoreName::new(format!("{number:064x}")))
        .collect();
    for name in &names {
        // Each lives for a hundred others.
        let begun = pollster::block_on(store.begin(name, None, 100 * SECOND));
        assert!(matches!(begun, Ok(Begin::Leased(_))), "{begun:?}");
        time.pass(SECOND);
        let kept = store.records.lock().expect("no panic").by_name.len();
        assert!(kept <= 202, "{kept} are kept");
    }
    let held = names
        .iter()
        .rev()
        .take_while(|name| {
            let begun = pollster::block_on(store.begin(name, None, SECOND));
            matches!(begun, Ok(Begin::Held(_)))
        })
        .count();
    assert_eq!(held, 99, "none is lost");
}
