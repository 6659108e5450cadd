//! What every cache is measured by: the CPU time of its own process, what it allocates, and how often it asks the provider.

mod allocations;
mod provider;

use std::error::Error;
use std::future::Future;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::{Builder, Runtime};

pub use allocations::Allocations;
pub use provider::{LIFETIME, Provider, TOKEN};

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// How many threads the tasks are spread over.
const THREADS: usize = 2;
/// How long the provider takes: long enough that the whole herd is there before it has responded.
const DELAY: Duration = Duration::from_millis(500);

/// Why a program gives up.
pub type Failure = Box<dyn Error + Send + Sync>;

/// A cache of tokens.
pub trait Cache: Sized + Send + Sync + 'static {
    /// A cache of this provider's tokens that holds none yet.
    fn empty(provider: &Provider) -> impl Future<Output = Result<Self, Failure>> + Send;

    /// Gets the token, and gives its length.
    fn read(&self) -> impl Future<Output = Result<usize, Failure>> + Send;
}

/// The time that a cached read has to look at, alone.
struct Clock;

impl Cache for Clock {
    async fn empty(_provider: &Provider) -> Result<Self, Failure> {
        Ok(Self)
    }

    async fn read(&self) -> Result<usize, Failure> {
        black_box(clock_gettime(ClockId::Boottime));
        Ok(TOKEN.len())
    }
}

/// Responses each line of the standard input with one line of numbers:
///
/// - `read TASKS READS`: the nanoseconds of CPU time that so many tasks take for so many reads each.
/// - `clock TASKS READS`: the same for reads of the clock alone.
/// - `allocate READS`: the number of allocations and the bytes allocated in so many reads.
/// - `herd TASKS`: how often the provider is asked when so many tasks ask at once for a token that is not there yet, and the
///   nanoseconds that pass beside those that the provider takes.
///
/// # Errors
///
/// If a read fails or gives another token than the provider has sent, or a line is none of these.
pub fn run<C: Cache>() -> Result<(), Failure> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()?;
    let cache = runtime.block_on(C::empty(&Provider::new(DELAY)))?;
    runtime.block_on(read(&cache, 1))?;
    let (cache, clock) = (Arc::new(cache), Arc::new(Clock));
    for line in io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["read", tasks, reads] => {
                let cpu = cpu(&runtime, &cache, tasks.parse()?, reads.parse()?)?;
                println!("{cpu}");
            }
            ["clock", tasks, reads] => {
                let cpu = cpu(&runtime, &clock, tasks.parse()?, reads.parse()?)?;
                println!("{cpu}");
            }
            ["allocate", reads] => {
                let then = Allocations::now();
                // On this thread, which is the one that is counted.
                runtime.block_on(read(&*cache, reads.parse()?))?;
                let Allocations { count, bytes, .. } = Allocations::now().since(&then);
                println!("{count} {bytes}");
            }
            ["herd", tasks] => {
                let provider = Provider::new(DELAY);
                let time = runtime.block_on(herd::<C>(&provider, tasks.parse()?))?;
                let time = time.saturating_sub(DELAY).as_nanos();
                println!("{} {time}", provider.asked());
            }
            _ => return Err(format!("`{line}` is no question").into()),
        }
        io::stdout().flush()?;
    }
    Ok(())
}

/// Reads one time after the other.
async fn read<C: Cache>(cache: &C, reads: u32) -> Result<(), Failure> {
    for _ in 0..reads {
        let length = cache.read().await?;
        if length != TOKEN.len() {
            return Err(format!("a token of {length} bytes was never sent").into());
        }
    }
    Ok(())
}

/// The CPU time of tasks that read, in nanoseconds.
fn cpu<C: Cache>(
    runtime: &Runtime,
    cache: &Arc<C>,
    tasks: u32,
    reads: u32,
) -> Result<i64, Failure> {
    let start = cpu_time();
    runtime.block_on(all(cache, tasks, reads))?;
    Ok(cpu_time() - start)
}

/// How long it takes until so many tasks have the token.
async fn herd<C: Cache>(provider: &Provider, tasks: u32) -> Result<Duration, Failure> {
    let cache = Arc::new(C::empty(provider).await?);
    let start = Instant::now();
    all(&cache, tasks, 1).await?;
    Ok(start.elapsed())
}

async fn all<C: Cache>(cache: &Arc<C>, tasks: u32, reads: u32) -> Result<(), Failure> {
    let task = |_| {
        let cache = Arc::clone(cache);
        tokio::spawn(async move { read(&*cache, reads).await })
    };
    let tasks: Vec<_> = (0..tasks).map(task).collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// The CPU time of this process so far, in nanoseconds.
fn cpu_time() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
