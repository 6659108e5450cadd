//! A token from Prism, which serves the document that the request was made of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tokensmith_codegen::model::sample::sample;
use tokensmith_codegen::model::{
    ClientAuth, Endpoint, EndpointKind, Model, Operation, Parameter, ParameterKind,
};

use super::document::Document;
use super::prism::Prism;
use super::report::Step;
use super::{Tools, child};

/// One request to a server on this machine.
const ASKING: Duration = Duration::from_secs(60);
/// Requests that are tried for one document.
const MOST_REQUESTS: usize = 6;
/// The client's id and secret where the document does not limit them: of the length that those who limit it ask for.
const CLIENT: &str = "4f2a4e0c-3c1b-4d7e-9a55-0123456789ab";
/// The grant that needs nothing but the client's own credentials.
const SIMPLEST: &str = "client_credentials";

/// Asks for a token by the simplest grant, and by others where that gives none.
///
/// Prism is given the document as it is. Where it does not take that, or obeys security that is circular, it is given the OAuth
/// operations alone, and the result says so.
pub(super) fn get(document: &Document, tools: &Tools) -> Step {
    let program = match &tools.prism {
        Ok(program) => program,
        Err(error) => return Step::Failed(error.clone()),
    };
    let asked = |served: Result<PathBuf, String>| {
        served
            .and_then(|served| ask(document, tools, program, &served))
            .unwrap_or_else(Step::Failed)
    };
    let whole = asked(whole(document, tools));
    if whole.is_done() {
        return whole;
    }
    let alone = asked(excerpt(document, tools));
    let both = |why: &str, other: &str| match why == other {
        true => why.to_owned(),
        false => format!("{why}; from the OAuth operations alone: {other}"),
    };
    match (whole, alone) {
        (Step::Failed(why) | Step::Refused(why), Step::Done(grant)) => {
            Step::Done(format!("{grant}, from the OAuth operations alone: {why}"))
        }
        (Step::Refused(why), Step::Refused(other)) => Step::Refused(both(&why, &other)),
        (Step::Failed(why) | Step::Refused(why), Step::Failed(other) | Step::Refused(other)) => {
            Step::Failed(both(&why, &other))
        }
        (whole, _) => whole,
    }
}

fn ask(document: &Document, tools: &Tools, program: &Path, served: &Path) -> Result<Step, String> {
    let model = document.model()?;
    let operations = document.excerpt().unwrap_or_default();
    let operations = serde_json::from_str(&operations).unwrap_or_default();
    let prism = match Prism::start(program, served) {
        Ok(prism) => prism,
        Err(error) => {
            return Ok(Step::Refused(format!(
                "Prism does not take the document: {error}"
            )));
        }
    };
    let mut first = None;
    let mut seen = 0;
    for (endpoint, operation) in candidates(&model).into_iter().take(MOST_REQUESTS) {
        let grant = operation.grant.as_deref().unwrap_or("no grant");
        let response = request(
            document,
            tools,
            (endpoint, operation, &operations),
            &prism.url,
        )?;
        let objections = prism.objections();
        let objection = objections.get(seen);
        seen = objections.len();
        let step = match (response, objection) {
            (Ok(()), None) => return Ok(Step::Done(grant.to_owned())),
            (_, Some(objection)) => Step::Refused(format!("Prism ({grant}): {objection}")),
            (Err(failure), None) => Step::Failed(format!("{grant}: {failure}")),
        };
        first.get_or_insert(step);
    }
    Ok(first.unwrap_or_else(|| Step::Failed("no token endpoint has a grant".to_owned())))
}

/// The document itself, or, with an overlay, a copy that has it applied.
fn whole(document: &Document, tools: &Tools) -> Result<PathBuf, String> {
    if document.overlay.is_none() {
        return Ok(document.path.clone());
    }
    let folder = folder(document, tools)?;
    // What a document of several files refers to stands in the folder that is named after it.
    if let Some(parent) = document
        .path
        .parent()
        .filter(|parent| is_own(parent, &document.slug))
    {
        copy(parent, &folder).map_err(|error| format!("the document cannot be copied: {error}"))?;
    }
    write(&folder.join("overlaid.json"), &document.overlaid()?)
}

/// The OAuth operations of the document alone.
fn excerpt(document: &Document, tools: &Tools) -> Result<PathBuf, String> {
    write(
        &folder(document, tools)?.join("excerpt.json"),
        &document.excerpt()?,
    )
}

fn folder(document: &Document, tools: &Tools) -> Result<PathBuf, String> {
    let folder = tools.folder.join("documents").join(&document.slug);
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

fn write(path: &Path, text: &str) -> Result<PathBuf, String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.to_owned())
}

