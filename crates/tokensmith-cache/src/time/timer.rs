//! Waiting without a runtime: one thread wakes all who wait.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// Whom to wake, by when. The second part of the key tells those apart who are woken at the same time.
static WAITING: Mutex<Waiting> = Mutex::new(Waiting {
    by_time: BTreeMap::new(),
    last: 0,
});
static CHANGED: Condvar = Condvar::new();

struct Waiting {
    by_time: BTreeMap<(Instant, u64), Waker>,
    last: u64,
}

/// Waits, by the clock of this process.
pub(crate) fn sleep(duration: Duration) -> Sleep {
    let now = Instant::now();
    Sleep {
        // A century is as good as for ever.
        end: now.checked_add(duration).unwrap_or(now + CENTURY),
        key: None,
    }
}

const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

pub(crate) struct Sleep {
    end: Instant,
    key: Option<(Instant, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.end {
            return Poll::Ready(());
        }
        start();
        let mut waiting = waiting();
        let key = self.key.unwrap_or_else(|| {
            waiting.last += 1;
            (self.end, waiting.last)
        });
        waiting.by_time.insert(key, context.waker().clone());
        drop(waiting);
        self.key = Some(key);
        CHANGED.notify_one();
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            waiting().by_time.remove(&key);
        }
    }
}

fn waiting() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let thread = std::thread::Builder::new().name("tokensmith-timer".to_owned());
        drop(thread.spawn(wake_in_time));
    });
}

fn wake_in_time() {
    let mut waiting = waiting();
    loop {
        let now = Instant::now();
        let later = waiting.by_time.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut waiting.by_time, later);
        if !due.is_empty() {
            drop(waiting);
            due.into_values().for_each(Waker::wake);
            waiting = self::waiting();
            continue;
        }
        let first = waiting.by_time.first_key_value();
        let left = first.map_or(CENTURY, |((end, _), _)| end.duration_since(now));
        let woken = CHANGED.wait_timeout(waiting, left);
        waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_woken_in_time() {
        let start = Instant::now();
        let sleeps = [30, 10, 20].map(|time| {
            std::thread::spawn(move || {
                pollster::block_on(sleep(Duration::from_millis(time)));
                (time, start.elapsed())
            })
        });
        for sleep in sleeps {
            let (time, elapsed) = sleep.join().expect("no panic");
            assert!(elapsed >= Duration::from_millis(time));
            assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
        }
    }
}
