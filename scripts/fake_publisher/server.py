"""Answers as GitHub does about releases, as far as firmware needs it.

Shapes: GitHub's interface for releases, version 2022-11-28. What a publisher may do
wrong is chosen by attributes.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, override
from urllib.parse import quote

from aiohttp import web

from scripts.local_server import LOOPBACK, LocalServer


class FakePublisher(LocalServer):
    """Releases of some repositories, with their files."""

    def __init__(self, host: str = LOOPBACK, port: int = 0) -> None:
        """Publish nothing yet."""
        super().__init__(host, port)
        self.releases: dict[str, list[dict[str, Any]]] = {}
        """By repository, as they are answered."""
        self.files: dict[str, bytes] = {}
        """By path."""
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        """Of each request."""
        self.redirect: str | None = None
        """Where the next request for a file is sent."""
        self.fails = False
        self.before_file: Callable[[], Awaitable[None]] | None = None
        """What happens while a file is waited for."""

    @override
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return what is answered."""
        return [web.get("/{path:.*}", self._answer)]

    def publish(
        self, repository: str, tag: str, files: Mapping[str, bytes], notes: str
    ) -> dict[str, Any]:
        """Publish a release with its files, by name; return it, to be changed."""
        assets = []
        for name, content in files.items():
            self.files[f"/{tag}/{name}"] = content
            assets.append(
                {
                    "name": name,
                    "size": len(content),
                    "digest": f"sha256:{sha256(content).hexdigest()}",
                    "browser_download_url": self.url + quote(f"/{tag}/{name}"),
                }
            )
        release: dict[str, Any] = {
            "tag_name": tag,
            "html_url": f"https://github.com/{repository}/releases/{tag}",
            "body": notes,
            "draft": False,
            "prerelease": False,
            "assets": assets,
        }
        self.releases.setdefault(repository, []).append(release)
        return release

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request.path)
        self.headers.append(dict(request.headers))
        if self.fails:
            return web.Response(status=503)
        if request.path.startswith("/repos/"):
            name = request.path.removeprefix("/repos/").removesuffix("/releases")
            return web.json_response(self.releases.get(name, []))
        if self.redirect is not None:
            target, self.redirect = self.redirect, None
            return web.Response(status=302, headers={"Location": target})
        if request.path not in self.files:
            return web.Response(status=404)
        if self.before_file is not None:
            await self.before_file()
        return web.Response(body=self.files[request.path])
