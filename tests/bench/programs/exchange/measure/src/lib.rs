//! What every client is measured by: the CPU time of its own process, and what it allocates.

mod allocations;

use std::error::Error;
use std::io::{self, Write as _};

use rustix::time::{ClockId, clock_gettime};

pub use allocations::Allocations;

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// Who asks, and for what.
pub const CLIENT_ID: &str = "example-client-id";
/// The secret of [`CLIENT_ID`].
pub const CLIENT_SECRET: &str = "example-client-secret-not-real";
/// The scope asked for.
pub const SCOPE: &str = "/accounts.write";
/// The lifetime of the token that the server gives, in seconds.
pub const LIFETIME: u64 = 900;

/// The URL that the server's paths are relative to: the program's first argument.
///
/// # Errors
///
/// If there is none.
pub fn server() -> Result<String, Box<dyn Error>> {
    let server = std::env::args().nth(1);
    server.ok_or_else(|| "usage: PROGRAM SERVER".into())
}

/// Makes as many exchanges as each line of the standard input says, and responds to each line with the nanoseconds of CPU
/// time, the number of allocations and the bytes allocated. An exchange gives the lifetime of its token in seconds.
///
/// # Errors
///
/// If an exchange fails, or gives another lifetime than the server has sent.
pub fn rounds(
    exchange: impl AsyncFn() -> Result<u64, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for line in io::stdin().lines() {
        let exchanges: u32 = line?.trim().parse()?;
        let (cpu, allocations) = (cpu_time(), Allocations::now());
        runtime.block_on(async {
            for _ in 0..exchanges {
                let lifetime = exchange().await?;
                if lifetime != LIFETIME {
                    return Err(format!("a lifetime of {lifetime} s was never sent").into());
                }
            }
            Ok::<_, Box<dyn Error>>(())
        })?;
        let cpu = cpu_time() - cpu;
        let Allocations { count, bytes } = Allocations::now().since(&allocations);
        println!("{cpu} {count} {bytes}");
        io::stdout().flush()?;
    }
    Ok(())
}

/// The CPU time of this process so far, in nanoseconds.
fn cpu_time() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
