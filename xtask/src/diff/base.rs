//! The documents of a revision, out of git.

use std::fs;
use std::path::Path;
use std::process::Command;

/// How to get what a clone lacks.
const FETCH: &str = "fetch it (git fetch --unshallow origin main:refs/remotes/origin/main; in a workflow, `fetch-depth: 0`), or name a revision by --base";

/// How to get the tags that a clone lacks.
const TAGS: &str = "fetch the history and the tags (git fetch --unshallow --tags), or name the last release by --base";

/// A revision.
pub(crate) struct Base {
    /// As it was named.
    pub(crate) name: String,
    commit: String,
}

/// The revision that is named; else where this branch left `origin/main` or `main`, and on `main` itself the last commit.
pub(crate) fn find(root: &Path, named: Option<String>) -> Result<Base, String> {
    if let Some(name) = named {
        let commit = git(
            root,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                &format!("{name}^{{commit}}"),
            ],
        );
        let commit = commit.map_err(|_| {
            format!("git knows no revision `{name}`: fetch it, or name another by --base")
        })?;
        return Ok(Base { name, commit });
    }
    let head = git(root, &["rev-parse", "--verify", "--quiet", "HEAD"]);
    let head = head.map_err(|error| {
        format!("there is no commit to compare with: name one by --base\n{error}")
    })?;
    let mut is_known = false;
    for branch in ["origin/main", "main"] {
        if git(root, &["rev-parse", "--verify", "--quiet", branch]).is_err() {
            continue;
        }
        is_known = true;
        // Without the history in between, comparing with the last commit would find nothing whatever a branch changes.
        let commit = git(root, &["merge-base", "HEAD", branch]).map_err(|_| {
            format!("git knows no commit that HEAD and {branch} have in common: {FETCH}")
        })?;
        if commit != head {
            let name = format!("the merge base with {branch}");
            return Ok(Base { name, commit });
        }
    }
    let is_shallow = git(root, &["rev-parse", "--is-shallow-repository"])? == "true";
    if is_shallow && !is_known {
        return Err(format!(
            "this clone has a part of the history, without main: {FETCH}"
        ));
    }
    let name = "the last commit".to_owned();
    Ok(Base { name, commit: head })
}

/// The revision of the last release: the one that is named, else the newest tag `v*` that HEAD
/// follows; `None` before the first release.
pub(crate) fn release(root: &Path, named: Option<String>) -> Result<Option<Base>, String> {
    if named.is_some() {
        return find(root, named).map(Some);
    }
    let list = git(root, &["tag", "--list", "v*", "--merged", "HEAD"])?;
    if list.is_empty() {
        let is_shallow = git(root, &["rev-parse", "--is-shallow-repository"])? == "true";
        let changelog = fs::read_to_string(root.join("CHANGELOG.md")).unwrap_or_default();
        let mut lines = changelog.lines();
        let section = lines.find(|line| line.starts_with("## [") && *line != "## [Unreleased]");
        return match (section, is_shallow) {
            (None, false) => Ok(None),
            (Some(section), _) => Err(format!(
                "there is no tag v* before HEAD, but CHANGELOG.md has the release `{section}`: {TAGS}"
            )),
            (None, true) => Err(format!(
                "there is no tag v* in this clone, which has a part of the history: {TAGS}"
            )),
        };
    }
    let tag = git(root, &["describe", "--tags", "--abbrev=0", "--match", "v*"])?;
    find(root, Some(tag)).map(Some)
}

impl Base {
    /// Writes the documents of the revision below `folder`, as they stood below the root.
    pub(crate) fn write_specs(&self, root: &Path, folder: &Path) -> Result<(), String> {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let list = git(
            root,
            &["ls-tree", "-r", "-z", "--name-only", &self.commit, "specs/"],
        )?;
        for name in list.split('\0').filter(|name| !name.is_empty()) {
            // Named from here, as the list has them: the project may be a folder of its repository.
            let bytes = output(root, &["show", &format!("{}:./{name}", self.commit)])?;
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&path, bytes))
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }

    /// The files of the revision, below the root.
    pub(crate) fn files(&self, root: &Path) -> Result<Vec<String>, String> {
        let list = git(root, &["ls-tree", "-r", "-z", "--name-only", &self.commit])?;
        let names = list.split('\0').filter(|name| !name.is_empty());
        Ok(names.map(str::to_owned).collect())
    }

    /// The text of a file of the revision.
    pub(crate) fn file(&self, root: &Path, name: &str) -> Result<String, String> {
        git(root, &["show", &format!("{}:./{name}", self.commit)])
    }

    /// Whether anything in a folder is not as it was.
    pub(crate) fn changes(&self, root: &Path, folder: &str) -> Result<bool, String> {
        let changed = git(root, &["diff", "--name-only", &self.commit, "--", folder])?;
        Ok(!changed.is_empty() || !self.untracked(root, folder)?.is_empty())
    }

    /// What `git diff --numstat -z` says of a folder: how it stands now, beside how it stood.
    pub(crate) fn lines_changed(&self, root: &Path, folder: &str) -> Result<String, String> {
        let options = [
            "diff",
            "--numstat",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--relative",
        ];
        git(
            root,
            &[&options[..], &[&self.commit, "--", folder]].concat(),
        )
    }

    /// Files of a folder that git does not know yet.
    pub(crate) fn untracked(&self, root: &Path, folder: &str) -> Result<Vec<String>, String> {
        let options = ["ls-files", "-z", "--others", "--exclude-standard", "--"];
        let list = git(root, &[&options[..], &[folder]].concat())?;
        let names = list.split('\0').filter(|name| !name.is_empty());
        Ok(names.map(str::to_owned).collect())
    }
}

/// The files that the last commit does not have as they are now, below the root.
pub(crate) fn uncommitted(root: &Path) -> Result<Vec<String>, String> {
    let changed = git(
        root,
        &["diff", "--name-only", "-z", "--relative", "HEAD", "--"],
    )?;
    let untracked = git(root, &["ls-files", "-z", "--others", "--exclude-standard"])?;
    let names = changed.split('\0').chain(untracked.split('\0'));
    let names = names.filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}

/// Whether the last commit has a file as it is now.
pub(crate) fn is_committed(root: &Path, path: &Path) -> bool {
    let path = path.to_string_lossy();
    let is_tracked = git(root, &["ls-files", "--error-unmatch", "--", &path]).is_ok();
    let status = git(root, &["status", "--porcelain", "--", &path]);
    is_tracked && status.is_ok_and(|status| status.is_empty())
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let bytes = output(root, arguments)?;
    Ok(String::from_utf8_lossy(&bytes)
        .trim_end_matches('\n')
        .to_owned())
}

fn output(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(root)
        .output();
    let output = output.map_err(|error| {
        format!("git cannot be run: {error}\nTo install it:\n    apt-get install git")
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let shown = String::from_utf8_lossy(&output.stderr);
    Err(format!("git {}: {}", arguments.join(" "), shown.trim()))
}
