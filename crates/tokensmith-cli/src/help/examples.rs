//! The examples in the help. Tests run each of them against mocks.
//!
//! A line that is longer than a narrow terminal goes on after a backslash.

/// What an example does, and its line.
type Example = (&'static str, &'static str);

/// Returns the examples of a subcommand, or of the program.
pub(super) fn of(command: &str) -> &'static [Example] {
    match command {
        "tokensmith" => PROGRAM,
        "check" => CHECK,
        "generate" => GENERATE,
        "token" => TOKEN,
        "login" => LOGIN,
        "kept" => KEPT,
        "logout" => LOGOUT,
        "refresh" => REFRESH,
        "revoke" => REVOKE,
        "introspect" => INTROSPECT,
        "userinfo" => USERINFO,
        "mock" => MOCK,
        "jwks" => JWKS,
        "providers" => PROVIDERS,
        "completions" => COMPLETIONS,
        "man" => MAN,
        _ => &[],
    }
}

const PROGRAM: &[Example] = &[
    (
        "Serve a mock of a provider in one terminal",
        "tokensmith mock moov",
    ),
    (
        "Get a token from it in another; any client id and secret will do",
        "tokensmith token moov --server http://127.0.0.1:8080",
    ),
    (
        "Check the OpenAPI document of a provider, and generate a crate from it",
        "tokensmith check my-provider.yaml\n  tokensmith generate --spec my-provider.yaml --out my-provider",
    ),
];

const CHECK: &[Example] = &[
    (
        "Errors, and a line for each thing that is warned of",
        "tokensmith check my-provider.yaml",
    ),
    (
        "Every warning and note with its place and what to write",
        "tokensmith check --all my-provider.yaml",
    ),
    (
        "What the document is taken to mean, with the evidence",
        "tokensmith check --explain-model my-provider.yaml",
    ),
    ("The page of a rule", "tokensmith check --explain TS006"),
    (
        "For programs",
        "tokensmith check --format json my-provider.yaml",
    ),
];

const GENERATE: &[Example] = &[
    (
        "A crate that can be published",
        "tokensmith generate --spec my-provider.yaml --out my-provider",
    ),
    (
        "Under another name, with the overlay that completes the document",
        "tokensmith generate --spec vendor.yaml --overlay completed.yaml \\\n      --name acme --out acme",
    ),
];

const TOKEN: &[Example] = &[
    (
        "From a mock, which `tokensmith mock moov` serves in another terminal",
        "tokensmith token moov --server http://127.0.0.1:8080",
    ),
    (
        "The access token alone, for a script",
        "tokensmith token moov --scope /accounts.write --output token",
    ),
    (
        "From a provider of which there is only a document, as a header",
        "tokensmith token --spec my-provider.yaml --output header",
    ),
    (
        "From any token endpoint",
        "tokensmith token --token-url https://auth.example.com/oauth2/token \\\n      --client-auth body",
    ),
    (
        "With a refresh token in the environment variable REFRESH_TOKEN",
        "tokensmith token moov --grant refresh_token \\\n      --secret-param refresh_token=REFRESH_TOKEN",
    ),
    (
        "With a private key in the place of a secret",
        "tokensmith token --token-url https://auth.example.com/oauth2/token \\\n      --client-auth private-key-jwt --client-key key.pem",
    ),
    (
        "With the settings of a connector in a file, or of one of several",
        "tokensmith token --connector connector.yaml\n  tokensmith token --connector connectors.yaml --connector-name crm",
    ),
    (
        "What would be sent, and the same for curl",
        "tokensmith token moov --dry-run\n  tokensmith token moov --curl",
    ),
    (
        "What is sent and received, without secrets, with times",
        "tokensmith token moov -vv",
    ),
    (
        "Keep what it takes to get tokens, and get one later",
        "tokensmith token moov --keep payments\n  tokensmith token --kept payments --output header",
    ),
];

