//! Work on all cores.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs over the items on all cores; the results keep their order, and the first error in that order counts.
pub(crate) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> io::Result<R> + Sync,
) -> io::Result<Vec<R>> {
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(items.len().max(1));
    let next = AtomicUsize::new(0);
    let run = || {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else {
                return results;
            };
            results.push((index, work(item)));
        }
    };
    let mut results: Vec<(usize, io::Result<R>)> = thread::scope(|scope| {
        let workers: Vec<_> = (1..workers).map(|_| scope.spawn(run)).collect();
        let mut results = run();
        for worker in workers {
            match worker.join() {
                Ok(more) => results.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(in_parallel(&items, |item| Ok(*item)).expect("works"), items);
    }

    #[test]
    fn the_first_error_counts() {
        let fail = |item: &usize| {
            if *item % 2 == 1 {
                Err(io::Error::other(item.to_string()))
            } else {
                Ok(())
            }
        };
        let error = in_parallel(&[0, 2, 5, 7], fail).expect_err("fails");
        assert_eq!(error.to_string(), "5");
    }
}
