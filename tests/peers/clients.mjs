// openid-client and oauth4webapi (https://github.com/panva) as clients of servers on this machine.
//
// Reads a JSON array of jobs from standard input, each a grant at a token endpoint, and prints one of outcomes,
// {"name", "library", "token", "error"}. What a job has is what a user of these libraries would write down.

import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { buffer, text } from 'node:stream/consumers';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const keys = await oauth.generateKeyPair('ES256');
const insecure = { [oauth.allowInsecureRequests]: true };

/** What the provider's pages say of its endpoints. */
function metadata(job) {
  return {
    issuer: job.issuer,
    token_endpoint: job.token_endpoint,
    authorization_endpoint: job.authorization_endpoint ?? undefined,
    id_token_signing_alg_values_supported: ['ES256'],
    jwks_uri: job.jwks_uri,
  };
}

function authentication(library, job) {
  switch (job.auth) {
    case 'client_secret_post': return library.ClientSecretPost(job.client_secret);
    case 'client_secret_jwt': return library.ClientSecretJwt(job.client_secret);
    case 'private_key_jwt': return library.PrivateKeyJwt(job.key ?? keys.privateKey);
    case 'none': return library.None();
    case 'self_signed_tls_client_auth': return library.TlsClientAuth();
    default: return library.ClientSecretBasic(job.client_secret);
  }
}

const imported = (jwk) =>
  crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);

/** Adds the headers that the provider asks for. */
function fetchOf(job) {
  return (url, options) => {
    const headers = new Headers(options.headers);
    Object.entries(job.headers).forEach(([name, value]) => headers.set(name, value));
    if (job.tls !== null) return securely(job.tls, url, { ...options, headers });
    return fetch(url, { ...options, headers });
  };
}

/** Sends a request over TLS with a certificate of the client, which `fetch` has no option for. */
function securely(tls, url, { method, headers, body }) {
  const files = { ca: readFileSync(tls.roots), cert: readFileSync(tls.certificate), key: readFileSync(tls.key) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(headers), ...files }, async (response) => {
      resolve(new Response(await buffer(response), { status: response.statusCode, headers: response.headers }));
    });
    sent.on('error', reject);
    sent.end(body?.toString());
  });
}

/** Signs in as a user, whose browser comes back with a code. */
async function signIn(url) {
  url.searchParams.set('approve', '');
  const page = await fetch(url, { redirect: 'manual' });
  const location = page.headers.get('location');
  if (location === null) throw new Error(`no redirect: ${page.headers.get('tokensmith-mock-refusal')}`);
  return new URL(location);
}

/** The parameters of an authorization request. */
async function authorization(job, verifier, state) {
  const parameters = { redirect_uri: job.redirect_uri, response_type: 'code', state, ...job.authorization_parameters };
  if (job.pkce) {
    parameters.code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
    parameters.code_challenge_method = 'S256';
  }
  return parameters;
}

/** What a browser comes back with, where the provider's page cannot be opened by these libraries. */
const invented = (job, state) => new URL(`${job.redirect_uri}?${new URLSearchParams({ code: job.parameters.code, state })}`);

const rest = ({ code, redirect_uri, code_verifier, ...others }) => others;

async function withOpenidClient(job) {
  const client = { client_secret: job.client_secret ?? undefined };
  const config = new openid.Configuration(metadata(job), job.client_id, client, authentication(openid, job));
  openid.allowInsecureRequests(config);
  config[openid.customFetch] = fetchOf(job);
  const { parameters } = job;
  if (job.grant === 'client_credentials') return openid.clientCredentialsGrant(config, parameters);
  if (job.grant === 'refresh_token') {
    const { refresh_token, ...others } = parameters;
    return openid.refreshTokenGrant(config, refresh_token, others);
  }
  if (job.grant !== 'authorization_code') return openid.genericGrantRequest(config, job.grant, parameters);
  const [verifier, state] = [openid.randomPKCECodeVerifier(), openid.randomState()];
  const opened = job.authorization_endpoint !== null;
  const back = opened
    ? await signIn(openid.buildAuthorizationUrl(config, await authorization(job, verifier, state)))
    : invented(job, state);
  const checks = { expectedState: state, pkceCodeVerifier: opened && job.pkce ? verifier : undefined };
  const token = await openid.authorizationCodeGrant(config, back, checks, rest(parameters));
  if (token.id_token !== undefined && token.claims() === undefined) throw new Error('an ID token without claims');
  return token;
}

