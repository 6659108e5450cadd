//! `tokensmith token`: one way to a token for built-in providers, documents and bare URLs.

use std::process::ExitCode;

use tokensmith_codegen::model::FirstServer;
use tokensmith_description::Shelves;
use tokensmith_providers::PROVIDERS;
use tokensmith_runtime::{
    ClientAuth, Description, Endpoint, EndpointKind, Operation, PlainHttpHosts, Token,
    TokenRequest, TokenUse, grants,
};

use crate::args::{ClientArgs, HeaderArgs, Output, TokenArgs, pairs};
use crate::document::{self, notice};
use crate::failure::Failure;
use crate::failure::context::Context;
use crate::output::Header;
use crate::secrets::Secrets;
use crate::server::select::{self, Target};
use crate::{connector, credentials, exchange, output};

/// Gets a token and prints it, or says why there is none.
pub(crate) fn run(args: &TokenArgs) -> Result<ExitCode, Failure> {
    let output = Output::or_usual(args.output);
    let outcome = match &args.connector {
        Some(file) => connector::run(file, args)
            .map_err(|failure| failure.with_context(&Context::default().shown(args.show.verbose))),
        None => get(args).and_then(|got| match got {
            Some(got) => {
                let header = Header::of(&args.header, &got.token, got.token_use.lend());
                output::print_token(&got.token, output, &header)
            }
            None => Ok(()),
        }),
    };
    match outcome {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => Ok(failure.report(output.form())),
    }
}

/// A token, and where the document says that requests carry it.
struct Got {
    token: Token,
    token_use: TokenUse<String>,
}

fn get(args: &TokenArgs) -> Result<Option<Got>, Failure> {
    let source = &args.source;
    if let Some(url) = &source.token_url {
        let context = || Context::default().shown(args.show.verbose);
        return at_url(url, args).map_err(|failure| failure.with_context(&context()));
    }
    if let Some(file) = &source.spec {
        // No crate is generated, so the file may have any name.
        let reading = document::load("document", file, source.overlay.as_deref())?;
        let name = document::shown(file);
        notice::warnings(&name, &reading.diagnostics);
        let model = document::model(reading)?;
        let shelves = Shelves::default();
        let description = model.describe(&shelves);
        let sent = send(&description, args, Some(model.first_server.as_ref()));
        let context = || Context::of_model(&model, &description, &name).shown(args.show.verbose);
        return sent.map_err(|failure| failure.with_context(&context()));
    }
    let name = source.provider.as_deref();
    let mut entries = PROVIDERS.iter();
    match entries.find(|entry| Some(entry.description.name()) == name) {
        Some(entry) => send(entry.description, args, None).map_err(|failure| {
            failure.with_context(&Context::of_entry(entry).shown(args.show.verbose))
        }),
        None => Err(Failure::Usage("no provider is given".to_owned())),
    }
}

/// A token endpoint of which nothing is known but what the RFCs say.
fn at_url(url: &str, args: &TokenArgs) -> Result<Option<Got>, Failure> {
    let grant_type = args.grant.as_deref().unwrap_or("client_credentials");
    // Of a grant that no RFC defines, the worst is assumed.
    let custom = Operation::grant(grant_type).one_time();
    let operations = [grants::find(grant_type).unwrap_or(&custom)];
    let pointers: Vec<&str> = args.access_token.as_deref().into_iter().collect();
    let mut endpoint = Endpoint::new(EndpointKind::Token, &[""])
        .with_scope_separator(args.scope_separator.as_deref().unwrap_or(" "))
        .with_operations(&operations);
    if !pointers.is_empty() {
        endpoint = endpoint.with_access_token(&pointers);
    }
    let endpoints = [&endpoint];
    let description = Description::new("", "the token endpoint").with_endpoints(&endpoints);
    let target = select::at(
        url,
        &pairs("--server-variable", &args.source.server_variable)?,
    )?;
    send_to(&description, target, args)
}

/// Sends the request to a provider. Of a document that is read now, `first_server` is the server
/// that it names first, if it names one.
fn send(
    description: &Description<'_>,
    args: &TokenArgs,
    first_server: Option<Option<&FirstServer>>,
) -> Result<Option<Got>, Failure> {
    let variables = pairs("--server-variable", &args.source.server_variable)?;
    let target = select::target(description, args.source.server.as_deref(), &variables)?;
    if let Some(first) = first_server {
        let path = args.source.path.as_deref();
        let (endpoint, _) = select::operation(description, args.grant.as_deref(), path)?;
        let path = path.or(endpoint.paths().first().copied());
        if let Some(url) = target.url_of(endpoint, path.unwrap_or_default()) {
            let first = first.map(|first| first.url_with(&variables));
            notice::destination(&url, first.as_deref());
        }
    }
    send_to(description, target, args)
}

fn send_to(
    description: &Description<'_>,
    target: Target,
    args: &TokenArgs,
) -> Result<Option<Got>, Failure> {
    let path = args.source.path.as_deref();
    let (endpoint, operation) = select::operation(description, args.grant.as_deref(), path)?;
    refuse_secret_in_url(endpoint, &args.client)?;
    refuse_header_of_query(endpoint, args.output, &args.header)?;
    let mut secrets = Secrets::new(&args.show);
    let given = pairs("--param", &args.request.param)?;
    secrets.describe(endpoint, operation, given.iter().map(|(name, _)| *name));
    let request = request(endpoint, operation, args, &mut secrets)?;
    let client = &args.client;
    let auth = client.client_auth.unwrap_or(endpoint.client_auth());
    let credentials = credentials::credentials(auth, client, &mut secrets)?;
    let mut plain_http = PlainHttpHosts::default();
    for host in &args.source.allow_plain_http {
        plain_http.allow(host)?;
    }
    let mut settings = target.settings(credentials, plain_http)?;
    settings.set_provider(description.name());
    credentials::apply(client, &mut settings)?;
    if let Some(format) = args.request.format {
        settings.set_format(format.into());
    }
    for (name, value) in pairs("--header", &args.request.header)? {
        settings.set_header(name, value)?;
    }
    if args.show.curl {
        credentials::note_encoding(auth);
    }
    let transport = || credentials::transport(client);
    let token = exchange::send(settings, request, transport, &args.show, &secrets)?;
    Ok(token.map(|token| Got {
        token,
        token_use: endpoint.token_use().to_owned(),
    }))
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
    endpoint: &Endpoint<'_>,
    output: Option<Output>,
    header: &HeaderArgs,
) -> Result<(), Failure> {
    match endpoint.token_use() {
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

fn request<'a>(
    endpoint: &'a Endpoint<'a>,
    operation: &'a Operation<'a>,
    args: &'a TokenArgs,
    secrets: &mut Secrets,
) -> Result<TokenRequest<'a>, Failure> {
    let mut request = TokenRequest::new(endpoint, operation);
    if let Some(path) = &args.source.path {
        request = request.path(path);
    }
    for scope in &args.request.scope {
        request = request.scope(scope);
    }
    for (name, value) in pairs("--param", &args.request.param)? {
        request = request.parameter(name, value);
    }
    for (name, variable) in pairs("--secret-param", &args.request.secret_param)? {
        request = request.secret_parameter(name, credentials::secret(name, variable, secrets)?);
    }
    Ok(request)
}