const LOGIN: &[Example] = &[
    ("With a built-in provider", "tokensmith login zoom"),
    (
        "With any server that has metadata; the ID token is checked",
        "tokensmith login --issuer https://auth.example.com/oauth2 --scope openid",
    ),
    (
        "With the redirect URI that is registered with the provider",
        "tokensmith login github --redirect-uri http://localhost:8085/callback",
    ),
    (
        "The access token alone, for a script",
        "tokensmith login zoom --output token",
    ),
    (
        "With the browser of another device: shows a URL, a code and a QR code",
        "tokensmith login github --device",
    ),
    (
        "Sign in once, and get a valid token whenever one is needed",
        "tokensmith login zoom --keep work\n  tokensmith token --kept work --output token",
    ),
    (
        "With any two endpoints",
        "tokensmith login --token-url https://auth.example.com/oauth2/token \\\n      --authorization-url https://auth.example.com/oauth2/authorize",
    ),
];

const KEPT: &[Example] = &[
    ("For people", "tokensmith kept --output text"),
    ("For programs", "tokensmith kept --output json"),
];

const LOGOUT: &[Example] = &[
    (
        "Revoke and forget what `tokensmith login --keep work` kept",
        "tokensmith logout work",
    ),
    (
        "Forget it here only, such as when its key is lost",
        "tokensmith logout payments --forget",
    ),
];

const REFRESH: &[Example] = &[
    (
        "With the refresh token in TOKENSMITH_REFRESH_TOKEN",
        "tokensmith refresh --issuer https://auth.example.com/oauth2",
    ),
    (
        "What would be sent to a built-in provider",
        "tokensmith refresh zoom --dry-run",
    ),
];

const REVOKE: &[Example] = &[
    (
        "The token in TOKENSMITH_TOKEN",
        "tokensmith revoke --issuer https://auth.example.com/oauth2",
    ),
    (
        "What would be sent to a built-in provider",
        "tokensmith revoke gitlab --hint refresh_token --dry-run",
    ),
];

const INTROSPECT: &[Example] = &[(
    "The token in TOKENSMITH_TOKEN",
    "tokensmith introspect --issuer https://auth.example.com/oauth2",
)];

const USERINFO: &[Example] = &[
    (
        "The person of the access token in TOKENSMITH_TOKEN",
        "tokensmith userinfo --issuer https://auth.example.com/oauth2 \\\n      --subject mock-user",
    ),
    (
        "The person who has signed in, by kept tokens",
        "tokensmith login --issuer https://auth.example.com/oauth2 \\\n      --scope openid --keep me\n  tokensmith userinfo --kept me",
    ),
];

const MOCK: &[Example] = &[
    (
        "A built-in provider at http://127.0.0.1:8080",
        "tokensmith mock moov",
    ),
    (
        "A document of your own at another port",
        "tokensmith mock --spec my-provider.yaml --listen 127.0.0.1:9000",
    ),
    (
        "Tokens that expire after a minute, and faults by script",
        "tokensmith mock moov --lifetime 60 --faults faults.yaml",
    ),
    (
        "A plain server of RFC 6749 and OpenID Connect that asks nobody",
        "tokensmith mock --standard --approve",
    ),
];

const JWKS: &[Example] = &[
    (
        "The key that JWTs are signed with, and the one that comes next",
        "tokensmith jwks key.pem next.pem > jwks.json",
    ),
    (
        "With a key id of your own, as `key_id` of the connector has it",
        "tokensmith jwks key.pem --key-id 2026-11",
    ),
];

const PROVIDERS: &[Example] = &[
    ("All of them", "tokensmith providers"),
    (
        "Those that have a grant",
        "tokensmith providers --grant device_code",
    ),
    (
        "Servers, endpoints, parameters, scopes and sources of one",
        "tokensmith providers zoom",
    ),
    ("For programs", "tokensmith providers --output json"),
];

const COMPLETIONS: &[Example] = &[
    (
        "bash",
        "tokensmith completions bash \\\n      > ~/.local/share/bash-completion/completions/tokensmith",
    ),
    (
        "zsh, with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc",
        "tokensmith completions zsh > ~/.zfunc/_tokensmith",
    ),
    (
        "fish",
        "tokensmith completions fish > ~/.config/fish/completions/tokensmith.fish",
    ),
    (
        "PowerShell",
        "tokensmith completions powershell >> $PROFILE",
    ),
];

const MAN: &[Example] = &[(
    "Where `man tokensmith` finds them",
    "tokensmith man ~/.local/share/man/man1",
)];
