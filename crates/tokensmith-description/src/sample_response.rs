//! Responses as the provider's document shows them.

/// A response that the document gives as an example, or declares without a body.
///
/// A mock takes from it what no other table says: statuses, envelopes, and members beside the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleResponse<'a> {
    endpoints: &'a [usize],
    status: u16,
    media_type: &'a str,
    body: &'a str,
}

impl<'a> SampleResponse<'a> {
    /// Creates a sample without a body, of the endpoints with these places in
    /// [`Description::endpoints`](crate::Description::endpoints).
    pub const fn new(endpoints: &'a [usize], status: u16) -> Self {
        Self {
            endpoints,
            status,
            media_type: "",
            body: "",
        }
    }

    /// Sets the body and its media type.
    #[must_use]
    pub const fn with_body(mut self, media_type: &'a str, body: &'a str) -> Self {
        self.media_type = media_type;
        self.body = body;
        self
    }

    /// Returns the places of the endpoints in
    /// [`Description::endpoints`](crate::Description::endpoints).
    pub const fn endpoints(&self) -> &'a [usize] {
        self.endpoints
    }

    /// Returns the HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Returns the media type; empty if there is no body.
    pub const fn media_type(&self) -> &'a str {
        self.media_type
    }

    /// Returns the body.
    pub const fn body(&self) -> &'a str {
        self.body
    }
}
