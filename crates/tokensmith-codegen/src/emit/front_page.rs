//! What the documentation of a crate shows after its first example.

use super::library::{Shown, needs_server, shown};
use super::library_name;
use crate::model::{Model, ParameterKind};

/// The sections that follow the first example.
pub(crate) fn sections(model: &Model) -> String {
    let Some(shown) = shown(model) else {
        return String::new();
    };
    let page = Page {
        model,
        library: library_name(&model.name),
        shown,
    };
    let mut text = String::new();
    for (heading, section) in [
        ("Ask for a scope", page.scope()),
        ("Match an error", Some(page.error())),
        ("Set timeouts, a server and retries", Some(page.settings())),
        ("Keep tokens", Some(page.cache())),
        ("Test with a mock", Some(page.mock())),
        ("Features", Some(FEATURES.to_owned())),
    ] {
        if let Some(section) = section {
            text.push_str(&format!("\n# {heading}\n\n{section}"));
        }
    }
    text
}

const FEATURES: &str = "- `hyper` (default): the asynchronous client.\n\
                        - `blocking`: the client for programs that do not use `async`.\n";

struct Page<'a> {
    model: &'a Model,
    library: String,
    shown: Shown<'a>,
}

impl Page<'_> {
    /// An example: the body of a function with these parameters.
    fn example(&self, head: &str, imports: &[String], body: &str) -> String {
        let imports: String = imports
            .iter()
            .map(|path| format!("use {path};\n"))
            .collect();
        format!("```no_run\n{imports}# {head} {{\n{body}# }}\n```\n")
    }

    /// `client: Client`, and the request where it cannot be made from nothing.
    fn parameters(&self) -> String {
        let (library, ident) = (&self.library, &self.shown.operation.ident);
        match self.shown.is_free {
            true => format!("client: {library}::Client"),
            false => format!("client: {library}::Client, request: {library}::{ident}"),
        }
    }

    /// The expression of the request.
    fn request(&self) -> String {
        let ident = &self.shown.operation.ident;
        match self.shown.is_free {
            true => format!("{}::{ident}::new()", self.library),
            false => "request".to_owned(),
        }
    }

    fn scope(&self) -> Option<String> {
        let library = &self.library;
        let mut parameters = self.shown.operation.parameters.iter();
        let parameter =
            parameters.find(|parameter| matches!(parameter.kind, ParameterKind::Scopes { .. }))?;
        let mut scopes = self.model.scopes.iter();
        let constant = scopes.find(|scope| scope.parameters.is_empty());
        let scope = constant.map_or("\"read\"".to_owned(), |scope| {
            format!("{library}::scope::{}", scope.ident)
        });
        let head = format!(
            "async fn example({}) -> Result<(), {library}::Error>",
            self.parameters()
        );
        let body = format!(
            "let request = {}.{}({scope});\n\
             let token = client.send(request).await?;\n\
             println!(\"granted: {{:?}}\", token.scopes());\n\
             # Ok(())\n",
            self.request(),
            parameter.ident
        );
        Some(self.example(&head, &[], &body))
    }

    fn error(&self) -> String {
        let library = &self.library;
        let endpoint = self.shown.endpoint;
        let (error, first) = (&endpoint.error, endpoint.errors.first());
        let declared = first.map(|case| match case.body {
            Some(_) => format!(
                "        Some({error}::{}(_)) => println!(\"refused: {{:?}}\", error.code()),\n",
                case.ident
            ),
            None => format!(
                "        Some({error}::{}) => println!(\"HTTP {}\"),\n",
                case.ident, case.statuses.0
            ),
        });
        let failed = match declared {
            Some(declared) => format!(
                "    Err(error) => match error.body() {{\n{declared}        \
                 _ => println!(\"{{error}}\"),\n    }},\n"
            ),
            None => "    Err(error) => println!(\"{:?}: {error}\", error.code()),\n".to_owned(),
        };
        let imports: Vec<String> = first
            .map(|_| format!("{library}::error::{error}"))
            .into_iter()
            .collect();
        let head = format!("async fn example({})", self.parameters());
        let body = format!(
            "match client.send({}).await {{\n    \
             Ok(token) => println!(\"valid for {{:?}}\", token.expires_in()),\n{failed}}}\n",
            self.request()
        );
        self.example(&head, &imports, &body)
    }

    /// The expression of a server, and the parameter that it is where it cannot be made from nothing.
    fn server(&self) -> (String, String) {
        let library = &self.library;
        match self.model.servers.first() {
            Some(server) if !needs_server(self.model) => {
                (format!("Server::{}", server.ident), String::new())
            }
            _ => ("server".to_owned(), format!(", server: {library}::Server")),
        }
    }

    fn settings(&self) -> String {
        let library = &self.library;
        let (server, parameter) = self.server();
        let head = format!(
            "fn example(credentials: {library}::Credentials{parameter}) -> Result<(), {library}::Error>"
        );
        let names = match needs_server(self.model) {
            true => "Client, Retry, Timeouts",
            false => "Client, Retry, Server, Timeouts",
        };
        let imports = [
            "std::time::Duration".to_owned(),
            format!("{library}::{{{names}}}"),
        ];
        let body = format!(
            "let timeouts = Timeouts::default().with_total(Duration::from_secs(10));\n\
             let client = Client::for_server({server}, credentials)?\n    \
             .timeouts(timeouts)\n    \
             .retry(Retry::default().with_attempts(2));\n\
             # let _ = client;\n\
             # Ok(())\n"
        );
        self.example(&head, &imports, &body)
    }

    fn cache(&self) -> String {
        "[tokensmith-cache](https://docs.rs/tokensmith-cache) keeps a valid token at hand\n\
         for all tasks of a program, gets the next one before it expires, and stores refresh tokens.\n"
            .to_owned()
    }

    fn mock(&self) -> String {
        let library = &self.library;
        let (server, parameter) = self.server();
        let request = match self.shown.is_free {
            true => String::new(),
            false => format!(", request: {library}::{}", self.shown.operation.ident),
        };
        let head = format!(
            "async fn example(credentials: {library}::Credentials{parameter}{request}) \
             -> Result<(), {library}::Error>"
        );
        let names = match needs_server(self.model) {
            true => "Client",
            false => "{Client, Server}",
        };
        let imports = [
            format!("{library}::{names}"),
            "tokensmith_runtime::MockTransport".to_owned(),
        ];
        let body = format!(
            "let body = r#\"{{\"access_token\": \"abc\"}}\"#;\n\
             let provider = MockTransport::new().respond(200, \"application/json\", body);\n\
             let client = Client::with_transport(provider, {server}, credentials)?;\n\
             let token = client.send({}).await?;\n\
             assert_eq!(token.access_token.expose(), \"abc\");\n\
             # Ok(())\n",
            self.request()
        );
        format!(
            "`MockTransport` comes with the feature `testing` of `tokensmith-runtime`.\n\n{}",
            self.example(&head, &imports, &body)
        )
    }
}
