//! Reading a JSON value into a type without losing what is good because of what is odd.

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};
use serde_path_to_error::{Path, Segment};

/// After that many repairs, whole top-level members are set aside at once, which bounds the work
/// that a hostile response can cause.
const REPAIRS: usize = 32;

/// What was read, and what had to be left out.
pub(crate) struct Read<T> {
    pub(crate) value: T,
    /// The values that are of another type than declared, by their JSON Pointer.
    pub(crate) set_aside: Vec<(String, Value)>,
}

/// Reads the value into the type. Where serde refuses something, it is first taken for what was
/// probably meant (`"600"` for 600) and then set aside; the member named `keep` never is. The happy
/// path deserializes once.
///
/// Fails with what the type cannot do without, in words that hold no value.
pub(crate) fn read<T: DeserializeOwned>(
    mut value: Value,
    separator: &str,
    keep: Option<&str>,
) -> Result<Read<T>, &'static str> {
    // Nearly always; where in the value serde stopped costs more to know.
    if let Ok(read) = T::deserialize(&value) {
        return Ok(Read {
            value: read,
            set_aside: Vec::new(),
        });
    }
    let mut set_aside = Vec::new();
    let mut meant: Option<(Vec<Step>, Value, std::vec::IntoIter<Value>)> = None;
    for repairs in 0.. {
        let path = match serde_path_to_error::deserialize(&value) {
            Ok(read) => {
                return Ok(Read {
                    value: read,
                    set_aside,
                });
            }
            Err(error) => steps(error.path(), &value),
        };
        let [top, ..] = path.as_slice() else {
            return Err("is not of the declared type");
        };
        if keep.is_some_and(|keep| matches!(top, Step::Member(name) if name == keep)) {
            return Err("does not hold the access token as a text");
        }
        // What was tried last was refused too: go on to what else may have been meant.
        if meant.as_ref().is_none_or(|(at, ..)| *at != path) {
            let (Some(found), true) = (find(&mut value, &path), repairs < REPAIRS) else {
                set_aside.extend(take(&mut value, path.get(..1).unwrap_or_default()));
                continue;
            };
            let candidates = candidates(found, path.last(), separator);
            meant = Some((path.clone(), found.clone(), candidates.into_iter()));
        }
        let Some((_, original, candidates)) = &mut meant else {
            continue;
        };
        let next = candidates.next();
        let exhausted = next.is_none();
        if let Some(found) = find(&mut value, &path) {
            *found = next.unwrap_or_else(|| original.take());
        }
        if exhausted {
            meant = None;
            set_aside.extend(take(&mut value, &path));
        }
    }
    Err("is not of the declared type")
}

/// One step from a value to one within it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Index(usize),
}

/// The steps to where serde stopped, as far as they lead to a value.
fn steps(path: &Path, mut value: &Value) -> Vec<Step> {
    let mut steps = Vec::new();
    for segment in path.iter() {
        let step = match segment {
            Segment::Seq { index } => Step::Index(*index),
            Segment::Map { key } => Step::Member(key.clone()),
            Segment::Enum { variant } => Step::Member(variant.clone()),
            Segment::Unknown => break,
        };
        let next = match &step {
            Step::Index(index) => value.get(*index),
            Step::Member(name) => value.get(name),
        };
        let Some(next) = next else { break };
        value = next;
        steps.push(step);
    }
    steps
}

fn find<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Index(index) => value.get_mut(*index),
        Step::Member(name) => value.get_mut(name),
    })
}

/// Removes the innermost member on the path. Elements of an array are not removed by themselves:
/// that would change the place, and perhaps the meaning, of the others.
fn take(value: &mut Value, path: &[Step]) -> Option<(String, Value)> {
    let last = path
        .iter()
        .rposition(|step| matches!(step, Step::Member(_)))?;
    let path = path.get(..=last)?;
    let (Step::Member(name), parents) = path.split_last()? else {
        return None;
    };
    let taken = find(value, parents)?.as_object_mut()?.remove(name)?;
    Some((pointer(path), taken))
}

/// The path as a JSON Pointer (RFC 6901).
fn pointer(path: &[Step]) -> String {
    path.iter().fold(String::new(), |pointer, step| match step {
        Step::Index(index) => format!("{pointer}/{index}"),
        Step::Member(name) => format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")),
    })
}

/// What a value may have been meant as, the likeliest first.
fn candidates(value: &Value, step: Option<&Step>, separator: &str) -> Vec<Value> {
    let scopes = matches!(step, Some(Step::Member(name)) if name == "scope" || name == "scopes");
    match value {
        Value::String(text) if scopes => {
            let scopes = crate::response::scope::split(text, separator);
            vec![scopes.into_iter().map(Value::String).collect()]
        }
        Value::Array(values) if scopes => {
            let texts: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
            texts
                .map(|texts| {
                    let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
                    Value::String(texts.collect::<Vec<_>>().join(separator))
                })
                .into_iter()
                .collect()
        }
        Value::String(text) => from_text(text.trim()),
        Value::Number(number) => from_number(number),
        Value::Bool(boolean) => vec![Value::String(boolean.to_string())],
        Value::Null | Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

fn from_text(text: &str) -> Vec<Value> {
    if let Ok(boolean) = text.to_ascii_lowercase().parse::<bool>() {
        return vec![Value::Bool(boolean)];
    }
    let whole = text
        .parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<u64>().map(Value::from));
    let float = text.parse::<f64>().ok().and_then(Number::from_f64);
    let mut candidates: Vec<_> = whole.into_iter().collect();
    if let Some(float) = float {
        candidates.extend(integral(&float));
        candidates.push(Value::Number(float));
    }
    candidates
}

fn from_number(number: &Number) -> Vec<Value> {
    let text = Value::String(number.to_string());
    integral(number).into_iter().chain([text]).collect()
}

/// `600.0` as 600.
fn integral(number: &Number) -> Option<Value> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    // Beyond 2^53 a float no longer names one whole number.
    let exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
    exact.then(|| Value::from(float as i64))
}

#[cfg(test)]
mod tests;
