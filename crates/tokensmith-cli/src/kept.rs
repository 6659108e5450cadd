//! Tokens that are kept under a name: `--keep`, `token --kept`, `kept` and `logout`.

mod access;
mod folder;
mod keep;
mod list;
mod logout;
mod record;
mod requests;
mod storage;
mod stored;

use tokensmith_runtime::UserInfo;

pub(crate) use self::keep::{Keeper, Obtained};
pub(crate) use self::list::run as list;
pub(crate) use self::logout::run as logout;

use self::access::Access;
use self::folder::Folder;
use crate::args::{Output, ShowArgs, TokenArgs};
use crate::failure::Failure;
use crate::output;
use crate::output::Header;
use crate::request::refuse_header_of_query;

/// Prints a valid access token of those that are kept under a name.
pub(crate) fn token(name: &str, args: &TokenArgs, output: Output) -> Result<(), Failure> {
    let folder = Folder::of_user()?;
    let access = Access::open(&folder, name, &args.show)?;
    refuse_header_of_query(access.token_use(), args.output, &args.header)?;
    let token = access.token(&folder)?;
    let header = Header::of(&args.header, &token, access.token_use());
    output::print_token(&token, output, &header)
}

/// Asks the provider about the person who signed in.
pub(crate) fn user_info(name: &str, show: &ShowArgs) -> Result<UserInfo, Failure> {
    let folder = Folder::of_user()?;
    let access = Access::open(&folder, name, show)?;
    let subject = access.subject().ok_or_else(|| {
        Failure::Failed(format!(
            "no ID token was checked when `{name}` was kept, so that nobody knows whom userinfo has to be \
             about: sign in with `--scope openid` and `--issuer`, or give --issuer and --subject"
        ))
    })?;
    access.user_info(&access.token(&folder)?.access_token, subject)
}
