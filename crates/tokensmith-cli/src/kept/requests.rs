//! What a provider is asked for kept tokens.

use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{RevocationRequest, TokenRequest, grants};

use super::record::Details;
use crate::args::GrantArgs;
use crate::credentials::ClientIdentity;
use crate::failure::Failure;
use crate::failure::context::Context;
use crate::request::{self, Found};
use crate::server::{self, Known, Server, select};

/// The request that revokes a token, and the name of the parameter for it.
pub(super) type Revocation = (RevocationRequest<'static>, String);

/// The requests of a provider.
pub(super) struct Requests {
    pub(super) token: TokenRequest<'static>,
    pub(super) revocation: Option<Revocation>,
    pub(super) settings: Settings,
    pub(super) context: Context,
}

/// The requests by which new tokens are asked for, and old ones revoked. The provider may be known
/// already.
pub(super) fn requests(
    details: &Details,
    identity: &ClientIdentity,
    known: Option<Known>,
) -> Result<Requests, Failure> {
    let grant = &details.grant();
    let Some(metadata) = &details.metadata else {
        let found = match known {
            Some(_) => request::find_known(grant, known),
            None => request::find(grant),
        };
        return described(grant, details.repeat.is_some(), identity, &found?);
    };
    let metadata = metadata.metadata()?;
    let revocation = metadata.revocation_request().ok();
    let token = metadata.token_request(&grants::REFRESH_TOKEN)?;
    let server = Server::Discovered(Box::new(metadata));
    let mut settings = server::settings(&server, &grant.source, &grant.client, identity)?;
    request::apply(&grant.request, &mut settings)?;
    Ok(Requests {
        token,
        revocation: revocation.map(|request| (request, "token".to_owned())),
        settings,
        context: Context::default(),
    })
}

fn described(
    grant: &GrantArgs,
    is_repeated: bool,
    identity: &ClientIdentity,
    found: &Found,
) -> Result<Requests, Failure> {
    let settings = found.settings(grant, identity)?;
    let revocation = server::revocation(found.description);
    let token = match is_repeated {
        true => found.request(grant)?,
        false => {
            let path = grant.source.path.as_deref();
            let known = select::operation(found.description, Some("refresh_token"), path);
            let (endpoint, operation) = known.unwrap_or((found.endpoint, &grants::REFRESH_TOKEN));
            let request = TokenRequest::new(endpoint, operation);
            match path {
                Some(path) => request.path(path.to_owned()),
                None => request,
            }
        }
    };
    Ok(Requests {
        token,
        revocation,
        settings,
        context: found.context(),
    })
}
