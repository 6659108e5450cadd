//! Where refusals have their code and their description, where `x-tokensmith` does not say.

mod code_by_example;
mod http_status;
mod nested;
mod parallel_lists;

use tokensmith_description::refusal::{
    CODES, CODES_OF_ERROR, CONTAINERS, DESCRIPTIONS, DESCRIPTIONS_OF_ERROR, STANDARD_CODE,
    STANDARD_DESCRIPTION,
};

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::response_member::{Member, members};
use crate::infer::schema::{Kind, Schemas, Shape};
use crate::model::name::letters;
use crate::model::rfc;
use crate::openapi::extension::{KEY, OneOrMore};
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;

/// JSON Pointers in the order in which the runtime tries them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ErrorLocation {
    pub(crate) code: Vec<String>,
    pub(crate) description: Vec<String>,
}

/// Reads where the declared refusals have their code and description: as stated, else by what their members are called.
pub(crate) fn of_refusals<'a>(
    site: &Site,
    refusals: &[Shape<'a>],
    schemas: Schemas<'a>,
    diagnostics: &mut Diagnostics,
) -> ErrorLocation {
    let stated = |list: &Option<OneOrMore>| list.as_ref().map(OneOrMore::to_vec);
    let (code, description) = (
        stated(&site.extension.error.code),
        stated(&site.extension.error.description),
    );
    let mut found = ErrorLocation::default();
    let mut read: Vec<&str> = Vec::new();
    let mut told: Vec<ErrorLocation> = Vec::new();
    let is_one_of_several = refusals
        .iter()
        .any(|refusal| refusal.pointer != refusals[0].pointer);
    let mut all: Vec<(&Shape<'a>, Vec<Member<'a>>)> = Vec::new();
    for refusal in refusals {
        // Several statuses often share one schema.
        if !read.contains(&refusal.pointer.as_str()) {
            read.push(&refusal.pointer);
            all.push((refusal, members(refusal, schemas, diagnostics)));
        }
    }
    let has_other_code = all
        .iter()
        .any(|(_, members)| http_status::other_code(members).is_some());
    for (refusal, mut members) in all {
        let status = match has_other_code {
            true => http_status::remove(&mut members),
            false => None,
        };
        let Found {
            mut location,
            is_standard,
            ..
        } = of_members(&members);
        let is_known = is_standard || location != ErrorLocation::default();
        if code.is_some() {
            location.code.clear();
        }
        if description.is_some() {
            location.description.clear();
        }
        if code.is_none()
            && let Some(status) = status
        {
            let other = http_status::tell(&status, &members, &location, diagnostics);
            found.add(other);
        }
        // Forms of one refusal often say it in the same way.
        if !told.contains(&location) {
            let is_status = http_status::is_read(&members, &location.code);
            let place = (refusal.pointer.as_str(), is_one_of_several);
            location.tell(place, is_status, diagnostics);
            told.push(location.clone());
        }
        if code.is_none() && !is_standard && location.code.is_empty() {
            let told = code_by_another_name(refusal, &members);
            told.into_iter().for_each(|told| diagnostics.push(told));
        }
        let is_stated = code.is_some() || description.is_some();
        // The runtime reads what is said of parameters, under their names.
        let is_of_parameters = refusal.properties.keys().all(|name| rfc::is_defined(name));
        // One schema may describe all responses.
        let has_token = |member: &Member<'_>| letters(&member.name) == "accesstoken";
        let is_success = members.iter().any(has_token);
        let is_read = is_known || is_stated || is_of_parameters || is_success;
        if !is_read && !refusal.properties.is_empty() {
            diagnostics.push(unread(refusal, &members));
        }
        found.add(location);
    }
    if code.is_some() || description.is_some() {
        diagnostics.find(as_stated(
            site,
            [("code", &code), ("description", &description)],
        ));
    } else if found == ErrorLocation::default() {
        diagnostics.find(by_convention(site, &read));
    }
    ErrorLocation {
        code: code.unwrap_or_else(|| found.codes()),
        description: description.unwrap_or_else(|| after(STANDARD_DESCRIPTION, found.description)),
    }
}

/// Whether something in one of the refusals is read as its code.
pub(crate) fn have_code<'a>(
    refusals: &[Shape<'a>],
    schemas: Schemas<'a>,
    diagnostics: &Diagnostics,
) -> bool {
    // What is wrong with the schemas is told where they are read.
    let mut aside = diagnostics.aside();
    refusals.iter().any(|refusal| {
        let found = of_members(&members(refusal, schemas, &mut aside));
        found.has_code || !found.location.code.is_empty()
    })
}

