//! `tokensmith logout`: kept tokens are revoked and forgotten.

use std::process::ExitCode;

use serde_json::{Value, json};
use tokensmith_codegen::diagnostic::output::{Printable, try_print};

use super::access::{Access, Revoked};
use super::folder::Folder;
use super::storage::Stores;
use crate::args::{LogoutArgs, ShowArgs, StateOutput};
use crate::failure::Failure;
use crate::terminal::interrupt;

/// What was done.
struct Done {
    /// `None` if the provider was not to be asked.
    revoked: Option<Revoked>,
    /// Why the provider has not revoked the tokens.
    not_revoked: Option<Failure>,
    /// Where a browser signs out of the provider.
    end_session_url: Option<String>,
}

/// Revokes and forgets, and says what was done.
pub(crate) fn run(args: &LogoutArgs) -> Result<ExitCode, Failure> {
    let output = StateOutput::or_usual(args.output);
    let done = Folder::of_user().and_then(|folder| match args.forget {
        true => forget(&folder, &args.name),
        false => log_out(&folder, args),
    });
    let printed = done.and_then(|done| {
        print(args, &done, output)?;
        Ok(done.not_revoked)
    });
    match printed {
        Ok(None) => Ok(ExitCode::SUCCESS),
        Ok(Some(failure)) | Err(failure) => Ok(failure.report(output.form())),
    }
}

fn log_out(folder: &Folder, args: &LogoutArgs) -> Result<Done, Failure> {
    let show = ShowArgs {
        verbose: args.verbose,
        ..ShowArgs::default()
    };
    let access = Access::open(folder, &args.name, &show)?;
    // Ctrl-C waits: tokens that are deleted here and not revoked yet could not be revoked any more.
    interrupt::wait_for_writing();
    let _whole = interrupt::hold();
    let signed_out = access.sign_out()?;
    if let Some(failure) = signed_out.not_deleted {
        return Err(failure);
    }
    folder.remove(&folder.lock()?, &args.name)?;
    Ok(Done {
        revoked: Some(signed_out.revoked),
        not_revoked: signed_out.not_revoked,
        end_session_url: access.end_session_url(),
    })
}

/// Deletes the tokens by their names in the stores, which needs neither the key nor the provider's
/// document. The record is removed last, so that it can be done again if it fails.
fn forget(folder: &Folder, name: &str) -> Result<Done, Failure> {
    let record = folder.read(name)?;
    let record = record.ok_or_else(|| Folder::unknown(name))?;
    let named = match record {
        Ok(record) if record.stored.is_empty() => Err("its record does not name them"),
        Ok(record) => Ok(record),
        Err(_) => Err("its record is damaged"),
    };
    if let Ok(record) = &named {
        let stores = Stores::open(record.key, folder);
        let deleted = stores.and_then(|stores| record.stored.delete(&stores));
        deleted.map_err(|error| {
            Failure::Failed(format!(
                "the tokens of `{name}` are not deleted: {error}; if their store is lost, delete {}",
                folder.file(name).display()
            ))
        })?;
    }
    folder.remove(&folder.lock()?, name)?;
    match named {
        Ok(_) => Ok(Done {
            revoked: None,
            not_revoked: None,
            end_session_url: None,
        }),
        Err(reason) => Err(Failure::Failed(format!(
            "the name `{name}` is removed, and its tokens stay in {}, encrypted: {reason}",
            folder.path().display()
        ))),
    }
}

fn print(args: &LogoutArgs, done: &Done, output: StateOutput) -> Result<(), Failure> {
    let name = &args.name;
    if output == StateOutput::Json {
        let done: Value = json!({
            "name": name,
            "revoked": done.revoked == Some(Revoked::Yes),
            "forgotten": true,
            "end_session_url": done.end_session_url,
        });
        return Ok(try_print(Printable::json_line(&done))?);
    }
    let told = match done.revoked {
        Some(Revoked::Yes) => "revoked and forgotten",
        Some(Revoked::No) => "forgotten here, and not revoked",
        Some(Revoked::NotFound) => "forgotten here; no valid token was found to revoke",
        Some(Revoked::NoEndpoint) => {
            "forgotten here; the provider has no known way to revoke them, so that they stay valid until they \
             expire"
        }
        None => "forgotten here; the provider was not asked to revoke them",
    };
    let mut text = format!("The tokens of `{name}` are {told}.");
    if let Some(url) = &done.end_session_url {
        text += &format!("\nTo sign out of the provider in the browser as well, open {url}");
    }
    Ok(try_print(text)?)
}
