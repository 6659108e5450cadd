//! Keeping the tokens that were just obtained.

mod before;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde_json::Map;
use tokensmith_cache::TokenErrorKind;
use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_runtime::{Secret, ServerMetadata, Token};

use super::access::{Access, unix};
use super::folder::Folder;
use super::list;
use super::record::{Details, KeptMetadata, Record};
use super::storage::{KeyPlace, Vault};
use crate::args::{ClientArgs, GrantArgs, Output, ShowArgs, SourceArgs, StateOutput};
use crate::credentials::ClientIdentity;
use crate::failure::Failure;
use crate::server::Known;
use crate::terminal::interrupt;

/// Keeps tokens under a name. It is made before they are asked for, so that what stands in the way is
/// said first.
pub(crate) struct Keeper {
    folder: Folder,
    name: String,
    grant: GrantArgs,
    issuer: Option<String>,
    /// The provider, unless there are only URLs.
    known: Option<Known>,
    vault: Vault,
    /// What is kept under the name so far.
    before: Option<(Record, Details)>,
}

/// What was obtained.
pub(crate) struct Obtained<'a> {
    pub(crate) token: &'a Token,
    pub(crate) identity: &'a ClientIdentity,
    /// Whom the ID token is about, if one was checked.
    pub(crate) subject: Option<String>,
    /// The metadata of the issuer.
    pub(crate) metadata: Option<ServerMetadata>,
    /// What a redirect says of the server's URL.
    pub(crate) redirect_variables: Vec<String>,
    /// The secret parameters of the request, if it can be sent again.
    pub(crate) repeat: Option<Vec<(String, Secret)>>,
}

impl<'a> Obtained<'a> {
    /// A token, and who has asked for it.
    pub(crate) fn new(token: &'a Token, identity: &'a ClientIdentity) -> Self {
        Self {
            token,
            identity,
            subject: None,
            metadata: None,
            redirect_variables: Vec::new(),
            repeat: None,
        }
    }
}

impl Keeper {
    /// Prepares to keep tokens under a name, if there is one.
    pub(crate) fn begin(
        name: Option<&str>,
        grant: &GrantArgs,
        issuer: Option<&str>,
        known: Option<Known>,
    ) -> Result<Option<Self>, Failure> {
        let Some(name) = name else {
            return Ok(None);
        };
        let folder = Folder::of_user()?;
        let grant = with_absolute_paths(grant)?;
        let before = match folder.find(name)? {
            Some(record) => {
                let details = record.open(&Vault::open(record.key, &folder)?.keyring)?;
                if !details.is_of_same_provider(&grant, issuer) {
                    return Err(Failure::Failed(format!(
                        "tokens of {} are kept as `{name}`, or by other options: choose another name, or `tokensmith logout {name}`",
                        record.provider
                    )));
                }
                Some((record, details))
            }
            None => None,
        };
        let (vault, unusable) = Vault::choose(&folder)?;
        if let Some(reason) = unusable {
            note_file(&folder, &reason.to_string());
        }
        Ok(Some(Self {
            folder,
            name: name.to_owned(),
            grant,
            issuer: issuer.map(str::to_owned),
            known,
            vault,
            before,
        }))
    }

    /// Keeps the tokens. Unless an output is asked for, it prints what is kept in the place of the
    /// tokens, and returns `true`.
    pub(crate) fn keep(
        mut self,
        obtained: Obtained<'_>,
        output: Option<Output>,
        show: &ShowArgs,
    ) -> Result<bool, Failure> {
        // Ctrl-C waits: what is stored and has no name could neither be used nor forgotten.
        interrupt::wait_for_writing();
        let whole = interrupt::hold();
        let details = self.details(&obtained);
        let access = self.store(obtained.token, details, show)?;
        if let Err(failure) = self.name(&access.record) {
            self.take_back(&access);
            return Err(failure);
        }
        // Last: the tokens before are good until the new ones are kept.
        self.sign_out_before(&access, show);
        drop(whole);
        if output.is_some() {
            return Ok(false);
        }
        list::print(
            std::slice::from_ref(&access.record),
            StateOutput::or_usual(None),
        )?;
        Ok(true)
    }

    /// Keeps the record, which names the tokens.
    fn name(&self, record: &Record) -> Result<(), Failure> {
        self.folder.put(&self.folder.lock()?, record)
    }

    /// Deletes tokens that no record names, but for those in the place of tokens from before. They
    /// are not revoked, which some providers extend to all tokens of the person.
    fn take_back(&self, access: &Access) {
        let before = self.before.as_ref().map(|(record, _)| record);
        let in_place = before.filter(|before| before.key == access.record.key);
        let before = in_place.map(|before| before.stored.clone());
        let new = access.record.stored.without(&before.unwrap_or_default());
        let told = match access.delete(&new) {
            Ok(()) if new.has_refresh_tokens() => {
                "the new tokens are deleted, and not revoked".to_owned()
            }
            Ok(()) => return,
            Err(failure) => format!("the new tokens are not deleted: {}", failure.message()),
        };
        print_error(format!("warning: {told}"));
    }

