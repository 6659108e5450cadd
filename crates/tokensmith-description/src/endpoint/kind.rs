//! What endpoints are for, and how they are called.

/// What an endpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointKind {
    /// Issues tokens (RFC 6749 section 3.2).
    Token,
    /// Takes them back (RFC 7009).
    Revocation,
    /// Says whether they are valid, and what they stand for (RFC 7662).
    Introspection,
    /// Starts the grant of a device without a browser (RFC 8628 section 3.1).
    DeviceAuthorization,
    /// Takes the parameters of an authorization request, before a browser is sent away (RFC 9126).
    PushedAuthorization,
    /// Where a user's browser is sent (RFC 6749 section 3.1). No request of a client goes there.
    Authorization,
    /// Where a user's browser is sent to sign its user out (OpenID Connect RP-Initiated Logout 1.0
    /// section 2). No request of a client goes there.
    EndSession,
    /// Describes an authorization server (RFC 8414), a protected resource (RFC 9728), keys (RFC
    /// 7517) or a person (OpenID Connect Core section 5.3).
    Metadata,
    /// Registers clients (RFC 7591), and shows and deletes what is registered (RFC 7592).
    Registration,
}

impl EndpointKind {
    /// Every value, in the order in which endpoints are listed.
    pub const ALL: &'static [Self] = &[
        Self::Token,
        Self::Revocation,
        Self::Introspection,
        Self::DeviceAuthorization,
        Self::PushedAuthorization,
        Self::Authorization,
        Self::EndSession,
        Self::Metadata,
        Self::Registration,
    ];

    /// Returns the name that the RFCs have for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Revocation => "revocation",
            Self::Introspection => "introspection",
            Self::DeviceAuthorization => "device authorization",
            Self::PushedAuthorization => "pushed authorization",
            Self::Authorization => "authorization",
            Self::EndSession => "end session",
            Self::Metadata => "metadata",
            Self::Registration => "registration",
        }
    }

    /// Returns the name of the variant.
    pub const fn variant(self) -> &'static str {
        match self {
            Self::Token => "Token",
            Self::Revocation => "Revocation",
            Self::Introspection => "Introspection",
            Self::DeviceAuthorization => "DeviceAuthorization",
            Self::PushedAuthorization => "PushedAuthorization",
            Self::Authorization => "Authorization",
            Self::EndSession => "EndSession",
            Self::Metadata => "Metadata",
            Self::Registration => "Registration",
        }
    }

    /// Whether its requests ask for scopes.
    pub const fn takes_scopes(self) -> bool {
        matches!(
            self,
            Self::Token
                | Self::DeviceAuthorization
                | Self::PushedAuthorization
                | Self::Authorization
        )
    }

    /// Whether clients authenticate themselves in its requests. Where they do not, nothing that
    /// belongs to the client is sent either.
    pub const fn authenticates_client(self) -> bool {
        !matches!(
            self,
            Self::Authorization | Self::EndSession | Self::Metadata | Self::Registration
        )
    }

    /// Whether a user's browser is sent there, and no request of a client.
    pub const fn is_for_browsers(self) -> bool {
        matches!(self, Self::Authorization | Self::EndSession)
    }

    /// Whether documents describe it. Clients find the others by themselves.
    pub const fn is_in_documents(self) -> bool {
        !matches!(self, Self::Metadata)
    }

    /// Whether a client reads something of its responses.
    pub const fn has_response(self) -> bool {
        !matches!(self, Self::Revocation) && !self.is_for_browsers()
    }
}

/// The HTTP method of an endpoint's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// As RFC 6749 has it.
    Post,
    /// Without a body: what would be in it is in the query.
    Get,
    /// With a body.
    Put,
    /// Without a body: what would be in it is in the query.
    Delete,
}

impl Method {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[Self::Post, Self::Get, Self::Put, Self::Delete];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether requests have a body.
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}
