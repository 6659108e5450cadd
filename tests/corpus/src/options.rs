//! The command line of `cargo xtask corpus`.

use std::path::PathBuf;

/// What was asked for.
pub(super) struct Options {
    /// The folder of documents.
    pub(super) folder: PathBuf,
    /// The folder of overlays, where that is another one.
    pub(super) overlays: Option<PathBuf>,
    /// The only documents to try; all of them where it is empty.
    pub(super) only: Vec<String>,
    /// Whether the result is printed as JSON.
    pub(super) json: bool,
}

impl Options {
    pub(super) fn read(arguments: &[String]) -> Result<Self, String> {
        const USAGE: &str = "cargo xtask corpus DIR [--overlays DIR] [--only SLUG...] [--json]";
        let mut options = Self {
            folder: PathBuf::new(),
            overlays: None,
            only: Vec::new(),
            json: false,
        };
        let mut rest = arguments.iter().peekable();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--json" => options.json = true,
                "--overlays" => match rest.next() {
                    Some(folder) => options.overlays = Some(PathBuf::from(folder)),
                    None => return Err(format!("--overlays needs a folder\n    {USAGE}")),
                },
                "--only" => {
                    while let Some(slug) = rest.next_if(|slug| !slug.starts_with("--")) {
                        options.only.push(slug.clone());
                    }
                }
                folder if !folder.starts_with('-') && options.folder.as_os_str().is_empty() => {
                    options.folder = PathBuf::from(folder);
                }
                other => return Err(format!("`{other}` is not understood\n    {USAGE}")),
            }
        }
        if options.folder.as_os_str().is_empty() {
            return Err(format!("no folder is given\n    {USAGE}"));
        }
        Ok(options)
    }
}