    /// Stores the tokens: in a file if the operating system's keyring refuses them.
    fn store(
        &mut self,
        token: &Token,
        details: Details,
        show: &ShowArgs,
    ) -> Result<Access, Failure> {
        let access = self.access(token, details.clone(), show)?;
        let Err(error) = access.sign_in(token) else {
            return Ok(access);
        };
        let is_keyring = self.vault.place == KeyPlace::Keyring;
        if !is_keyring || error.kind() != TokenErrorKind::RefreshTokenStore {
            return Err(access.failure(error));
        }
        // It may refuse what is long.
        note_file(&self.folder, &error.to_string());
        self.vault = Vault::open(KeyPlace::File, &self.folder)?;
        let access = self.access(token, details, show)?;
        match access.sign_in(token) {
            Ok(()) => Ok(access),
            Err(error) => Err(access.failure(error)),
        }
    }

    fn details(&self, obtained: &Obtained<'_>) -> Details {
        // A refresh token is better than a password.
        let is_refreshed = obtained.token.refresh_token.is_some();
        let repeat = obtained.repeat.as_ref().filter(|_| !is_refreshed);
        let exposed = |(name, value): &(String, Secret)| (name.clone(), value.expose().to_owned());
        let extra = obtained.token.extra.iter();
        let extra = extra.map(|(name, value)| (name.to_owned(), value.clone()));
        Details {
            grant: self.grant.clone(),
            redirect_variables: obtained.redirect_variables.clone(),
            issuer: self.issuer.clone(),
            metadata: obtained.metadata.as_ref().map(KeptMetadata::of),
            client_id: obtained.identity.id.clone(),
            client_secret: obtained
                .identity
                .secret
                .as_ref()
                .map(|it| it.expose().to_owned()),
            subject: obtained.subject.clone(),
            repeat: repeat.map(|parameters| parameters.iter().map(exposed).collect()),
            extra: extra.collect::<Map<_, _>>(),
        }
    }

    fn access(&self, token: &Token, details: Details, show: &ShowArgs) -> Result<Access, Failure> {
        let source = &details.grant.source;
        let spec = source.spec.as_deref().and_then(|file| file.file_name());
        let provider = source.provider.clone().or_else(|| self.issuer.clone());
        let provider = provider.or_else(|| Some(spec?.to_string_lossy().into_owned()));
        let provider = provider.or_else(|| source.token_url.clone());
        let metadata = &token.metadata;
        let mut record = Record::new(&self.name, provider.unwrap_or_default(), self.vault.place);
        record.renews = token.refresh_token.is_some() || details.repeat.is_some();
        record.scope.clone_from(&metadata.scopes);
        // The token of a request that is sent again is not kept: the next one is.
        let is_kept = details.repeat.is_none();
        record.expires_at = metadata.expires_at.filter(|_| is_kept).and_then(unix);
        record.seal(&details, &self.vault.keyring)?;
        let mut access = Access::new(record, details, &self.vault, show, self.known)?;
        access.record.stored = access.stored_names()?;
        Ok(access)
    }
}

/// Says where the tokens are if the operating system's keyring cannot be used, and what that means.
fn note_file(folder: &Folder, reason: &str) {
    print_error(format!(
        "note: {reason}\nnote: the tokens are kept in {}, encrypted with a key in the same folder: whoever can \
         read your files can read them",
        folder.path().display()
    ));
}

/// The same arguments from wherever they are used.
fn with_absolute_paths(grant: &GrantArgs) -> Result<GrantArgs, Failure> {
    let mut grant = grant.clone();
    let SourceArgs { spec, overlay, .. } = &mut grant.source;
    let ClientArgs {
        client_key,
        client_certificate,
        dpop,
        ..
    } = &mut grant.client;
    let paths = [spec, overlay, client_key, client_certificate, dpop];
    for path in paths.into_iter().flatten() {
        *path = absolute(path)?;
    }
    Ok(grant)
}

/// The path as it is kept. JSON has no place for one that is not UTF-8.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let failed = |reason: &dyn Display| Failure::Failed(format!("{}: {reason}", path.display()));
    let absolute = std::path::absolute(path).map_err(|error| failed(&error))?;
    match absolute.to_str() {
        Some(_) => Ok(absolute),
        None => Err(failed(
            &"the path is not UTF-8, so that it cannot be kept: rename the file or its folder",
        )),
    }
}
