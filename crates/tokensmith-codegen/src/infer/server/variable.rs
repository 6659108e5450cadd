//! The variables of a server's URL.

use openapiv3::{Server as ApiServer, ServerVariable as ApiVariable};
use tokensmith_template::{Place, Template, Value};

use crate::diagnostic::budget::{URL, VARIABLES};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::scope;
use crate::model::ServerVariable;
use crate::model::pattern::Pattern;
use crate::model::sample;
use crate::openapi::extension::{self, VariableExtension};
use crate::openapi::untyped::Untyped;
use crate::pointer;

/// Wrong values of a variable that are told.
const MAX_TOLD: usize = 10;

/// The variables in the order in which the URL has them; nothing if that is an error.
pub(super) fn variables(
    server: &ApiServer,
    url: &str,
    at: &str,
    untyped: &Untyped,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<ServerVariable>> {
    if url.len() > URL.most {
        diagnostics.push(URL.exceeded(at));
        return None;
    }
    if super::template_names(url).count() > VARIABLES.most {
        diagnostics.push(VARIABLES.exceeded(at));
        return None;
    }
    let named = match scope::parameters(url) {
        Ok(named) => named,
        Err([first, second]) => {
            let message =
                format!("the variables `{first}` and `{second}` are both called the same in Rust");
            diagnostics.push(
                Diagnostic::new(Rule::NameCollision, at, message)
                    .help("rename one of them in the URL"),
            );
            return None;
        }
    };
    let template = match Template::parse(url) {
        Ok(template) => template,
        Err(fault) => {
            let help = "write `https://`, the host, and variables where they differ";
            diagnostics
                .push(Diagnostic::new(Rule::ServerVariable, at, fault.to_string()).help(help));
            return None;
        }
    };
    let mut is_sound = true;
    let mut variable = |(wire, ident): (String, String)| {
        let place = pointer::join_all(at, &["variables", &wire]);
        let declared = server
            .variables
            .as_ref()
            .and_then(|variables| variables.get(&wire));
        let pattern = match pattern(declared, untyped.pattern(&place), &place) {
            Ok(pattern) => pattern.and_then(|(pattern, at)| checked(pattern, at, diagnostics)),
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                is_sound = false;
                untyped.pattern(&place).map(str::to_owned)
            }
        };
        let mut variable = ServerVariable {
            description: declared.and_then(|variable| variable.description.clone()),
            default: declared
                .map(|variable| variable.default.clone())
                // A path may lack a part, a host may not.
                .filter(|default| !default.is_empty() || takes(&template, &wire, "").is_none()),
            values: declared
                .map(|variable| variable.enumeration.clone())
                .unwrap_or_default(),
            wire,
            ident,
            pattern,
            sample: String::new(),
        };
        drop_placeholder(&template, &mut variable, &place, diagnostics);
        variable.sample = sample(&template, &variable);
        is_sound &= check(&template, &variable, &place, diagnostics);
        variable
    };
    let variables: Vec<ServerVariable> = named.into_iter().map(&mut variable).collect();
    is_sound.then_some(variables)
}

/// A word in the place of a port, such as `unknown`, says that there is no default.
fn drop_placeholder(
    template: &Template<'_>,
    variable: &mut ServerVariable,
    at: &str,
    diagnostics: &mut Diagnostics,
) {
    let is_word = |default: &&String| default.bytes().all(|byte| byte.is_ascii_alphabetic());
    let Some(default) = variable.default.as_ref().filter(is_word) else {
        return;
    };
    let fault = takes(template, &variable.wire, default);
    if fault.and_then(|fault| fault.place()) != Some(Place::Port) {
        return;
    }
    let message = format!(
        "the default `{}` of the variable `{}` is not a port: every client has to set it",
        default.escape_debug(),
        variable.wire.escape_debug()
    );
    let place = pointer::join(at, "default");
    diagnostics.push(
        Diagnostic::new(Rule::Repaired, place, message).help("write a number: default: '443'"),
    );
    variable.default = None;
}

/// Why the URL does not take a value that the document lists.
fn takes(template: &Template<'_>, name: &str, value: &str) -> Option<tokensmith_template::Fault> {
    template.check(Value::listed(name, value)).err()
}

/// Whether every value that the document lists leaves the host as the URL shows it.
fn check(
    template: &Template<'_>,
    variable: &ServerVariable,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut is_sound = true;
    let default = variable.default.iter().map(|value| {
        let place = pointer::join(at, "default");
        (place, value)
    });
    let values = variable.values.iter().enumerate().map(|(index, value)| {
        let place = pointer::join_all(at, &["enum", &index.to_string()]);
        (place, value)
    });
    let mut told = 0;
    for (place, value) in default.chain(values) {
        if let Some(fault) = takes(template, &variable.wire, value) {
            is_sound = false;
            told += 1;
            // The others are as a rule wrong in the same way.
            if told > MAX_TOLD {
                break;
            }
            let help = match fault.place() {
                Some(Place::Path | Place::Scheme | Place::Port) | None => {
                    "write a value that the URL takes there"
                }
                _ => {
                    "write the host's part alone, and what follows it in the URL: https://{host}/path"
                }
            };
            diagnostics
                .push(Diagnostic::new(Rule::ServerVariable, place, fault.to_string()).help(help));
        }
    }
    let is_open = template.open_variables().contains(&variable.wire.as_str());
    if is_open && variable.values.is_empty() && variable.pattern.is_none() {
        is_sound = false;
        let message = format!(
            "the variable `{}` decides about the domain of `{}`, to which the client's secret is sent: any value \
             would do",
            variable.wire.escape_debug(),
            template.as_str().escape_debug(),
        );
        diagnostics.push(Diagnostic::new(Rule::ServerVariable, at, message).help(
            "list the domains, or say what they look like:\nenum: [example.com, example.org]\n\
             pattern: '[a-z]+\\.example\\.com'",
        ));
    }
    is_sound
}

