//! Lists that the description of a document borrows.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;

use crate::{
    Endpoint, FailureMark, Location, Operation, OwnedFailureMark, Parameter, SampleResponse,
    ServerDescription, ServerVariable,
};

/// Keeps lists, and lends them for as long as it lives.
///
/// Descriptions borrow their lists. In a generated crate these are constants; of a document that is
/// read at run time they are made of what the document says, and somebody has to keep them.
///
/// ```
/// use tokensmith_description::Shelf;
///
/// let shelf = Shelf::default();
/// let one = shelf.keep(["/token"]);
/// let two = shelf.keep(["/oauth2/token", "/oauth2/v2/token"]);
/// assert_eq!((one.len(), two.len()), (1, 2));
/// ```
#[derive(Debug)]
pub struct Shelf<T>(OnceCell<Box<Kept<T>>>);

#[derive(Debug)]
struct Kept<T> {
    list: Vec<T>,
    next: Shelf<T>,
}

impl<T> Shelf<T> {
    /// Keeps a list.
    pub fn keep(&self, list: impl IntoIterator<Item = T>) -> &[T] {
        let mut free = self;
        while let Some(kept) = free.0.get() {
            free = &kept.next;
        }
        let kept = free.0.get_or_init(|| {
            Box::new(Kept {
                list: list.into_iter().collect(),
                next: Self::default(),
            })
        });
        &kept.list
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(OnceCell::new())
    }
}

/// The lists that the description of a document borrows.
#[derive(Debug, Default)]
#[allow(missing_docs)] // each is called after what it keeps
pub struct Shelves<'a> {
    pub texts: Shelf<&'a str>,
    pub pairs: Shelf<(&'a str, &'a str)>,
    pub places: Shelf<(&'a str, Location)>,
    pub failure_marks: Shelf<FailureMark<'a>>,
    pub parameters: Shelf<Parameter<'a>>,
    pub operations: Shelf<Operation<'a>>,
    pub operation_lists: Shelf<&'a Operation<'a>>,
    pub endpoints: Shelf<Endpoint<'a>>,
    pub endpoint_lists: Shelf<&'a Endpoint<'a>>,
    pub servers: Shelf<ServerDescription<'a>>,
    pub server_variables: Shelf<ServerVariable<'a>>,
    pub numbers: Shelf<usize>,
    pub sample_responses: Shelf<SampleResponse<'a>>,
}

impl<'a> Shelves<'a> {
    /// Lends texts.
    pub fn texts(&'a self, texts: &'a [String]) -> &'a [&'a str] {
        self.texts.keep(texts.iter().map(String::as_str))
    }

    /// Lends pairs of texts.
    pub fn pairs(&'a self, pairs: &'a [(String, String)]) -> &'a [(&'a str, &'a str)] {
        let pairs = pairs.iter();
        self.pairs
            .keep(pairs.map(|(left, right)| (left.as_str(), right.as_str())))
    }

    /// Lends names of parameters, and where each is sent.
    pub fn places(&'a self, places: &'a [(String, Location)]) -> &'a [(&'a str, Location)] {
        let places = places.iter();
        self.places
            .keep(places.map(|(name, location)| (name.as_str(), *location)))
    }

    /// Lends what makes responses failures.
    pub fn failures(&'a self, marks: &'a [OwnedFailureMark]) -> &'a [FailureMark<'a>] {
        self.failure_marks
            .keep(marks.iter().map(|mark| FailureMark {
                pointer: &mark.pointer,
                values: self.texts(&mark.values),
                negated: mark.negated,
            }))
    }
}
