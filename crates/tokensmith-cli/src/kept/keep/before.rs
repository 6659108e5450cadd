//! What was kept under a name before: it is signed out of when new tokens are kept.

use tokensmith_codegen::diagnostic::output::print_error;

use super::Keeper;
use crate::args::ShowArgs;
use crate::failure::Failure;
use crate::kept::access::{Access, SignedOut};
use crate::kept::record::{Details, Record};
use crate::kept::storage::{Stores, Vault};

impl Keeper {
    /// Signs out of what was kept under the name, as far as it was not replaced: if it is of another
    /// client, or in another place. Tokens of the same client are deleted and not revoked, which some
    /// providers extend to all tokens of the person: to the new ones.
    pub(super) fn sign_out_before(&self, now: &Access, show: &ShowArgs) {
        let Some((record, details)) = &self.before else {
            return;
        };
        if record.stored.is_empty() {
            return self.warn(&format!(
                "are not revoked, and those that are not replaced stay in {}, encrypted: their record does not \
                 name them",
                self.folder.path().display()
            ));
        }
        let mut record = record.clone();
        if record.key == now.record.key {
            record.stored = record.stored.without(&now.record.stored);
        }
        if record.stored.is_empty() {
            return;
        }
        let (place, stored) = (record.key, record.stored.clone());
        let mut is_deleted = false;
        if details.client_id == now.details.client_id {
            self.warn(
                "are replaced, and not revoked: they are of the same client, and the provider may revoke the new \
                 ones with them",
            );
        } else {
            let (is_whole, not_revoked) = match self.sign_out_of(record, details.clone(), show) {
                Ok(left) => (left.not_deleted.is_none(), left.not_revoked),
                Err(failure) => (false, Some(failure)),
            };
            is_deleted = is_whole;
            if let Some(failure) = not_revoked {
                let reason = failure.message();
                self.warn(&format!("are replaced, and not revoked: {reason}"));
            }
        }
        if is_deleted {
            return;
        }
        // No record names them any more.
        let deleted = Stores::open(place, &self.folder).and_then(|stores| stored.delete(&stores));
        if let Err(error) = deleted {
            self.warn(&format!(
                "stay in {}, encrypted: {error}",
                self.folder.path().display()
            ));
        }
    }

    fn sign_out_of(
        &self,
        record: Record,
        details: Details,
        show: &ShowArgs,
    ) -> Result<SignedOut, Failure> {
        let vault = Vault::open(record.key, &self.folder)?;
        Access::new(record, details, &vault, show, self.known)?.sign_out()
    }

    fn warn(&self, what: &str) {
        print_error(format!(
            "warning: the tokens that were kept as `{}` before {what}",
            self.name
        ));
    }
}