/// What the extension states.
fn as_stated(site: &Site, lists: [(&str, &Option<Vec<String>>); 2]) -> Finding {
    let lists = lists
        .iter()
        .filter_map(|(key, list)| Some((key, list.as_ref()?)));
    let answer: Vec<String> = lists
        .map(|(key, list)| format!("{key}: {}", listed(list, "or")))
        .collect();
    let at = pointer::join_all(&site.pointer, &[KEY, "error"]);
    Finding::new(Question::Errors, answer.join(", ")).by(EvidenceKind::Statement, at)
}

/// That refusals are read as RFC 6749 has them; `read` is where they are declared.
fn by_convention(site: &Site, read: &[&str]) -> Finding {
    let answer = format!("code: {STANDARD_CODE}, description: {STANDARD_DESCRIPTION}");
    let declared = read
        .iter()
        .map(|at| Evidence::new(EvidenceKind::Declaration, *at));
    let finding = declared.fold(Finding::new(Question::Errors, answer), Finding::on);
    match read.is_empty() {
        true => finding.by(EvidenceKind::Convention, &site.pointer),
        false => finding,
    }
}

/// What is read by its name comes after the standard places: what one refusal has by another name
/// may stand beside the standard one in another refusal. What the document states comes first.
fn after(standard: &str, found: Vec<String>) -> Vec<String> {
    let standard = (!found.is_empty()).then(|| standard.to_owned());
    standard.into_iter().chain(found).collect()
}

impl ErrorLocation {
    pub(crate) fn stated(site: &Site) -> Self {
        let list = |list: &Option<OneOrMore>| list.as_ref().map_or(Vec::new(), OneOrMore::to_vec);
        let error = &site.extension.error;
        Self {
            code: list(&error.code),
            description: list(&error.description),
        }
    }

    fn add(&mut self, other: Self) {
        for (mine, theirs) in [
            (&mut self.code, other.code),
            (&mut self.description, other.description),
        ] {
            for pointer in theirs {
                if !mine.contains(&pointer) {
                    mine.push(pointer);
                }
            }
        }
    }

    /// Where the code is looked for. Where `error` is the description, it is the code only if nothing else is.
    fn codes(&self) -> Vec<String> {
        let code = self.code.clone();
        match self.description.iter().any(|at| at == STANDARD_CODE) {
            true => code,
            false => after(STANDARD_CODE, code),
        }
    }

    /// Says what is read by its name.
    fn tell(
        &self,
        (at, is_one_of_several): (&str, bool),
        is_status: bool,
        diagnostics: &mut Diagnostics,
    ) {
        let read = [
            ("error", &self.code, "the error code"),
            (
                "error_description",
                &self.description,
                "the description of the error",
            ),
        ];
        let read: Vec<_> = read
            .into_iter()
            .filter(|(_, pointers, _)| !pointers.is_empty())
            .collect();
        if read.is_empty() {
            return;
        }
        let each = |write: fn(&(&str, &Vec<String>, &str)) -> String, between: &str| {
            read.iter().map(write).collect::<Vec<_>>().join(between)
        };
        let absent = each(|(standard, ..)| format!("`{standard}`"), " and no ");
        let places = each(
            |(_, pointers, what)| {
                let places = pointers.iter().map(|at| format!("`{at}`"));
                let places: Vec<String> = places.collect();
                format!("{} is read as {what}", listed(&places, "or"))
            },
            ", and ",
        );
        let keys = each(
            |(standard, pointers, _)| {
                let key = if *standard == "error" {
                    "code"
                } else {
                    "description"
                };
                match pointers.as_slice() {
                    [only] => format!("{key}: {only}"),
                    several => format!("{key}: [{}]", several.join(", ")),
                }
            },
            ", ",
        );
        let by_example = self.description.iter().any(|at| at == STANDARD_CODE);
        let (by, kind) = match by_example {
            true => ("example", EvidenceKind::Example),
            false => ("name", EvidenceKind::Name),
        };
        let which = match is_one_of_several {
            true => "one of the error responses",
            false => "the error response",
        };
        let but = match is_status {
            true => ", though the document describes it as the HTTP status",
            false => "",
        };
        let message = format!("{which} has no {absent}; by the {by}, {places}{but}");
        let help = format!("say so on the operation:\nx-tokensmith: {{error: {{{keys}}}}}");
        let finding = Finding::new(Question::Errors, keys)
            .by(kind, at)
            .inferred(at, message, help);
        diagnostics.find(finding);
    }
}

