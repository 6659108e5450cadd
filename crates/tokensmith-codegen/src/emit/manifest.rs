//! `Cargo.toml`.

use super::{Manifest, Options, header, package};
use crate::diagnostic::visible::visible;
use crate::model::{ClientAuth, Endpoint, EndpointKind, ExpiryFormat, Model, rfc};

pub(crate) fn manifest(model: &Model, options: &Options) -> String {
    let header = header(options, "#");
    let package = package(&model.name);
    let description = quoted(&visible(&description(model)));
    let version = &model.version;
    let features = features(model);
    let inherited = match &options.manifest {
        Manifest::Workspace => {
            "edition.workspace = true\nrust-version.workspace = true\n\
             license.workspace = true\nrepository.workspace = true\n"
        }
        Manifest::Standalone { .. } => "edition = \"2024\"\nlicense = \"MIT OR Apache-2.0\"\n",
    };
    let (dependencies, runtime, lints) = match &options.manifest {
        Manifest::Workspace => (
            "serde.workspace = true\n",
            "workspace = true".to_owned(),
            "\n[lints]\nworkspace = true\n",
        ),
        Manifest::Standalone { runtime_path } => {
            let path = runtime_path
                .as_ref()
                .map(|path| format!(", path = {}", quoted(&path.to_string_lossy())))
                .unwrap_or_default();
            (
                "serde = { version = \"1\", features = [\"derive\"] }\n",
                format!(
                    "version = \"{}\"{path}, default-features = false",
                    env!("CARGO_PKG_VERSION")
                ),
                "",
            )
        }
    };
    let tests = format!(
        "[dev-dependencies]\ntokensmith-runtime = {{ {runtime}, features = [\"testing\"] }}\n\n"
    );
    format!(
        "{header}\n[package]\nname = \"{package}\"\ndescription = {description}\nversion = \"{version}\"\n{inherited}\
         categories = [\"authentication\", \"api-bindings\"]\nkeywords = [\"oauth2\", \"token\", {}]\nreadme = \"README.md\"\n\n\
         [features]\ndefault = [\"hyper\"]\n# The asynchronous client.\nhyper = [\"tokensmith-runtime/hyper\"]\n\
         # The client for programs that do not use `async`.\nblocking = [\"tokensmith-runtime/blocking\"]\n\n\
         [dependencies]\n{dependencies}tokensmith-runtime = {{ {runtime}{features} }}\n\n{tests}\
         [[example]]\nname = \"token\"\nrequired-features = [\"blocking\"]\n\n\
         [package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n{lints}",
        quoted(&keyword(&model.name))
    )
}

/// What the crate is, for the registry.
pub(crate) fn description(model: &Model) -> String {
    let grants: Vec<String> = model
        .endpoints
        .iter()
        .flat_map(Endpoint::grants)
        .map(|grant| {
            rfc::grant(grant).map_or_else(|| grant.to_owned(), |known| known.ident.to_owned())
        })
        .map(|grant| {
            crate::model::name::snake(&grant)
                .unwrap_or(grant)
                .replace('_', " ")
        })
        .collect();
    if grants.is_empty() {
        return format!("OAuth 2.0 client for {}", model.title);
    }
    format!(
        "OAuth 2.0 client for {}: {}",
        model.title,
        grants.join(", ")
    )
}

/// The features of the runtime that this provider needs, for the manifest.
fn features(model: &Model) -> String {
    let names: Vec<String> = runtime_features(model).into_iter().map(quoted).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(", features = [{}]", names.join(", "))
}

/// The features of the runtime without which the generated code does not do what the document says.
pub fn runtime_features(model: &Model) -> Vec<&'static str> {
    let endpoints = || model.endpoints.iter();
    let mut parameters = endpoints()
        .flat_map(|endpoint| &endpoint.operations)
        .flat_map(|operation| &operation.parameters);
    let mut variables = model.servers.iter().flat_map(|server| &server.variables);
    let takes =
        |grant: &str| endpoints().any(|endpoint| endpoint.grants().any(|other| other == grant));
    let signs = |endpoint: &Endpoint| {
        matches!(
            endpoint.attributes.authentication.method,
            ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt | ClientAuth::AssertionSecret
        )
    };
    let has_time = |endpoint: &Endpoint| {
        matches!(
            endpoint.attributes.expiry.format,
            ExpiryFormat::DateTime | ExpiryFormat::Duration
        )
    };
    let is_authorization = |endpoint: &Endpoint| endpoint.kind == EndpointKind::Authorization;
    let needed = [
        ("authorization", endpoints().any(is_authorization)),
        ("device", takes(rfc::DEVICE_CODE)),
        ("dpop", endpoints().any(|endpoint| endpoint.dpop)),
        ("jwt", endpoints().any(signs) || takes(rfc::JWT_BEARER)),
        (
            "pattern",
            parameters.any(|parameter| parameter.pattern.is_some())
                || variables.any(|variable| variable.pattern.is_some()),
        ),
        ("time", endpoints().any(has_time)),
        (
            "tls-client-auth",
            endpoints().any(|endpoint| endpoint.certificate),
        ),
    ];
    let needed = needed.into_iter().filter(|(_, is_needed)| *is_needed);
    needed.map(|(name, _)| name).collect()
}

/// A keyword has at most twenty characters.
fn keyword(name: &str) -> String {
    name.chars()
        .take(20)
        .collect::<String>()
        .trim_end_matches('-')
        .to_owned()
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(control)))
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
