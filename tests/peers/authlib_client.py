"""Authlib (https://authlib.org) as a client of servers on this machine.

Reads a JSON array of jobs from standard input, each a grant at a token endpoint, and prints one of outcomes,
{"name", "library", "token", "error"}, as clients.mjs does. What a job has is what a user of Authlib would write down.
"""

import json
import sys
from urllib.parse import urlencode

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.auth import encode_none
from authlib.oauth2.client import DEFAULT_HEADERS
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

LIBRARY = "authlib"


def session(job, **options):
    """A client as the provider's pages say."""
    secret = job["client_secret"]
    if job["auth"] == "private_key_jwt":
        secret = ECKey.import_key(job["private_key"]) if job["private_key"] else ECKey.generate_key("P-256")
    client = OAuth2Session(
        job["client_id"],
        secret,
        token_endpoint_auth_method=job["auth"],
        redirect_uri=job["redirect_uri"],
        code_challenge_method="S256" if job["pkce"] else None,
        **options,
    )
    # The certificate is the proof (RFC 8705 section 2).
    client.register_client_auth_method(("self_signed_tls_client_auth", encode_none))
    client.register_client_auth_method(ClientSecretJWT(job["token_endpoint"]))
    client.register_client_auth_method(PrivateKeyJWT(job["token_endpoint"], alg="ES256"))
    # No proxy, whatever the environment says.
    client.trust_env = False
    if job["tls"]:
        client.verify = job["tls"]["roots"]
        client.cert = (job["tls"]["certificate"], job["tls"]["key"])
    return client


def sign_in(client, job, verifier, **parameters):
    """Signs in as a user, whose browser comes back with a code."""
    parameters = {**job["authorization_parameters"], **parameters}
    url, state = client.create_authorization_url(job["authorization_endpoint"], code_verifier=verifier, **parameters)
    page = requests.get(
        f"{url}&approve", allow_redirects=False, timeout=30, verify=client.verify, proxies={"http": "", "https": ""}
    )
    location = page.headers.get("location")
    if location is None:
        raise ValueError(f"no redirect: {page.headers.get('tokensmith-mock-refusal')}")
    return location, state


def token_of(job):
    client = session(job)
    parameters = dict(job["parameters"])
    headers = {**DEFAULT_HEADERS, **job["headers"]}
    url, grant = job["token_endpoint"], job["grant"]
    # Authlib takes an argument of this name for that of the authorization request.
    state = parameters.pop("state", None)
    body = urlencode({"state": state}) if state else ""
    if grant == "refresh_token":
        return client.refresh_token(url, body=body, headers=headers, **parameters)
    if grant == "authorization_code" and job["authorization_endpoint"]:
        verifier = generate_token(64) if job["pkce"] else None
        location, state = sign_in(client, job, verifier)
        for name in ("code", "redirect_uri", "code_verifier"):
            parameters.pop(name, None)
        if verifier:
            parameters["code_verifier"] = verifier
        back = {"authorization_response": location, "state": state}
        token = client.fetch_token(url, body=body, headers=headers, **back, **parameters)
        if job["signed"]:
            check_id_token(client, job, token, job["jwks_uri"])
        return token
    return client.fetch_token(url, body=body, headers=headers, grant_type=grant, **parameters)


def check_id_token(client, job, token, jwks_uri, nonce=None):
    """Checks an ID token (OpenID Connect Core section 3.1.3.7)."""
    keys = KeySet.import_key_set(client.get(jwks_uri, withhold_token=True).json())
    decoded = jwt.decode(token["id_token"], keys, algorithms=["ES256"])
    options = {
        "iss": {"essential": True, "value": job["issuer"]},
        "aud": {"essential": True, "value": job["client_id"]},
    }
    parameters = {"nonce": nonce, "client_id": job["client_id"], "access_token": token["access_token"]}
    claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
    claims.validate()
    return claims


def discovered(job):
    """Everything that a server of OpenID Connect has, found by its metadata."""
    client = session({**job, "pkce": True}, scope="openid a")
    metadata = client.get(f"{job['issuer']}/.well-known/openid-configuration", withhold_token=True).json()
    verifier, nonce = generate_token(64), generate_token()
    job = {**job, "authorization_endpoint": metadata["authorization_endpoint"], "authorization_parameters": {}}
    location, state = sign_in(client, job, verifier, nonce=nonce)
    url = metadata["token_endpoint"]
    first = client.fetch_token(url, authorization_response=location, state=state, code_verifier=verifier)
    claims = check_id_token(client, job, first, metadata["jwks_uri"], nonce)
    user = client.get(metadata["userinfo_endpoint"]).json()
    if user["sub"] != claims["sub"]:
        raise ValueError("another user")
    second = client.refresh_token(url, refresh_token=first["refresh_token"])
    introspection = metadata["introspection_endpoint"]
    asked = client.introspect_token(introspection, token=second["access_token"]).json()
    if not asked["active"] or asked["scope"] != "openid a":
        raise ValueError(f"introspection: {asked}")
    client.revoke_token(metadata["revocation_endpoint"], token=second["refresh_token"]).raise_for_status()
    if client.introspect_token(introspection, token=second["access_token"]).json()["active"]:
        raise ValueError("a revoked sign-in has valid tokens")
    # Authlib has no request for the code of a device.
    authentication = {"auth": client.client_auth(job["auth"]), "withhold_token": True}
    endpoint = metadata["device_authorization_endpoint"]
    device = client.post(endpoint, data={"scope": "openid"}, **authentication).json()
    decision = {"user_code": device["user_code"], "decision": "approve"}
    client.post(device["verification_uri"], data=decision, withhold_token=True).raise_for_status()
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    polled = client.fetch_token(url, grant_type=grant, device_code=device["device_code"])
    if "id_token" not in polled:
        raise ValueError("no ID token for a device")
    return polled


def outcome(job):
    # A code, a refresh token or a device code is used once: each library has its own.
    job = json.loads(json.dumps(job).replace("{library}", LIBRARY))
    token, error = None, None
    try:
        token = (discovered if job["discover"] else token_of)(job).get("access_token")
        if not token:
            error = "there is no `access_token` in the response"
    except Exception as raised:  # Whatever a library raises is its outcome.
        error = f"{type(raised).__name__}: {raised}"
    return {"name": job["name"], "library": LIBRARY, "token": token, "error": error}


# Authlib has no proofs of possession (RFC 9449).
jobs = [job for job in json.load(sys.stdin) if not job["dpop"]]
json.dump([outcome(job) for job in jobs], sys.stdout)
