//! Work shared among threads, with results in order.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Walks over texts may recurse as deep as [`crate::text::MAX_DEPTH`] lets them.
const STACK: usize = 16 * 1024 * 1024;

/// What threads made together.
#[derive(Debug)]
pub struct Shared<S, T> {
    /// A result for each index in order, with the thread that made it.
    pub results: Vec<(usize, T)>,
    /// What each thread kept, by its number.
    pub states: Vec<S>,
}

/// Results of `work` for 0 to `count`, in that order whatever thread did what when. Each
/// of at most `threads` threads has a state of its own.
///
/// # Errors
/// When the system gives no thread.
///
/// # Panics
/// When `work` does.
pub fn in_parallel<S: Send, T: Send>(
    count: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
) -> io::Result<Shared<S, T>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(count));
    let take_turns = |thread: usize| {
        let mut own = state();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return own;
            }
            let result = work(&mut own, index);
            results
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((index, thread, result));
        }
    };
    let take_turns = &take_turns;
    let states = thread::scope(|scope| {
        let mut handles = Vec::new();
        for thread in 0..threads.min(count) {
            handles.push(
                thread::Builder::new()
                    .stack_size(STACK)
                    .spawn_scoped(scope, move || take_turns(thread))?,
            );
        }
        let mut states = Vec::new();
        for handle in handles {
            match handle.join() {
                Ok(state) => states.push(state),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        io::Result::Ok(states)
    })?;
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, ..)| *index);
    Ok(Shared {
        results: results
            .into_iter()
            .map(|(_, thread, result)| (thread, result))
            .collect(),
        states,
    })
}

/// Results of `work` for `indices`, handed to `take` one by one in that order, while work on
/// the later ones goes on in at most `threads` threads; in this one if the system gives none.
///
/// # Panics
/// When `work` or `take` does.
pub fn in_order<T: Send>(
    indices: Range<usize>,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(usize, T),
) {
    let next = AtomicUsize::new(indices.start);
    let (sender, receiver) = mpsc::channel();
    let take_turns = |sender: Sender<(usize, T)>| {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= indices.end || sender.send((index, work(index))).is_err() {
                return;
            }
        }
    };
    let take_turns = &take_turns;
    thread::scope(|scope| {
        let mut handles = Vec::new();
        for _ in 0..threads.min(indices.len()) {
            let sender = sender.clone();
            let started = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || take_turns(sender));
            // Without it the others have more to do.
            let Ok(handle) = started else { break };
            handles.push(handle);
        }
        if handles.is_empty() {
            indices.clone().for_each(|index| take(index, work(index)));
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = indices.start;
        for (index, result) in receiver {
            early.insert(index, result);
            while let Some(result) = early.remove(&due) {
                take(due, result);
                due += 1;
            }
        }
        for handle in handles {
            if let Err(panic) = handle.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

/// How far ahead of its taker a [`pipeline`] goes.
const AHEAD: usize = 8;

/// Hands what `make` gives out to `take`, one by one in that order; on two threads, if there
/// may be so many, which work at the same time. Returns what `make` returns.
///
/// # Errors
/// When the system gives no thread.
///
/// # Panics
/// When `make` or `take` does.
pub fn pipeline<T: Send, R: Send>(
    threads: usize,
    make: impl FnOnce(&mut dyn FnMut(T)) -> R + Send,
    mut take: impl FnMut(T),
) -> io::Result<R> {
    if threads < 2 {
        return Ok(make(&mut take));
    }
    let (sender, receiver) = mpsc::sync_channel(AHEAD);
    thread::scope(|scope| {
        let maker = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, move || {
                // Nobody takes any more when the taker panics, and then nobody asks.
                make(&mut |piece| drop(sender.send(piece)))
            })?;
        receiver.into_iter().for_each(&mut take);
        match maker.join() {
            Ok(result) => Ok(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_every_state_is_kept() {
        let shared = in_parallel(
            100,
            4,
            || 0_usize,
            |sum, index| {
                *sum += index;
                thread::sleep(std::time::Duration::from_micros(100 - index as u64));
                index
            },
        )
        .unwrap();
        let indices: Vec<usize> = shared.results.iter().map(|(_, index)| *index).collect();
        assert_eq!(indices, (0..100).collect::<Vec<_>>());
        assert_eq!(shared.states.iter().sum::<usize>(), 4950);
        assert!(shared.results.iter().all(|(thread, _)| *thread < 4));
    }

    #[test]
    fn results_are_handed_over_in_order() {
        let mut taken = Vec::new();
        let work = |index: usize| {
            thread::sleep(std::time::Duration::from_micros(100 - index as u64));
            2 * index
        };
        in_order(10..100, 4, work, |index, result| {
            taken.push((index, result));
        });
        let expected: Vec<_> = (10..100).map(|index| (index, 2 * index)).collect();
        assert_eq!(taken, expected);
    }

    #[test]
    #[should_panic(expected = "no such thing")]
    fn a_panic_of_work_is_not_lost() {
        let work = |index: usize| assert!(index != 3, "no such thing");
        in_order(0..9, 2, work, |_, ()| {});
    }

    #[test]
    fn a_pipeline_keeps_the_order_on_one_thread_and_on_two() {
        for threads in [1, 2] {
            let mut taken = Vec::new();
            let make = |out: &mut dyn FnMut(usize)| {
                (0..100).for_each(&mut *out);
                "done"
            };
            let end = pipeline(threads, make, |piece| taken.push(piece)).unwrap();
            assert_eq!((end, taken), ("done", (0..100).collect()), "{threads}");
        }
    }

    #[test]
    #[should_panic(expected = "enough")]
    fn a_pipeline_whose_taker_panics_ends() {
        let make = |out: &mut dyn FnMut(usize)| (0..100).for_each(out);
        let _ = pipeline(2, make, |piece| assert!(piece < 3, "enough"));
    }

    #[test]
    fn nothing_to_do_is_done_at_once() {
        let shared = in_parallel(0, 4, || (), |(), index| index).unwrap();
        assert!(shared.results.is_empty());
    }
}
