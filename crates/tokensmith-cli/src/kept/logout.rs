//! `tokensmith logout`: kept tokens are revoked and forgotten.

use std::process::ExitCode;

use serde_json::{Value, json};
use tokensmith_codegen::diagnostic::output::{Printable, try_print};

use super::access::Access;
use super::folder::Folder;
use crate::args::{LogoutArgs, ShowArgs, StateOutput};
use crate::failure::Failure;

/// What was done.
#[derive(Default)]
struct Done {
    is_revoked: bool,
    /// Why the provider was not told.
    not_revoked: Option<Failure>,
    /// Where a browser signs out of the provider.
    end_session_url: Option<String>,
}

/// Revokes and forgets, and says what was done.
pub(crate) fn run(args: &LogoutArgs) -> Result<ExitCode, Failure> {
    let output = StateOutput::or_usual(args.output);
    let printed = log_out(args).and_then(|done| {
        print(args, &done, output)?;
        Ok(done.not_revoked)
    });
    match printed {
        Ok(None) => Ok(ExitCode::SUCCESS),
        Ok(Some(failure)) | Err(failure) => Ok(failure.report(output.form())),
    }
}

fn log_out(args: &LogoutArgs) -> Result<Done, Failure> {
    let show = ShowArgs {
        verbose: args.verbose,
        ..ShowArgs::default()
    };
    let name = &args.name;
    let folder = Folder::of_user()?;
    folder.require(name)?;
    let access = match args.forget {
        // The tokens of a key that is lost stay behind, encrypted.
        true => Access::open_to_forget(&folder, name).ok(),
        false => Some(Access::open(&folder, name, &show)?),
    };
    let mut done = Done::default();
    if let Some(access) = access {
        let signed_out = access.sign_out()?;
        if let Some(failure) = signed_out.not_deleted {
            return Err(failure);
        }
        done = Done {
            is_revoked: signed_out.is_revoked,
            not_revoked: signed_out.not_revoked,
            end_session_url: access.end_session_url(),
        };
    }
    let lock = folder.lock()?;
    folder.remove(&lock, name)?;
    Ok(done)
}

fn print(args: &LogoutArgs, done: &Done, output: StateOutput) -> Result<(), Failure> {
    let name = &args.name;
    if output == StateOutput::Json {
        let done: Value = json!({
            "name": name,
            "revoked": done.is_revoked,
            "forgotten": true,
            "end_session_url": done.end_session_url,
        });
        return Ok(try_print(Printable::json_line(&done))?);
    }
    let told = match (done.is_revoked, &done.not_revoked) {
        (true, _) => "revoked and forgotten",
        (false, Some(_)) => "forgotten here, and not revoked",
        (false, None) if args.forget => "forgotten here; the provider was not asked to revoke them",
        (false, None) => {
            "forgotten here; the provider has no known way to revoke them, so that they stay valid until they \
             expire"
        }
    };
    let mut text = format!("The tokens of `{name}` are {told}.");
    if let Some(url) = &done.end_session_url {
        text += &format!("\nTo sign out of the provider in the browser as well, open {url}");
    }
    Ok(try_print(text)?)
}