fn is_own(folder: &Path, slug: &str) -> bool {
    folder
        .file_name()
        .is_some_and(|name| name.to_string_lossy() == format!("{slug}.d"))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The requests for a token, the simplest first.
fn candidates(model: &Model) -> Vec<(&Endpoint, &Operation)> {
    let endpoints = model
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.kind == EndpointKind::Token);
    let mut candidates: Vec<(&Endpoint, &Operation)> = endpoints
        .flat_map(|endpoint| {
            endpoint
                .operations
                .iter()
                .map(move |operation| (endpoint, operation))
        })
        .collect();
    let arguments = |operation: &Operation| {
        operation
            .parameters
            .iter()
            .filter(|parameter| parameter.is_argument())
            .count()
    };
    candidates.sort_by_key(|(_, operation)| {
        (
            operation.grant.as_deref() != Some(SIMPLEST),
            arguments(operation),
        )
    });
    candidates
}

/// Runs `tokensmith token`; the inner error says why there is no token.
fn request(
    document: &Document,
    tools: &Tools,
    (endpoint, operation, operations): (&Endpoint, &Operation, &Value),
    server: &str,
) -> Result<Result<(), String>, String> {
    let mut command = Command::new(&tools.tokensmith);
    command
        .arg("token")
        .arg("--spec")
        .arg(&document.path)
        .args(["--server", server, "--output", "json"])
        .env(
            "TOKENSMITH_CLIENT_ID",
            credential(operations, &endpoint.attributes.authentication.client_id),
        )
        .env(
            "TOKENSMITH_CLIENT_SECRET",
            credential(
                operations,
                &endpoint.attributes.authentication.client_secret,
            ),
        );
    if let Some(overlay) = &document.overlay {
        command.arg("--overlay").arg(overlay);
    }
    if let Some(grant) = &operation.grant {
        command.arg("--grant").arg(grant);
    }
    if let Some(choice) = endpoint.paths.first() {
        command.arg("--path").arg(&choice.path);
    }
    // A key and a certificate are the caller's to have; Prism asks for neither.
    let method = endpoint.attributes.authentication.method;
    let needs_key = [
        ClientAuth::PrivateKeyJwt,
        ClientAuth::ClientSecretJwt,
        ClientAuth::TlsClientAuth,
    ];
    if needs_key.contains(&method) {
        command.args(["--client-auth", "client-secret-jwt"]);
    }
    for (index, parameter) in operation.parameters.iter().enumerate() {
        if parameter.is_argument() {
            argument(&mut command, parameter, index);
        }
    }
    let ended = child::run(&mut command, ASKING)?;
    Ok(match (ended.mishap, ended.code) {
        (Some(mishap), _) => Err(mishap),
        (None, Some(0)) => Ok(()),
        (None, _) => Err(failure(&ended.stderr)),
    })
}

/// The client's id or secret, as the document's OAuth operations limit it.
fn credential(operations: &Value, name: &str) -> String {
    let limited = find(operations, operations, name).and_then(|schema| {
        let pattern = schema["pattern"].as_str()?;
        let length = |key: &str| {
            schema[key]
                .as_u64()
                .and_then(|length| length.try_into().ok())
        };
        Some(Parameter {
            min_length: length("minLength"),
            max_length: length("maxLength"),
            pattern: Some(pattern.to_owned()),
            example: schema["example"].as_str().map(str::to_owned),
            ..Parameter::text(name)
        })
    });
    limited.map_or_else(|| CLIENT.to_owned(), |parameter| sample(&parameter))
}

/// The first property of this name that has a pattern.
fn find<'a>(root: &'a Value, value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => {
            let own = members
                .get("properties")
                .and_then(|properties| properties.get(name));
            let target = own.and_then(|schema| {
                let pointer = schema["$ref"].as_str()?.strip_prefix('#')?;
                root.pointer(pointer)
            });
            target
                .or(own)
                .filter(|schema| schema["pattern"].is_string())
                .or_else(|| members.values().find_map(|member| find(root, member, name)))
        }
        Value::Array(items) => items.iter().find_map(|item| find(root, item, name)),
        _ => None,
    }
}

fn argument(command: &mut Command, parameter: &Parameter, index: usize) {
    let name = &parameter.wire;
    let value = sample(parameter);
    if let ParameterKind::Scopes { .. } = parameter.kind {
        for scope in value.split_whitespace() {
            command.arg("--scope").arg(scope);
        }
    } else if parameter.secret {
        let variable = format!("TOKENSMITH_SAMPLE_{index}");
        command
            .arg("--secret-param")
            .arg(format!("{name}={variable}"))
            .env(variable, value);
    } else {
        command.arg("--param").arg(format!("{name}={value}"));
    }
}

/// What the command says of its failure, in JSON or in words.
fn failure(stderr: &str) -> String {
    let last = stderr
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let error = serde_json::from_str::<Value>(last).unwrap_or_default();
    match (&error["error"]["kind"], &error["error"]["message"]) {
        (Value::String(kind), Value::String(message)) => format!("{kind}: {message}"),
        _ => stderr.lines().next().unwrap_or_default().to_owned(),
    }
}
