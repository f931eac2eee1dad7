"""Manifests of images that a registry serves: an index of one platform, and images that break at a layer."""

from __future__ import annotations

import asyncio
import hashlib
import json

from aiohttp import web

INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def document(request: web.Request, text: str, media_type: str) -> web.Response:
    digest = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    headers = {"Docker-Content-Digest": digest, "Content-Type": media_type}
    if request.method == "HEAD":
        return web.Response(headers=headers | {"Content-Length": str(len(text))})
    return web.Response(body=text.encode(), headers=headers)


def one_platform(architecture: str) -> str:
    platform = {"architecture": architecture, "os": "linux"} | ({"variant": "v8"} if architecture == "arm64" else {})
    entry = {"mediaType": MANIFEST, "size": 500, "digest": "sha256:" + "a" * 64, "platform": platform}
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]})


async def broken_image(request: web.Request, repository: str, kind: str, reference: str) -> web.StreamResponse:
    stalls = repository == "acme/stallblob"
    layer = "sha256:" + ("c" if stalls else "d") * 64
    root = {"type": "layers", "diff_ids": ["sha256:" + "b" * 64]}
    history = [{"created_by": "x"}]
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": root, "history": history})
    config_digest = "sha256:" + hashlib.sha256(config.encode()).hexdigest()
    if kind == "manifests":
        return document(request, manifest(len(config), config_digest, layer, 1 << 26 if stalls else 230), MANIFEST)
    if reference == config_digest:
        return web.Response(body=config.encode(), content_type="application/octet-stream")
    if not stalls:
        return web.Response(body=b"not the blob you wanted" * 10, content_type="application/octet-stream")
    response = web.StreamResponse(headers={"Content-Length": str(1 << 26)})
    await response.prepare(request)
    await response.write(b"\x1f\x8b\x08\x00")
    await asyncio.sleep(900)
    return response


def manifest(config_size: int, config: str, layer: str, layer_size: int) -> str:
    image = {"mediaType": "application/vnd.docker.container.image.v1+json", "size": config_size, "digest": config}
    gzip = {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": layer_size, "digest": layer}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": image, "layers": [gzip]})
