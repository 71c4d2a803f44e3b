"""The REST interface: who asks, what is refused, what is written down."""

from collections.abc import Awaitable, Callable
import json
import re
from typing import Any

from aiohttp import BodyPartReader, web

from .entities import Application
from .errors import INVALID_JSON, NOT_FOUND, TOO_LARGE, UNAUTHORIZED, ApiError
from .messages import FILE_BYTES, REQUEST_BYTES, Upload
from .service import Request, Service

type Handler = Callable[[Request, web.Request], Awaitable[Any]]

BASE = "/api/v10"

_AGENT = re.compile(r"DiscordBot \(https?://[^\s,]+,? [^)]+\).*")
_PART = re.compile(r"files\[(\d+)\]")
_POSTS = {
    ("POST", "/channels/{channel_id}/messages"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
}
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")


class Rest:
    """Registers routes, and does what all of them have in common."""

    def __init__(self, service: Service, router: web.UrlDispatcher) -> None:
        """Serve in an application."""
        self.service = service
        self._router = router

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Serve a route; the handler returns JSON, or None for an empty answer."""

        async def handle(http: web.Request) -> web.StreamResponse:
            return await self._handle(http, path, handler)

        self._router.add_route(method, BASE + path, handle)

    def add_the_rest(self) -> None:
        """Answer what Discord has no route for; to be called last."""

        async def refuse(request: Request, _: web.Request) -> Any:
            self.service.violated(
                f"{request.method} {request.path}", ["Discord has no such route"]
            )
            raise ApiError(NOT_FOUND)

        self.add("*", "/{rest:.*}", refuse)

    async def _handle(
        self, http: web.Request, route: str, handler: Handler
    ) -> web.StreamResponse:
        request = Request(
            method=http.method,
            path=http.path.removeprefix(BASE),
            headers=dict(http.headers),
        )
        self.service.requests.append(request)
        await self.service.faults.released.wait()
        headers = {"Via": "1.1 google"}
        if (spoiled := self._spoil(request)) is not None:
            request.status = spoiled.status
            return spoiled
        major = [http.match_info.get(key, "") for key in _MAJOR]
        bearer = request.headers.get("Authorization", "")
        fits, limits = self.service.buckets.take(
            " ".join([request.method, route, *major, bearer]),
            post=(request.method, route) in _POSTS,
        )
        if not fits:
            request.status = 429
            return _too_many(float(limits["X-RateLimit-Reset-After"]), limits)
        try:
            self._check_head(request)
            await _read(request, http)
            body = await handler(request, http)
        except ApiError as err:
            request.status = err.status
            return _json(err.body, status=err.status, headers=headers | limits)
        self._lose(request, http)
        if body is None:
            request.status = 204
            return web.Response(status=204, headers=headers | limits)
        request.status = 200
        return _json(body, headers=headers | limits)

    def _spoil(self, request: Request) -> web.Response | None:
        """Return the answer of a fault that was switched on."""
        faults = self.service.faults
        if faults.path not in request.path:
            return None
        if faults.rate_limited > 0:
            faults.rate_limited -= 1
            return _too_many(faults.retry_after, {}, everywhere=faults.everywhere)
        if faults.failing > 0 and faults.spared > 0:
            faults.spared -= 1
        elif faults.failing > 0:
            faults.failing -= 1
            return web.Response(
                status=faults.status,
                text=faults.text,
                headers={"Via": "1", **faults.headers},
            )
        return None

    def _lose(self, request: Request, http: web.Request) -> None:
        """Cut the line of a request whose answer is to be lost."""
        faults = self.service.faults
        if faults.unheard > 0 and faults.path in request.path:
            faults.unheard -= 1
            assert http.transport is not None
            http.transport.abort()

    def _check_head(self, request: Request) -> None:
        where = f"{request.method} {request.path}"
        agent = request.headers.get("User-Agent", "")
        if not _AGENT.fullmatch(agent):
            self.service.violated(where, [f"User-Agent {agent!r} names no bot"])
        bearer = request.headers.get("Authorization")
        if bearer is not None and not bearer.startswith(("Bot ", "Bearer ")):
            self.service.violated(where, ["Authorization names no kind of token"])

    def bot(self, request: Request) -> Application:
        """Return the application that asks.

        Raises:
            ApiError: nobody we know does.

        """
        bearer = request.headers.get("Authorization")
        if bearer is None:
            self.service.violated(
                f"{request.method} {request.path}", ["Authorization is missing"]
            )
        kind, _, token = (bearer or "").partition(" ")
        application = self.service.world.by_token(token) if kind == "Bot" else None
        if application is None:
            raise ApiError(UNAUTHORIZED)
        return application


def number(http: web.Request, key: str, unknown: tuple[int, int, str]) -> int:
    """Return an id of the path.

    Raises:
        ApiError: it is none.

    """
    text = http.match_info[key]
    if not text.isdecimal():
        raise ApiError(unknown)
    return int(text)


def _json(
    body: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Return JSON; Discord names no charset, and clients compare."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def _too_many(
    retry_after: float, limits: dict[str, str], *, everywhere: bool = False
) -> web.Response:
    headers = {
        **limits,
        "Via": "1.1 google",
        "Retry-After": f"{max(1, round(retry_after))}",
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    return _json(
        {
            "code": 0,
            "message": "You are being rate limited.",
            "retry_after": retry_after,
            "global": everywhere,
        },
        status=429,
        headers=headers,
    )


async def _read(request: Request, http: web.Request) -> None:
    """Read the body: JSON, or a form with JSON and files.

    Raises:
        ApiError: it is neither, or too large.

    """
    if not http.can_read_body:
        return
    size = 0
    if http.content_type == "multipart/form-data":
        async for part in await http.multipart():
            assert isinstance(part, BodyPartReader)
            content = await part.read()
            size += len(content)
            if part.name == "payload_json":
                request.payload = _parse(content)
            elif part.name and (match := _PART.fullmatch(part.name)):
                request.files[int(match[1])] = Upload(
                    part.filename or "", bytes(content)
                )
    elif http.content_type == "application/json":
        content = await http.read()
        size = len(content)
        request.payload = _parse(content)
    else:
        raise ApiError(INVALID_JSON)
    if size > REQUEST_BYTES or any(
        len(upload.content) > FILE_BYTES for upload in request.files.values()
    ):
        raise ApiError(TOO_LARGE)


def _parse(content: bytes | bytearray) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise ApiError(INVALID_JSON) from None