/// A value that the URL takes.
fn sample(template: &Template<'_>, variable: &ServerVariable) -> String {
    // A part of a path may be empty, and is so as a rule.
    if variable.default.as_deref() == Some("") && takes(template, &variable.wire, "").is_none() {
        return String::new();
    }
    let known = variable.default.iter().chain(&variable.values).cloned();
    let by_pattern = variable.pattern.as_deref().and_then(sample::matching);
    let usual = ["example", "443", "https"].map(str::to_owned);
    let mut candidates = known.chain(by_pattern).chain(usual);
    candidates
        .find(|value| !value.is_empty() && takes(template, &variable.wire, value).is_none())
        .unwrap_or_else(|| "example".to_owned())
}

/// What the values of a variable look like, and where that stands: under `pattern`, or in the extension.
fn pattern(
    declared: Option<&ApiVariable>,
    plain: Option<&str>,
    at: &str,
) -> Result<Option<(String, String)>, Diagnostic> {
    let extension = declared.and_then(|variable| variable.extensions.get(extension::KEY));
    let extension: VariableExtension = extension::parsed(extension, at)?;
    let place = pointer::join_all(at, &[extension::KEY, "pattern"]);
    match (plain, extension.pattern) {
        (Some(plain), Some(other)) if plain != other => {
            let message = "the variable has two patterns, one of them in `x-tokensmith`";
            Err(Diagnostic::new(Rule::Extension, place, message).help("remove one of them"))
        }
        (None, Some(pattern)) => Ok(Some((pattern, place))),
        (plain, _) => Ok(plain.map(|plain| (plain.to_owned(), pointer::join(at, "pattern")))),
    }
}

/// A pattern that the runtime can check.
fn checked(pattern: String, place: String, diagnostics: &mut Diagnostics) -> Option<String> {
    let error = match Pattern::new(&pattern) {
        Ok(_) => return Some(pattern),
        Err(error) => error,
    };
    let message = format!("the pattern is not checked before sending: {error}");
    diagnostics.push(
        Diagnostic::new(Rule::Pattern, place, message)
            .help("write it without look-around, back-references and Unicode classes"),
    );
    None
}

/// Two variables of one environment that cannot be asked for once.
pub(super) struct Conflict {
    message: String,
}

impl Conflict {
    pub(super) fn diagnostic(self, at: &str) -> Diagnostic {
        Diagnostic::new(Rule::Environments, at, self.message).help(
            "declare the variable alike in all servers, or give it another name in one of them",
        )
    }
}

/// Adds the variables of another URL to those of a server: one name is one variable.
pub(super) fn merge(
    variables: &mut Vec<ServerVariable>,
    others: &[ServerVariable],
) -> Result<(), Conflict> {
    for other in others {
        let same = variables
            .iter_mut()
            .find(|variable| variable.wire == other.wire || variable.ident == other.ident);
        match same {
            None => variables.push(other.clone()),
            Some(variable) => merge_one(variable, other)?,
        }
    }
    Ok(())
}

fn merge_one(variable: &mut ServerVariable, other: &ServerVariable) -> Result<(), Conflict> {
    let conflict = |what: &str| Conflict {
        message: format!(
            "the variable `{}` has {what} in the servers of two endpoints",
            other.wire.escape_debug()
        ),
    };
    if variable.wire != other.wire {
        return Err(conflict("two spellings"));
    }
    let sorted = |values: &[String]| {
        let mut values = values.to_vec();
        values.sort_unstable();
        values
    };
    if variable.values.is_empty() {
        variable.values.clone_from(&other.values);
    } else if !other.values.is_empty() && sorted(&variable.values) != sorted(&other.values) {
        return Err(conflict("two lists of values"));
    }
    match (&variable.pattern, &other.pattern) {
        (Some(one), Some(two)) if one != two => return Err(conflict("two patterns")),
        (None, pattern) => variable.pattern.clone_from(pattern),
        _ => {}
    }
    // Of two defaults neither is right for both: the caller says.
    match (&variable.default, &other.default) {
        (Some(one), Some(two)) if one != two => variable.default = None,
        (None, default) if variable.values.is_empty() => variable.default.clone_from(default),
        _ => {}
    }
    if variable.description.is_none() {
        variable.description.clone_from(&other.description);
    }
    Ok(())
}
