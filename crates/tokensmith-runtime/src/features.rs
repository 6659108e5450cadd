//! Which features this crate was built with. Modules that `tokensmith-build` generates check the
//! ones they need, for they have no manifest that could turn them on.

/// Declares one constant for each feature.
macro_rules! features {
    ($($constant:ident: $feature:literal;)*) => {
        $(
            #[doc = concat!("Whether the feature `", $feature, "` is on.")]
            pub const $constant: bool = cfg!(feature = $feature);
        )*
    };
}

features! {
    AUTHORIZATION: "authorization";
    BLOCKING: "blocking";
    DEVICE: "device";
    DISCOVERY: "discovery";
    DPOP: "dpop";
    HYPER: "hyper";
    JWT: "jwt";
    OIDC: "oidc";
    PATTERN: "pattern";
    RANDOM: "random";
    TESTING: "testing";
    TIME: "time";
    TLS_CLIENT_AUTH: "tls-client-auth";
}
