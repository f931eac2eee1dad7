"""An image registry (OCI distribution) that holds no image and refuses each repository in its own way.

Who has logged in, by whatever name, may push, and is told what is there: nothing.
"""

from __future__ import annotations

import hashlib
import json

from aiohttp import web

from lab.worlds.manifests import INDEX, broken_image, document, one_platform
from lab.worlds.table import World

HUB_LIMIT = (
    "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: "
    "https://www.docker.com/increase-rate-limit"
)
# repository prefix → status, error code, message: the words of Docker Hub and of the distribution registry
REFUSALS = {
    "library/redis": (429, "TOOMANYREQUESTS", HUB_LIMIT),
    "acme/forbidden": (403, "DENIED", "requested access to the resource is denied"),
    "acme/broken": (500, "UNKNOWN", "unknown error"),
    "acme/gateway": (503, "UNAVAILABLE", "service unavailable"),
    "acme/private": (401, "UNAUTHORIZED", "authentication required"),
    "library/": (404, "MANIFEST_UNKNOWN", "manifest unknown"),
    "acme/public": (404, "MANIFEST_UNKNOWN", "manifest unknown"),
    "acme/gone": (404, "NAME_UNKNOWN", "repository name not known to registry"),
    "": (401, "UNAUTHORIZED", "authentication required"),
}
# repository prefix → the one platform it has
ONE_PLATFORM = {"acme/armonly": "arm64", "arm64v8/": "arm64", "library/alpine": "amd64"}
MEMBER = "member"  # the token of one who has logged in
PUSHED = web.AppKey("pushed", set[str])


def application(_: World) -> web.Application:
    """Token service and /v2/ API.

    Those of ONE_PLATFORM have an index alone; `acme/badblob` and `acme/stallblob` break at a layer.
    """
    app = web.Application()
    app[PUSHED] = set()
    app.router.add_get("/token", _token)
    app.router.add_route("*", "/v2/{path:.*}", _v2)
    return app


async def _token(request: web.Request) -> web.Response:
    scope = request.query.get("scope", "")
    if "ratetoken" in scope:
        return _error(429, "TOOMANYREQUESTS", "too many requests")
    if "badlogin" in scope:
        return web.json_response({"details": "incorrect username or password"}, status=401)
    token = MEMBER if "Authorization" in request.headers else "x"
    return web.json_response({"token": token, "access_token": token, "expires_in": 300})


async def _v2(request: web.Request) -> web.StreamResponse:
    repository, kind, reference = _split(request.match_info["path"])
    if "Authorization" not in request.headers:
        return _challenge(request, repository, _error(401, "UNAUTHORIZED", "authentication required"))
    if not repository:
        return web.json_response({}, headers={"Docker-Distribution-Api-Version": "registry/2.0"})
    if request.headers["Authorization"] == f"Bearer {MEMBER}":
        return await _member(request, kind, request.app[PUSHED])
    if kind == "blobs" and request.method == "HEAD":
        return web.Response(status=404)
    if kind == "blobs" and request.method in ("POST", "PUT", "PATCH"):
        return _error(403, "DENIED", "requested access to the resource is denied")
    for prefix, architecture in ONE_PLATFORM.items():
        if repository.startswith(prefix):
            return document(request, one_platform(architecture), INDEX)
    if repository in ("acme/badblob", "acme/stallblob"):
        return await broken_image(request, repository, kind, reference)
    return _refuse(request, repository)


async def _member(request: web.Request, kind: str, pushed: set[str]) -> web.Response:
    """Takes what is pushed and forgets it, but for the digests that the client asks for again."""
    digest = request.path.rpartition("/")[2]
    if request.method == "HEAD" and digest in pushed:
        return web.Response(headers={"Docker-Content-Digest": digest, "Content-Length": "0"})
    if request.method in ("GET", "HEAD"):
        return _error(404, "MANIFEST_UNKNOWN", "manifest unknown")
    body = b"".join([piece async for piece in request.content.iter_any()])
    digest = request.query.get("digest", "sha256:" + hashlib.sha256(body).hexdigest())
    pushed.add(digest)
    told = {"Location": request.path.rstrip("/"), "Range": f"0-{len(body)}", "Docker-Content-Digest": digest}
    return web.Response(status=202 if kind == "blobs" and request.method != "PUT" else 201, headers=told)


def _split(path: str) -> tuple[str, str, str]:
    for kind in ("manifests", "blobs", "tags"):
        repository, found, reference = path.partition(f"/{kind}/")
        if found:
            return repository, kind, reference
    return "", "", ""


def _refuse(request: web.Request, repository: str) -> web.Response:
    status, code, message = next(refusal for prefix, refusal in REFUSALS.items() if repository.startswith(prefix))
    answer = _error(status, code, message)
    return _challenge(request, repository, answer, 'error="insufficient_scope"') if status == 401 else answer


def _challenge(request: web.Request, repository: str, answer: web.Response, more: str = "") -> web.Response:
    realm = "auth.docker.io" if "docker.io" in request.host else request.host
    parts = [
        f'realm="https://{realm}/token"',
        f'service="{request.host}"',
        f'scope="repository:{repository}:pull"',
        more,
    ]
    answer.headers["WWW-Authenticate"] = "Bearer " + ",".join(part for part in parts if part)
    return answer


def _error(status: int, code: str, message: str) -> web.Response:
    body = json.dumps({"errors": [{"code": code, "message": message, "detail": None}]})
    return web.Response(
        body=body.encode(), status=status, content_type="application/json"
    )  # with a charset, docker does not read it
