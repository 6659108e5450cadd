//! `Cargo.toml`.

use semver::Version;

use super::sign_in::id_token::{self, FEATURE};
use super::{Manifest, Options, crate_description, header, package};
use crate::model::{Endpoint, EndpointKind, ExpiryFormat, Model, rfc};

pub(crate) fn manifest(model: &Model, options: &Options) -> String {
    let header = header(options, "#");
    let package = package(&model.name);
    let example = example_name(&model.name);
    let description = quoted(&crate_description(model));
    let version = &model.version;
    let features = features(model);
    let id_tokens = match id_token::is_checked(model) {
        true => format!("# Checks ID tokens.\n{FEATURE} = [\"tokensmith-runtime/{FEATURE}\"]\n"),
        false => String::new(),
    };
    let inherited = match &options.manifest {
        Manifest::Workspace => {
            "edition.workspace = true\nrust-version.workspace = true\n\
             license.workspace = true\nrepository.workspace = true\n"
        }
        Manifest::Standalone { .. } => "edition = \"2024\"\nlicense = \"MIT OR Apache-2.0\"\n",
    };
    // The mock is for the providers that are listed.
    let (dependencies, mock, runtime, lints) = match &options.manifest {
        Manifest::Workspace => (
            "serde.workspace = true\n",
            "tokensmith-mock.workspace = true\n",
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
                "",
                format!(
                    "version = \"{}\"{path}, default-features = false",
                    env!("CARGO_PKG_VERSION")
                ),
                "",
            )
        }
    };
    let tests = format!(
        "[dev-dependencies]\n{mock}tokensmith-runtime = {{ {runtime}, features = [\"testing\"] }}\n\n"
    );
    format!(
        "{header}\n[package]\nname = \"{package}\"\ndescription = {description}\nversion = \"{version}\"\n{inherited}\
         categories = [\"authentication\", \"api-bindings\"]\nkeywords = [\"oauth2\", \"token\", {}]\nreadme = \"README.md\"\n\n\
         [features]\ndefault = [\"hyper\"]\n# The asynchronous client.\nhyper = [\"tokensmith-runtime/hyper\"]\n\
         # The client for programs that do not use `async`.\nblocking = [\"tokensmith-runtime/blocking\"]\n{id_tokens}\n\
         [dependencies]\n{dependencies}tokensmith-runtime = {{ {runtime}{features} }}\n\n{tests}\
         # Its tests are its examples.\n[lib]\ntest = false\n\n[[example]]\nname = \"{example}\"\npath = \"examples/token.rs\"\nrequired-features = [\"blocking\"]\n\n\
         [package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n{lints}",
        quoted(&keyword(&model.name))
    )
}

/// The name of a crate's example, of which cargo wants each once in a workspace.
pub(crate) fn example_name(provider: &str) -> String {
    format!("{provider}-token")
}

/// Returns the description in a manifest that was generated.
pub fn manifest_description(manifest: &str) -> Option<String> {
    let mut lines = manifest.lines();
    let line = lines.find_map(|line| line.strip_prefix("description = "))?;
    // What TOML quotes is quoted as in JSON here.
    serde_json::from_str(line).ok()
}

/// Returns the version in a manifest that was generated.
pub fn manifest_version(manifest: &str) -> Option<Version> {
    let mut lines = manifest.lines();
    let version = lines.find_map(|line| line.strip_prefix("version = "))?;
    version.trim_matches('"').parse().ok()
}

/// What the crate is, for the registry: each grant once, and few of many.
pub(crate) fn description(model: &Model) -> String {
    const SHOWN: usize = 5;
    let mut grants: Vec<String> = Vec::new();
    for grant in model.endpoints.iter().flat_map(Endpoint::grants) {
        let name = grant_name(grant);
        if !grants.contains(&name) {
            grants.push(name);
        }
    }
    let title = &model.title;
    let more = grants.len().saturating_sub(SHOWN);
    grants.truncate(SHOWN);
    let grants = grants.join(", ");
    match (grants.as_str(), more) {
        ("", _) => format!("OAuth 2.0 client for {title}"),
        (grants, 0) => format!("OAuth 2.0 client for {title}: {grants}"),
        (grants, more) => format!("OAuth 2.0 client for {title}: {grants} and {more} more"),
    }
}

/// What people call a grant; of one of the provider's own, the words behind `grant-type` in its URN, or those of its last part.
fn grant_name(grant: &str) -> String {
    if let Some(known) = rfc::grant(grant) {
        return known.name.to_owned();
    }
    let whole = grant.trim_end_matches([':', '/']);
    let own = ["grant-type:", "grant_type:"]
        .iter()
        .find_map(|before| Some(whole.split_once(before)?.1));
    let last = own.or_else(|| whole.rsplit([':', '/']).next());
    let words = last.unwrap_or(grant).replace(['_', '-', '.', ':'], " ");
    match words.trim() {
        "" => grant.to_owned(),
        words => words.to_owned(),
    }
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
    let parameters = || {
        endpoints()
            .flat_map(|endpoint| &endpoint.operations)
            .flat_map(|operation| &operation.parameters)
    };
    let is_random = parameters().any(|parameter| parameter.random_uuid);
    let mut variables = model.servers.iter().flat_map(|server| &server.variables);
    let takes =
        |grant: &str| endpoints().any(|endpoint| endpoint.grants().any(|other| other == grant));
    let signs = |endpoint: &Endpoint| {
        let method = endpoint.attributes.authentication.method;
        method.sends_client_assertion() || method.is_signed_with_key()
    };
    let has_time = |endpoint: &Endpoint| {
        matches!(
            endpoint.attributes.expiry.format,
            ExpiryFormat::DateTime | ExpiryFormat::Duration
        )
    };
    let is_for_browsers = |endpoint: &Endpoint| endpoint.kind.is_for_browsers();
    let is_registration = |endpoint: &Endpoint| endpoint.kind == EndpointKind::Registration;
    let needed = [
        ("authorization", endpoints().any(is_for_browsers)),
        ("device", takes(rfc::DEVICE_CODE)),
        ("discovery", endpoints().any(is_registration)),
        ("dpop", endpoints().any(|endpoint| endpoint.dpop)),
        ("jwt", endpoints().any(signs) || takes(rfc::JWT_BEARER)),
        (
            "pattern",
            parameters().any(|parameter| parameter.pattern.is_some())
                || variables.any(|variable| variable.pattern.is_some()),
        ),
        ("random", is_random),
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

#[cfg(test)]
mod tests {
    use super::grant_name;

    #[test]
    fn grants_have_the_names_that_people_call_them_by() {
        for (grant, name) in [
            ("CLIENT_CREDENTIALS", "client credentials"),
            ("urn:ietf:params:oauth:grant-type:jwt-bearer", "JWT bearer"),
            ("urn:workos:oauth:grant-type:mfa-totp", "mfa totp"),
            (
                "urn:workos:oauth:grant-type:magic-auth:code",
                "magic auth code",
            ),
            ("https://a.example/grants/api_key/", "api key"),
            (":", ":"),
        ] {
            assert_eq!(grant_name(grant), name);
        }
    }
}