async function withOauth4webapi(job) {
  const server = metadata(job);
  const client = { client_id: job.client_id };
  const auth = authentication(oauth, job);
  const { parameters } = job;
  const options = { ...insecure, [oauth.customFetch]: fetchOf(job) };
  const more = (additionalParameters) => ({ ...options, additionalParameters });
  if (job.grant === 'client_credentials') {
    const response = await oauth.clientCredentialsGrantRequest(server, client, auth, parameters, options);
    return oauth.processClientCredentialsResponse(server, client, response);
  }
  if (job.grant === 'refresh_token') {
    const { refresh_token, ...others } = parameters;
    const response = await oauth.refreshTokenGrantRequest(server, client, auth, refresh_token, more(others));
    return oauth.processRefreshTokenResponse(server, client, response);
  }
  if (job.grant === DEVICE) {
    const { device_code, ...others } = parameters;
    const response = await oauth.deviceCodeGrantRequest(server, client, auth, device_code, more(others));
    return oauth.processDeviceCodeResponse(server, client, response);
  }
  if (job.grant !== 'authorization_code') {
    const response = await oauth.genericTokenEndpointRequest(server, client, auth, job.grant, parameters, options);
    return oauth.processGenericTokenEndpointResponse(server, client, response);
  }
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
  let back = invented(job, state);
  const opened = job.authorization_endpoint !== null;
  if (opened) {
    const url = new URL(job.authorization_endpoint);
    const query = { client_id: job.client_id, ...await authorization(job, verifier, state) };
    Object.entries(query).forEach(([name, value]) => url.searchParams.set(name, value));
    back = await signIn(url);
  }
  const validated = oauth.validateAuthResponse(server, client, back, state);
  const proof = opened && job.pkce ? verifier : oauth.nopkce;
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, auth, validated, job.redirect_uri, proof, more(rest(parameters)),
  );
  if (!job.signed) return oauth.processAuthorizationCodeResponse(server, client, response);
  const token = await oauth.processAuthorizationCodeResponse(server, client, response, { requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, response, insecure);
  return token;
}

/** Everything that a server of OpenID Connect has, found by its metadata. */
async function discovered(job) {
  const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks];
  const client = { client_secret: job.client_secret };
  const server = new URL(job.issuer);
  const config = await openid.discovery(server, job.client_id, client, authentication(openid, job), { execute });
  const keyPair = await openid.randomDPoPKeyPair();
  const proof = job.dpop ? { DPoP: openid.getDPoPHandle(config, keyPair) } : undefined;
  const [verifier, state, nonce] = [openid.randomPKCECodeVerifier(), openid.randomState(), openid.randomNonce()];
  const parameters = { ...await authorization({ ...job, pkce: true }, verifier, state), scope: 'openid a', nonce };
  const back = await signIn(openid.buildAuthorizationUrl(config, parameters));
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
  const first = await openid.authorizationCodeGrant(config, back, checks, undefined, proof);
  const expected = job.dpop ? 'dpop' : 'bearer';
  if (first.token_type !== expected) throw new Error(`the token type is ${first.token_type}`);
  const user = await openid.fetchUserInfo(config, first.access_token, first.claims().sub, proof);
  if (user.sub !== first.claims().sub) throw new Error('another user');
  const second = await openid.refreshTokenGrant(config, first.refresh_token, undefined, proof);
  const asked = await openid.tokenIntrospection(config, second.access_token);
  if (!asked.active || asked.scope !== 'openid a') throw new Error(`introspection: ${JSON.stringify(asked)}`);
  await openid.tokenRevocation(config, first.refresh_token);
  const after = await openid.tokenIntrospection(config, second.access_token);
  if (after.active) throw new Error('a revoked sign-in has valid tokens');
  const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid' });
  const form = new URLSearchParams({ user_code: device.user_code, decision: 'approve' });
  await fetch(device.verification_uri, { method: 'POST', body: form });
  // It would wait for the interval first.
  const polled = await openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.1 });
  if (polled.id_token === undefined) throw new Error('no ID token for a device');
  return polled;
}

/** Tells why there is no token: the server's own words first. */
function told(error) {
  const causes = [];
  for (let cause = error; cause; cause = cause.cause) causes.push(cause.message ?? JSON.stringify(cause.body ?? cause));
  return causes.join(': ');
}

const outcomes = [];
const jobs = JSON.parse(await text(process.stdin));
for (const job of jobs) {
  const libraries = job.discover
    ? [['openid-client', discovered]]
    : [['openid-client', withOpenidClient], ['oauth4webapi', withOauth4webapi]];
  for (const [library, run] of libraries) {
    // A code, a refresh token or a device code is used once: each library has its own.
    const mine = JSON.parse(JSON.stringify(job).replaceAll('{library}', library));
    try {
      if (mine.private_key !== null) mine.key = await imported(mine.private_key);
      const token = await run(mine);
      outcomes.push({ name: job.name, library, token: token.access_token, error: null });
    } catch (error) {
      outcomes.push({ name: job.name, library, token: null, error: told(error) });
    }
  }
}
process.stdout.write(JSON.stringify(outcomes));
