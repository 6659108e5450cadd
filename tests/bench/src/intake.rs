//! What a vendor's whole document costs, of which one operation of a thousand is the token endpoint.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::report::Report;
use super::time::{RUNS, median, milliseconds};
use super::tools::{build_command, execute};

/// How large a vendor's document is made, in bytes.
const SIZE: usize = 10_000_000;

/// Paths beside the token endpoint.
const PATHS: usize = 1_000;

/// Times and memory of `tokensmith check`, as whole processes, and what the parsers alone take.
pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let folder = root.join("target/bench/intake");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let program = build_command(root)?;
    let prose = json!({
        "type": "string",
        "description": "What a vendor says of each of a thousand things, at length. ".repeat(4),
        "example": "abc",
        "maxLength": 64
    });
    let document = self::document(&prose);
    let terse = self::document(&json!({"type": "string", "maxLength": 64}));
    let json = serde_json::to_vec_pretty(&document).map_err(|error| error.to_string())?;
    let yaml = serde_yaml::to_string(&document).map_err(|error| error.to_string())?;
    report.text(format!(
        "`tokensmith check` as a whole process, median of {RUNS} runs."
    ));
    let mut rows = vec![
        "| document | size | parser alone | check | memory, times the file |".to_owned(),
        "|---|---:|---:|---:|---:|".to_owned(),
    ];
    let small = root.join("specs/workiva.yaml");
    let small_text = fs::read_to_string(&small).map_err(|error| error.to_string())?;
    let small_cost = cost(
        "Workiva's, YAML",
        &program,
        &small,
        &parser(|| yaml_parser(&small_text))?,
    )?;
    rows.push(small_cost.row);
    let path = write(&folder, "vendor.json", &json)?;
    let json_cost = cost(
        "a vendor's, JSON",
        &program,
        &path,
        &parser(|| json_parser(&json))?,
    )?;
    rows.push(json_cost.row);
    let path = write(&folder, "vendor.yaml", yaml.as_bytes())?;
    let yaml_cost = cost(
        "a vendor's, YAML",
        &program,
        &path,
        &parser(|| yaml_parser(&yaml))?,
    )?;
    let yaml = serde_yaml::to_string(&terse).map_err(|error| error.to_string())?;
    let path = write(&folder, "terse.yaml", yaml.as_bytes())?;
    let terse_cost = cost(
        "one of small values, YAML",
        &program,
        &path,
        &parser(|| yaml_parser(&yaml))?,
    )?;
    rows.push(terse_cost.row);
    report.table("intake", &rows);
    report.figure("json", milliseconds(json_cost.time));
    report.figure("yaml", milliseconds(yaml_cost.time));
    report.figure("small", milliseconds(small_cost.time));
    Ok(())
}

/// What one document costs.
struct Cost {
    /// A row of the table.
    row: String,
    time: Duration,
}

fn cost(name: &str, program: &Path, document: &Path, parser: &str) -> Result<Cost, String> {
    let check = || {
        let mut command = Command::new(program);
        command.arg("check").arg(document);
        command
    };
    let time = median(|| Ok(()), |()| execute(check()).map(drop))?;
    let size = fs::metadata(document)
        .map_err(|error| error.to_string())?
        .len();
    let memory = match peak(check())? {
        // What a process needs at the least says nothing of a small file.
        Some(_) if size < 1_000_000 => "-".to_owned(),
        Some(kilobytes) => format!("{:.1}", kilobytes as f64 * 1024.0 / size as f64),
        None => "not known here".to_owned(),
    };
    let row = format!(
        "| {name} | {:.1} kB | {parser} | {} | {memory} |",
        size as f64 / 1000.0,
        milliseconds(time)
    );
    Ok(Cost { row, time })
}

fn parser(parse: impl Fn() -> Result<Value, String>) -> Result<String, String> {
    let time = median(|| Ok(()), |()| parse().map(drop))?;
    Ok(milliseconds(time))
}

fn json_parser(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn yaml_parser(text: &str) -> Result<Value, String> {
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

/// The most memory that a process has at once, in kB; nothing where the system does not tell.
fn peak(mut command: Command) -> Result<Option<u64>, String> {
    let mut process = command
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let status = format!("/proc/{}/status", process.id());
    let mut peak = None;
    while process
        .try_wait()
        .map_err(|error| error.to_string())?
        .is_none()
    {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.split_whitespace().next()?.parse().ok()));
        thread::sleep(Duration::from_micros(500));
    }
    Ok(peak)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, String> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// A document of about this size, of such properties, in which the token endpoint is one operation of many.
fn document(property: &Value) -> Value {
    // Its name and the indentation of its members come to it.
    let length = property.to_string().len() + 110;
    let properties = SIZE / PATHS / length;
    let mut paths = Map::new();
    for path in 0..PATHS {
        let members: Map<String, Value> = (0..properties)
            .map(|number| (format!("property_{number}"), property.clone()))
            .collect();
        let schema = json!({"type": "object", "properties": members});
        let operation = json!({
            "operationId": format!("get_{path}"),
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "It.", "content": {"application/json": {"schema": schema}}}}
        });
        paths.insert(format!("/things/{path}/{{id}}"), json!({"get": operation}));
    }
    let request = json!({
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"], "description": "The grant."},
            "scope": {"type": "string", "description": "The scopes."}
        }
    });
    let token = json!({"type": "object", "properties": {"access_token": {"type": "string"}, "expires_in": {"type": "integer"}}});
    paths.insert(
        "/oauth/token".to_owned(),
        json!({"post": {
            "security": [{"basic": []}],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": request}}},
            "responses": {"200": {"description": "A token.", "content": {"application/json": {"schema": token}}}}
        }}),
    );
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Vendor", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    })
}
