//! How fast codegen is, for few documents and for many.

use std::fs;
use std::path::Path;

use tokensmith_codegen::project::{self, Project};

use super::report::Report;
use super::time::{RUNS, median, milliseconds};

/// Numbers of documents, made from the real ones under other names.
const COUNTS: [usize; 3] = [3, 100, 1000];

pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    report.text(format!("Codegen in this process, median of {RUNS} runs."));
    let mut rows = vec![
        "| documents | from nothing | per second | without changes |".to_owned(),
        "|---:|---:|---:|---:|".to_owned(),
    ];
    let mut largest = None;
    let bench = root.join("target/bench/codegen");
    for count in COUNTS {
        // What an earlier run left; then a folder of its own for each run, since removing many files slows down what comes after.
        let _ = fs::remove_dir_all(&bench);
        let mut next = 0;
        let mut fresh_folder = || {
            next += 1;
            let folder = bench.join(next.to_string());
            documents(root, &folder, count)?;
            Ok(folder)
        };
        let last = fresh_folder()?;
        generate(&last)?;
        let fresh = median(fresh_folder, |folder| generate(&folder))?;
        let unchanged = median(|| Ok(()), |()| generate(&last))?;
        let per_second = count as f64 / fresh.as_secs_f64();
        rows.push(format!(
            "| {count} | {} | {per_second:.0} | {} |",
            milliseconds(fresh),
            milliseconds(unchanged)
        ));
        largest = Some((fresh, unchanged));
    }
    let _ = fs::remove_dir_all(&bench);
    report.table("codegen", &rows);
    if let Some((fresh, unchanged)) = largest {
        report.figure("thousand", format!("{:.1} s", fresh.as_secs_f64()));
        report.figure("thousand-unchanged", milliseconds(unchanged));
    }
    Ok(())
}

/// Copies the project's documents under other names until there are `count`, and what they share.
fn documents(root: &Path, folder: &Path, count: usize) -> Result<(), String> {
    let specs = folder.join("specs");
    let common = specs.join("common");
    fs::create_dir_all(&common).map_err(|error| error.to_string())?;
    for shared in fs::read_dir(root.join("specs/common")).map_err(|error| error.to_string())? {
        let shared = shared.map_err(|error| error.to_string())?;
        copy(&shared.path(), &common.join(shared.file_name()))?;
    }
    let originals = project::documents(root).map_err(|error| error.to_string())?;
    for (index, original) in originals.iter().cycle().take(count).enumerate() {
        let name = format!("{}-{index}", original.name);
        copy(&original.path, &specs.join(format!("{name}.yaml")))?;
        if let Some(overlay) = &original.overlay {
            let text = fs::read_to_string(overlay).map_err(|error| error.to_string())?;
            // An overlay says which document it is for: under another name it would be warned about.
            let extended = format!("extends: {}.yaml", original.name);
            let text = text.replace(&extended, &format!("extends: {name}.yaml"));
            let path = specs.join(format!("{name}.overlay.yaml"));
            fs::write(path, text).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to)
        .map(drop)
        .map_err(|error| format!("{}: {error}", from.display()))
}

fn generate(folder: &Path) -> Result<(), String> {
    let project = Project {
        root: folder,
        names: &[],
        cache: folder.join("target/codegen.json"),
        progress: &|_, _| {},
    };
    let report = project.generate().map_err(|error| error.to_string())?;
    // A document with errors is read every time, and gives no crate.
    let broken = report.outcomes.iter().find(|one| one.summary.is_none());
    match broken {
        Some(broken) => Err(format!(
            "{} has errors: nothing can be measured",
            broken.name
        )),
        None => Ok(()),
    }
}