/// Says of a refusal that nothing of it is read, unless the document says where to look.
fn unread(refusal: &Shape<'_>, members: &[Member<'_>]) -> Diagnostic {
    const SHOWN: usize = 4;
    let names: Vec<&str> = refusal.properties.keys().copied().take(SHOWN).collect();
    let text = members.iter().find(|member| member.kind == Kind::Text);
    let first = text.map_or("/message", |member| &member.pointer);
    let list: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect();
    let message = format!(
        "none of the members of the error response is read as its code or its description: {}",
        list.join(", ")
    );
    Diagnostic::new(Rule::Unused, &refusal.pointer, message).help(format!(
        "say on the operation where they are, as JSON Pointers into the response:\n\
         x-tokensmith: {{error: {{description: {first}}}}}"
    ))
}

/// What the members of a refusal say.
struct Found {
    location: ErrorLocation,
    /// Whether there is a code where the runtime looks in any refusal.
    has_code: bool,
    /// Whether there is something that the runtime reads in any refusal.
    is_standard: bool,
}

/// The nearest member with the most telling name, for each; nothing where the runtime looks at a place that is there.
fn of_members(members: &[Member<'_>]) -> Found {
    let has = |pointer: &str, is: fn(Kind) -> bool| {
        members
            .iter()
            .any(|member| member.pointer == pointer && is(member.kind))
    };
    let is_text: fn(Kind) -> bool = |kind| matches!(kind, Kind::Text | Kind::Any);
    let is_code: fn(Kind) -> bool =
        |kind| matches!(kind, Kind::Text | Kind::Any | Kind::Integer | Kind::Number);
    let has_in_error = |names: &[&str]| {
        names
            .iter()
            .any(|name| has(&format!("/error/{name}"), is_text))
    };
    let is_sentence = is_sentence(members);
    let parallel = parallel_lists::find(members);
    let has_code = has("/error", is_text) && !is_sentence || has_in_error(CODES_OF_ERROR);
    let has_description = has("/error_description", is_text) || has_in_error(DESCRIPTIONS_OF_ERROR);
    let nearest = |names: &[&str], is: fn(Kind) -> bool| {
        let candidates = members.iter().filter(|member| is(member.kind));
        let ranked = candidates.filter_map(|member| {
            let name = letters(&member.name);
            let rank = names.iter().position(|known| *known == name)?;
            is_in_containers(&member.pointer).then_some((member.depth, rank, &member.pointer))
        });
        ranked.min().map(|(_, _, pointer)| pointer.clone())
    };
    let code = (!has_code).then(|| match &parallel {
        Some((code, _)) => Some(code.clone()),
        None => nearest(CODES, is_code),
    });
    let nested = nested::find(members);
    let code = match has_code {
        true => Vec::new(),
        false => nested.code.into_iter().chain(code.flatten()).collect(),
    };
    let described = || match (is_sentence, &parallel) {
        (true, _) => Some(STANDARD_CODE.to_owned()),
        (false, Some((_, description))) => Some(description.clone()),
        (false, None) => nearest(DESCRIPTIONS, is_text),
    };
    let description = match has_description {
        true => Vec::new(),
        false => nested.description.into_iter().chain(described()).collect(),
    };
    Found {
        location: code_by_example::corrected(ErrorLocation { code, description }, members),
        has_code,
        is_standard: has_code || has_description,
    }
}

/// Whether the example of `error` is a sentence, which no code is (RFC 6749, section 5.2).
fn is_sentence(members: &[Member<'_>]) -> bool {
    let error = members
        .iter()
        .find(|member| member.pointer == STANDARD_CODE);
    let example = error.and_then(|error| error.example.as_deref());
    example
        .is_some_and(|example| example.trim().contains(' ') && !example.contains(['_', ',', '|']))
}

/// Tells a member that may be the code, under a name that may mean anything.
fn code_by_another_name(refusal: &Shape<'_>, members: &[Member<'_>]) -> Option<Diagnostic> {
    const NAMES: [&str; 5] = ["type", "kind", "category", "subcode", "key"];
    let member = members.iter().find(|member| {
        member.depth < 2
            && member.kind == Kind::Text
            && NAMES.contains(&letters(&member.name).as_str())
            && is_in_containers(&member.pointer)
    })?;
    let at = &member.pointer;
    let message = format!("`{at}` of the error response may be its code, and is not read as one");
    Some(
        Diagnostic::new(Rule::Unused, &refusal.pointer, message).help(format!(
            "where it is, say so on the operation:\nx-tokensmith: {{error: {{code: {at}}}}}"
        )),
    )
}

/// Whether all that leads to a member may hold what is said of an error.
fn is_in_containers(pointer: &str) -> bool {
    let mut tokens: Vec<String> = pointer::tokens(pointer).collect();
    tokens.pop();
    tokens.iter().all(|token| {
        token.bytes().all(|byte| byte.is_ascii_digit())
            || CONTAINERS.contains(&letters(token).as_str())
    })
}

#[cfg(test)]
mod tests;
