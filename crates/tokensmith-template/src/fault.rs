//! Why a template cannot be filled in.

use std::error::Error;
use std::fmt;

use crate::Value;

/// Where in a URL a variable stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Before `://`.
    Scheme,
    /// The whole host.
    Host,
    /// A whole label of the host.
    Label,
    /// A part of a label of the host.
    PartOfLabel,
    /// Where it decides about the registrable domain.
    Domain,
    /// Behind the host's colon.
    Port,
    /// The path of a server's URL.
    Path,
    /// The path of a request.
    PathParameter,
}

impl Place {
    /// What a variable takes there.
    pub const fn takes(self) -> &'static str {
        match self {
            Self::Scheme => "the scheme is `http` or `https`",
            Self::Host => "it is the whole host: a host name or an IP address in ASCII",
            Self::Label => "in the host it takes letters, digits, hyphens, and dots between them",
            Self::PartOfLabel => "in the host it takes letters, digits and hyphens",
            Self::Domain => {
                "it decides about the domain: it takes only values that the document lists or has \
                 a pattern for"
            }
            Self::Port => "the port is a number from 1 to 65535",
            Self::Path => {
                "in the path it is one segment: neither empty, nor with `/`, nor `.` or `..`"
            }
            Self::PathParameter => "in the path it is one segment: neither empty, nor `.` or `..`",
        }
    }
}

/// Why a template is not filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    template: String,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    NotAbsolute,
    UserName,
    Missing {
        name: String,
    },
    Refused {
        name: String,
        value: String,
        place: Place,
    },
}

impl Fault {
    pub(crate) fn not_absolute(template: &str) -> Self {
        Self::new(template, Problem::NotAbsolute)
    }

    pub(crate) fn user_name(template: &str) -> Self {
        Self::new(template, Problem::UserName)
    }

    pub(crate) fn missing(template: &str, name: &str) -> Self {
        let name = shown(name);
        Self::new(template, Problem::Missing { name })
    }

    pub(crate) fn refused(template: &str, value: Value<'_>, place: Place) -> Self {
        let problem = Problem::Refused {
            name: shown(value.name),
            value: shown(value.text),
            place,
        };
        Self::new(template, problem)
    }

    fn new(template: &str, problem: Problem) -> Self {
        Self {
            template: shown(template),
            problem,
        }
    }

    /// The variable that lacks a value.
    pub fn missing_variable(&self) -> Option<&str> {
        match &self.problem {
            Problem::Missing { name } => Some(name),
            _ => None,
        }
    }

    /// The place of the variable whose value is refused.
    pub fn place(&self) -> Option<Place> {
        match self.problem {
            Problem::Refused { place, .. } => Some(place),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let template = &self.template;
        match &self.problem {
            Problem::NotAbsolute => write!(
                formatter,
                "`{template}` is not an absolute URL: write `https://` and the host first"
            ),
            Problem::UserName => write!(
                formatter,
                "`{template}` has a user name before its host: remove it"
            ),
            Problem::Missing { name } => {
                write!(formatter, "`{template}` lacks a value for `{name}`")
            }
            // What a caller gives for a path may be a secret of theirs.
            Problem::Refused {
                name,
                place: place @ Place::PathParameter,
                ..
            } => write!(
                formatter,
                "the path parameter `{name}` of `{template}` does not fit: {}",
                place.takes()
            ),
            Problem::Refused { name, value, place } => write!(
                formatter,
                "the server variable `{name}` of `{template}` cannot be `{value}`: {}",
                place.takes()
            ),
        }
    }
}

impl Error for Fault {}

/// A text that is fit to be printed: short, and without what could move a terminal's cursor.
fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
        .escape_debug()
        .to_string()
        .replace("\\\"", "\"")
        .replace("\\'", "'")
}
