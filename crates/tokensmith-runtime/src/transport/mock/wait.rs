//! Waiting without a runtime.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

/// Waits for a time, on a thread of its own.
pub(super) async fn wait(time: Duration) {
    if time.is_zero() {
        return;
    }
    let state = Arc::new(Mutex::new(State::default()));
    let alarm = Arc::clone(&state);
    thread::spawn(move || {
        thread::sleep(time);
        let mut state = alarm.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_over = true;
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    });
    Wait(state).await;
}

#[derive(Default)]
struct State {
    is_over: bool,
    waker: Option<Waker>,
}

struct Wait(Arc<Mutex<State>>);

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            return Poll::Ready(());
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
