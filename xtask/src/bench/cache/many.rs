//! How much memory a manager of many tokens takes.

use std::path::Path;

use super::super::contestant::{build, run as execute};

const KEYS: u32 = 1_000_000;

pub(super) fn run(root: &Path) -> Result<(), String> {
    let program = build(root, "cache", "keys")?;
    let [kept, allocated, resident, read] = execute(&program, &[&KEYS.to_string()])?;
    println!("\na `TokenManager` with room for {KEYS} tokens after it was asked for as many\n");
    println!(
        "| tokens kept | bytes for each beside the token: allocated | resident | one read by its request |"
    );
    println!("|---:|---:|---:|---:|");
    println!(
        "| {kept:.0} | {allocated:.0} | {resident:.0} | {:.1} µs |",
        read / 1000.0
    );
    println!("\ntarget: at most 400 bytes beside the token");
    Ok(())
}
