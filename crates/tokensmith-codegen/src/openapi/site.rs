//! Where an OAuth operation stands in a document.

use crate::diagnostic::finding::EvidenceKind;
use crate::openapi::extension::OperationExtension;
use crate::pointer;
use tokensmith_description::EndpointKind;

/// An OAuth operation, as the document has it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) kind: EndpointKind,
    /// The path under which the selected document has it.
    pub(crate) path: String,
    /// Whether the path's first slash is not sent: the document has none there.
    pub(crate) is_bare: bool,
    /// The server that the path names, where the document has a whole URL there.
    pub(crate) server: Option<String>,
    pub(crate) method: String,
    pub(crate) pointer: String,
    /// Pointer of the path item that has the operation.
    pub(crate) item: String,
    /// Whether the operation has an extension, whatever it says: the selected document has it no more.
    pub(crate) is_extended: bool,
    pub(crate) extension: OperationExtension,
    /// What says that it is an endpoint of this kind.
    pub(crate) known_by: Vec<EvidenceKind>,
    /// The parameters that stood in the query of its path.
    pub(crate) query: Vec<PathQuery>,
}

/// A parameter in the query of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathQuery {
    pub(crate) name: String,
    pub(crate) value: PathQueryValue,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathQueryValue {
    /// The name between braces.
    Variable(String),
    Fixed(String),
}

impl Site {
    /// The same as the selected document has it: there every operation stands below its path.
    pub(crate) fn in_selected(&self) -> Self {
        Self {
            pointer: pointer::join_all("/paths", &[&self.path, &self.method]),
            ..self.clone()
        }
    }

    /// The path as it is sent, and a fragment that is not.
    pub(crate) fn sent_path(&self) -> &str {
        let bare = self.is_bare.then(|| self.path.strip_prefix('/')).flatten();
        bare.unwrap_or(&self.path)
    }
}
