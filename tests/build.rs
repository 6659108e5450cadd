//! The Rust samples of README.md become documentation tests of this crate.
//!
//! A sample stands as readers see it. The comment in front of it, which they do not see, says what
//! it needs to compile: `<!-- sample: id: &str -->` makes it the body of an asynchronous function with
//! these parameters, and `<!-- from: PATH -->` says that it stands in that file, which is compiled.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What begins and ends a sample.
const FENCE: (&str, &str) = ("```rust", "```");

fn main() -> Result<()> {
    let project = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("..");
    let readme = project.join("README.md");
    println!("cargo:rerun-if-changed={}", readme.display());
    let tests = documentation_tests(&fs::read_to_string(readme)?, &project)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    Ok(fs::write(out.join("readme.md"), tests)?)
}

/// Wraps the samples of a text.
fn documentation_tests(text: &str, project: &Path) -> Result<String> {
    let mut tests = String::new();
    let mut comment = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == FENCE.0 {
            let sample: Vec<&str> = lines.by_ref().take_while(|line| *line != FENCE.1).collect();
            tests.push_str(&documentation_test(&sample.join("\n"), comment, project)?);
        }
        comment = line;
    }
    Ok(tests)
}

fn documentation_test(sample: &str, comment: &str, project: &Path) -> Result<String> {
    let content = comment
        .strip_prefix("<!-- ")
        .and_then(|rest| rest.strip_suffix(" -->"));
    match content.and_then(|content| content.split_once(": ")) {
        Some(("sample", parameters)) => Ok(format!(
            "```no_run\n\
             # async fn sample({parameters}) -> Result<(), Box<dyn std::error::Error>> {{\n\
             {sample}\n\
             # Ok(()) }}\n\
             # fn main() {{}}\n\
             ```\n\n"
        )),
        Some(("from", path)) => {
            let file = project.join(path);
            println!("cargo:rerun-if-changed={}", file.display());
            match fs::read_to_string(&file)?.contains(sample) {
                true => Ok(String::new()),
                false => Err(format!("README.md quotes {path}, which has no lines\n{sample}").into()),
            }
        }
        _ => Err(format!(
            "README.md: write `<!-- sample: PARAMETERS -->` or `<!-- from: PATH -->` in the line before the sample\n{sample}"
        )
        .into()),
    }
}
