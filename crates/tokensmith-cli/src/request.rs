//! The token request that arguments describe: of a built-in provider, a document or a bare URL.

use tokensmith_runtime::protocol::Settings;
use tokensmith_runtime::{
    ClientAuth, Description, Endpoint, EndpointKind, Operation, TokenRequest, TokenUse, grants,
};

use crate::args::{ClientArgs, GrantArgs, HeaderArgs, Output, RequestArgs, pairs};
use crate::credentials::{self, ClientIdentity};
use crate::failure::Failure;
use crate::failure::context::Context;
use crate::server::select::{self, Target};
use crate::server::{Known, plain_http};

/// The endpoint and the operation that a token is asked for by.
pub(crate) struct Found {
    pub(crate) description: &'static Description<'static>,
    pub(crate) target: Target,
    pub(crate) endpoint: &'static Endpoint<'static>,
    pub(crate) operation: &'static Operation<'static>,
    /// The provider, unless there is only a URL.
    pub(crate) known: Option<Known>,
}

/// Finds the endpoint that the arguments name, and says where the credentials go.
pub(crate) fn find(args: &GrantArgs) -> Result<Found, Failure> {
    let found = find_known(args, None)?;
    if let Some(known) = found.known {
        let source = &args.source;
        let variables = pairs("--server-variable", &source.server_variable)?;
        let path = source.path.as_deref();
        known.note_destination(&found.target, found.endpoint, path, &variables);
    }
    Ok(found)
}

/// Finds the endpoint that the arguments name, of a provider that may be known already.
pub(crate) fn find_known(args: &GrantArgs, known: Option<Known>) -> Result<Found, Failure> {
    let source = &args.source;
    if let Some(url) = &source.token_url {
        return at_url(url, args);
    }
    let known = match known {
        Some(known) => known,
        None => Known::of(source)?,
    };
    let description = known.description;
    let variables = pairs("--server-variable", &source.server_variable)?;
    let target = select::target(description, source.server.as_deref(), &variables)?;
    let path = source.path.as_deref();
    let (endpoint, operation) = select::operation(description, args.grant.as_deref(), path)?;
    Ok(Found {
        description,
        target,
        endpoint,
        operation,
        known: Some(known),
    })
}

/// A token endpoint of which nothing is known but what the RFCs say. What describes it lives until
/// the command ends, as a provider's description does.
fn at_url(url: &str, args: &GrantArgs) -> Result<Found, Failure> {
    let leak = |text: &str| -> &'static str { Box::leak(text.into()) };
    let grant_type = args.grant.as_deref().unwrap_or("client_credentials");
    // Of a grant that no RFC defines, the worst is assumed.
    let custom = || -> &'static Operation<'static> {
        Box::leak(Box::new(Operation::grant(leak(grant_type)).one_time()))
    };
    let operation = grants::find(grant_type).unwrap_or_else(custom);
    let mut endpoint = Endpoint::new(EndpointKind::Token, &[""])
        .with_scope_separator(leak(args.scope_separator.as_deref().unwrap_or(" ")))
        .with_operations(Box::leak(Box::new([operation])));
    if let Some(pointer) = &args.access_token {
        endpoint = endpoint.with_access_token(Box::leak(Box::new([leak(pointer)])));
    }
    let endpoint: &'static Endpoint<'static> = Box::leak(Box::new(endpoint));
    let description = Description::new("", "the token endpoint");
    let description = description.with_endpoints(Box::leak(Box::new([endpoint])));
    let variables = pairs("--server-variable", &args.source.server_variable)?;
    Ok(Found {
        description: Box::leak(Box::new(description)),
        target: select::at(url, &variables)?,
        endpoint,
        operation,
        known: None,
    })
}

impl Found {
    /// What people are told of the provider when something fails.
    pub(crate) fn context(&self) -> Context {
        self.known
            .map_or_else(Context::default, |known| known.context.clone())
    }

    /// The request with all that is not secret.
    pub(crate) fn request(&self, args: &GrantArgs) -> Result<TokenRequest<'static>, Failure> {
        let mut request = TokenRequest::new(self.endpoint, self.operation);
        if let Some(path) = &args.source.path {
            request = request.path(path.clone());
        }
        for scope in &args.request.scope {
            request = request.scope(scope);
        }
        for (name, value) in pairs("--param", &args.request.param)? {
            request = request.parameter(name, value);
        }
        Ok(request)
    }

    /// The settings of a client of the provider.
    pub(crate) fn settings(
        &self,
        args: &GrantArgs,
        identity: &ClientIdentity,
    ) -> Result<Settings, Failure> {
        let client = &args.client;
        let credentials = identity.credentials(client)?;
        let target = self.target.clone();
        let mut settings = target.settings(credentials, plain_http(&args.source)?)?;
        settings.set_provider(self.description.name());
        credentials::apply(client, &mut settings)?;
        apply(&args.request, &mut settings)?;
        Ok(settings)
    }
}

/// Sets the format and the headers of requests.
pub(crate) fn apply(args: &RequestArgs, settings: &mut Settings) -> Result<(), Failure> {
    if let Some(format) = args.format {
        settings.set_format(format.into());
    }
    for (name, value) in pairs("--header", &args.header)? {
        settings.set_header(name, value)?;
    }
    Ok(())
}

/// URLs are logged on the way: a document alone does not put the secret there.
pub(crate) fn refuse_secret_in_url(
    endpoint: &Endpoint<'_>,
    args: &ClientArgs,
) -> Result<(), Failure> {
    if args.client_auth == Some(ClientAuth::Query) {
        return Ok(());
    }
    let auth = args.client_auth.unwrap_or(endpoint.client_auth());
    let in_query = match auth {
        ClientAuth::Query => true,
        // Of a request without a body, what would be in it is in the query.
        ClientAuth::Body | ClientAuth::Auto => !endpoint.method().has_body(),
        _ => false,
    };
    match in_query {
        false => Ok(()),
        true => Err(Failure::Usage(
            "the client secret would be sent in the URL, where proxies and servers log it: if the provider takes it nowhere \
             else, say so with --client-auth query"
                .to_owned(),
        )),
    }
}

/// A token that could not be printed is not asked for.
pub(crate) fn refuse_header_of_query(
    token_use: TokenUse<&str>,
    output: Option<Output>,
    header: &HeaderArgs,
) -> Result<(), Failure> {
    match token_use {
        TokenUse::Query { name }
            if output == Some(Output::Header) && header.header_key.is_none() =>
        {
            Err(Failure::Failed(format!(
                "the provider takes the token in the query parameter `{name}`, not in a header: use \
                 `--output token`, or name a header by `--header-key`"
            )))
        }
        _ => Ok(()),
    }
}
