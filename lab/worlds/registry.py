"""An image registry (OCI distribution) that holds no image and refuses each repository in its own way."""

from __future__ import annotations

import asyncio
import hashlib
import json

from aiohttp import web

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
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def application(_: World) -> web.Application:
    """Token service and /v2/ API.

    Those of ONE_PLATFORM have an index alone; `acme/badblob` and `acme/stallblob` break at a layer.
    """
    app = web.Application()
    app.router.add_get("/token", _token)
    app.router.add_route("*", "/v2/{path:.*}", _v2)
    return app


async def _token(request: web.Request) -> web.Response:
    scope = request.query.get("scope", "")
    if "ratetoken" in scope:
        return _error(429, "TOOMANYREQUESTS", "too many requests")
    if "badlogin" in scope:
        return web.json_response({"details": "incorrect username or password"}, status=401)
    return web.json_response({"token": "x", "access_token": "x", "expires_in": 300})


async def _v2(request: web.Request) -> web.StreamResponse:
    repository, kind, reference = _split(request.match_info["path"])
    if "Authorization" not in request.headers:
        return _challenge(request, repository, _error(401, "UNAUTHORIZED", "authentication required"))
    if not repository:
        return web.json_response({}, headers={"Docker-Distribution-Api-Version": "registry/2.0"})
    if kind == "blobs" and request.method == "HEAD":
        return web.Response(status=404)
    if kind == "blobs" and request.method in ("POST", "PUT", "PATCH"):
        return _error(403, "DENIED", "requested access to the resource is denied")
    for prefix, architecture in ONE_PLATFORM.items():
        if repository.startswith(prefix):
            return _document(request, _index(architecture), INDEX)
    if repository in ("acme/badblob", "acme/stallblob"):
        return await _broken_image(request, repository, kind, reference)
    return _refuse(request, repository)


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


def _document(request: web.Request, document: str, media_type: str) -> web.Response:
    digest = "sha256:" + hashlib.sha256(document.encode()).hexdigest()
    headers = {"Docker-Content-Digest": digest, "Content-Type": media_type}
    if request.method == "HEAD":
        return web.Response(headers=headers | {"Content-Length": str(len(document))})
    return web.Response(body=document.encode(), headers=headers)


def _index(architecture: str) -> str:
    platform = {"architecture": architecture, "os": "linux"} | ({"variant": "v8"} if architecture == "arm64" else {})
    entry = {"mediaType": MANIFEST, "size": 500, "digest": "sha256:" + "a" * 64, "platform": platform}
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]})


async def _broken_image(request: web.Request, repository: str, kind: str, reference: str) -> web.StreamResponse:
    stalls = repository == "acme/stallblob"
    layer = "sha256:" + ("c" if stalls else "d") * 64
    root = {"type": "layers", "diff_ids": ["sha256:" + "b" * 64]}
    history = [{"created_by": "x"}]
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": root, "history": history})
    config_digest = "sha256:" + hashlib.sha256(config.encode()).hexdigest()
    if kind == "manifests":
        return _document(request, _manifest(len(config), config_digest, layer, 1 << 26 if stalls else 230), MANIFEST)
    if reference == config_digest:
        return web.Response(body=config.encode(), content_type="application/octet-stream")
    if not stalls:
        return web.Response(body=b"not the blob you wanted" * 10, content_type="application/octet-stream")
    response = web.StreamResponse(headers={"Content-Length": str(1 << 26)})
    await response.prepare(request)
    await response.write(b"\x1f\x8b\x08\x00")
    await asyncio.sleep(900)
    return response


def _manifest(config_size: int, config: str, layer: str, layer_size: int) -> str:
    image = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": config_size, "digest": config}
    gzip = {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": layer_size, "digest": layer}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": image, "layers": [gzip]})
