// oidc-provider (https://github.com/panva/node-oidc-provider) on two ports of this machine.
//
// Reads one line of JSON from standard input, {"clients": [...], "tls": {"key", "cert", "ca"}, "initialAccessToken",
// "fapi": true, "requirePushed": true}, prints one, {"issuer", "mtls"}, when it listens, and stops when standard input
// ends. What goes wrong inside is on standard error. With `fapi` it has the FAPI 2.0 Security Profile, and with either
// of the two it takes only authorization requests that are pushed.

import { generateKeyPairSync } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import * as readline from 'node:readline';
import Provider, { errors } from 'oidc-provider';

const lines = readline.createInterface({ input: process.stdin });
const { clients, tls, initialAccessToken, fapi, requirePushed } = JSON.parse(await new Promise((resolve) => lines.once('line', resolve)));
lines.once('close', () => process.exit(0));

const server = http.createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const secure = tls && https.createServer({ ...tls, requestCert: true, rejectUnauthorized: false });
let mtls = null;
if (secure) {
  await new Promise((resolve) => secure.listen(0, '127.0.0.1', resolve));
  mtls = `https://localhost:${secure.address().port}`;
}

const key = (kid, ...kind) => ({ ...generateKeyPairSync(...kind).privateKey.export({ format: 'jwk' }), kid, use: 'sig' });
const jwks = {
  keys: [
    key('rsa', 'rsa', { modulusLength: 2048 }),
    key('p-256', 'ec', { namedCurve: 'P-256' }),
    key('ed25519', 'ed25519'),
  ],
};

const resources = { scope: 'read write', accessTokenFormat: 'opaque', accessTokenTTL: 600 };
// RFC 8705 section 5.
const aliases = mtls && {
  mtls_endpoint_aliases: {
    token_endpoint: `${mtls}/token`,
    userinfo_endpoint: `${mtls}/me`,
    pushed_authorization_request_endpoint: `${mtls}/request`,
  },
};
const granted = (ctx, token, source) =>
  source?.rar ?? (ctx.oidc.params.authorization_details && JSON.parse(ctx.oidc.params.authorization_details));
const provider = new Provider(issuer, {
  clients,
  jwks,
  discovery: aliases ?? {},
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'tls_client_auth', 'none',
  ],
  enabledJWA: {
    clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
    idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'],
    authorizationSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'],
    dPoPSigningAlgValues: ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'],
  },
  scopes: ['openid', 'offline_access', 'read', 'write'],
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    registration: { enabled: true, initialAccessToken: initialAccessToken ?? false },
    registrationManagement: { enabled: true },
    dPoP: {
      enabled: true,
      nonceSecret: Buffer.alloc(32, 7),
      requireNonce: (ctx) => ctx.oidc.client?.clientId.startsWith('nonce-') ?? false,
    },
    fapi: { enabled: Boolean(fapi), profile: fapi ? '2.0' : undefined },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: Boolean(fapi || requirePushed) },
    jwtResponseModes: { enabled: true },
    richAuthorizationRequests: {
      enabled: true,
      types: {
        account_information: {
          validate: (ctx, detail) => {
            if (!Array.isArray(detail.actions)) throw new errors.InvalidAuthorizationDetails('no actions');
          },
        },
      },
      authorizationDetailsForGrantSource: (ctx) => ctx.oidc.grant.rar,
      authorizationDetailsForAccessToken: granted,
      authorizationDetailsForIntrospection: (ctx, token) => token.rar,
    },
    mTLS: {
      enabled: true,
      tlsClientAuth: true,
      certificateBoundAccessTokens: true,
      certificateSubjectMatches: (ctx, property, expected) =>
        property === 'tls_client_auth_subject_dn' && ctx.req.socket.getPeerCertificate().subject.CN === expected.replace(/^CN=/, ''),
      certificateAuthorized: (ctx) => ctx.req.socket.authorized === true,
      getCertificate: (ctx) => ctx.req.socket.getPeerX509Certificate?.(),
    },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource) => ({ ...resources, audience: resource }),
    },
    devInteractions: { enabled: true },
  },
  pkce: { required: (ctx, client) => client.clientAuthMethod === 'none' },
  rotateRefreshToken: true,
  issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token'),
  ttl: {
    ClientCredentials: 600,
    AccessToken: (ctx, token, client) => (client.clientId.startsWith('short-') ? 3 : 600),
    DeviceCode: 60,
  },
});
provider.on('server_error', (ctx, error) => console.error(ctx.path, error));
provider.on('grant.error', (ctx, error) => console.error(ctx.path, error.error, error.error_detail ?? error.message));
server.on('request', provider.callback());

secure?.on('request', provider.callback());
console.log(JSON.stringify({ issuer, mtls }));
