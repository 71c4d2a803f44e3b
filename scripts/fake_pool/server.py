"""Answers like public-pool, ckpool, OCEAN and a pool of another kind.

The shapes are those that the parsers of the integration name in their documentation.
What a pool may do wrong is chosen by attributes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, override

from aiohttp import web

from scripts.local_server import LOOPBACK, LocalServer

GIGA = 1e9
_SUFFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "K"))


@dataclass
class FakeWorker:
    """A worker of the account."""

    name: str
    hashrate: float = 0.0
    """GH/s."""
    last_share: float = 0.0
    """Unix time."""
    best_difficulty: float = 0.0


class FakePool(LocalServer):
    """One account at a pool."""

    def __init__(self, account: str, host: str = LOOPBACK, port: int = 0) -> None:
        """Prepare; port 0 takes a free one at the start."""
        super().__init__(host, port)
        self.account = account
        self.workers: dict[str, FakeWorker] = {}
        self.unpaid = 0
        """sat."""
        self.refresh: Callable[[], None] | None = None
        """Called before each answer, to bring the workers up to date."""
        self.requests: list[str] = []
        self.request_headers: set[str] = set()
        """Names of all that were sent."""
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        """Sent instead of an answer."""

    def see(self, worker: FakeWorker) -> None:
        """Take in what a worker does."""
        self.workers[worker.name] = worker

    @override
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return what is answered."""
        return [
            web.get("/api/client/{user}", self._answer(self._public_pool)),
            web.get("/users/{user}", self._answer(self._ckpool)),
            web.get("/v1/user_hashrate_full/{user}", self._answer(self._ocean)),
            web.get("/v1/statsnap/{user}", self._answer(self._ocean_snapshot)),
            web.get("/stats/{user}", self._answer(self._other)),
        ]

    def _answer(
        self, describe: Callable[[], dict[str, Any]]
    ) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.requests.append(request.path)
            self.request_headers.update(request.headers)
            if self.refresh is not None:
                self.refresh()
            if self.status != 200:
                return web.Response(status=self.status, headers=self.headers)
            if self.body is not None:
                return web.Response(
                    body=self.body,
                    headers=self.headers,
                    content_type="application/json",
                )
            if request.match_info["user"] != self.account:
                return web.json_response({"error": "no such user"}, status=404)
            return web.json_response(describe(), headers=self.headers)

        return handle

    def _public_pool(self) -> dict[str, Any]:
        best = max((item.best_difficulty for item in self.workers.values()), default=0)
        working = [item for item in self.workers.values() if item.hashrate]
        return {
            "bestDifficulty": best,
            "workersCount": len(working),
            "workers": [
                {
                    "sessionId": f"{index:08x}",
                    "name": item.name or "worker",
                    "bestDifficulty": f"{item.best_difficulty:.2f}",
                    "hashRate": item.hashrate * GIGA,
                    "startTime": "2026-01-01T00:00:00.000Z",
                    "lastSeen": datetime.fromtimestamp(
                        item.last_share, UTC
                    ).isoformat(),
                }
                for index, item in enumerate(working)
            ],
        }

    def _ckpool(self) -> dict[str, Any]:
        return {
            **_ckpool_hashrates(sum(item.hashrate for item in self.workers.values())),
            "lastshare": max(
                (int(item.last_share) for item in self.workers.values()), default=0
            ),
            "workers": sum(bool(item.hashrate) for item in self.workers.values()),
            "shares": 7831260707,
            "bestshare": max(
                (item.best_difficulty for item in self.workers.values()), default=0
            ),
            "authorised": 1765573562,
            "worker": [
                {
                    "workername": f"{self.account}.{item.name}"
                    if item.name
                    else self.account,
                    **_ckpool_hashrates(item.hashrate),
                    "lastshare": int(item.last_share),
                    "shares": 25621.0,
                    "bestshare": item.best_difficulty,
                    "bestever": int(item.best_difficulty),
                }
                for item in self.workers.values()
            ],
        }

    def _ocean(self) -> dict[str, Any]:
        return {
            "status": "OK",
            "result": {
                "workers": {
                    item.name: [_ocean_hashrates(item.hashrate)]
                    for item in self.workers.values()
                }
            },
        }

    def _ocean_snapshot(self) -> dict[str, Any]:
        total = sum(item.hashrate for item in self.workers.values())
        return {
            "status": "OK",
            "result": {
                "snap_type": "user",
                "hashrate_60s": str(round(total * GIGA)),
                "hashrate_300s": str(round(total * GIGA)),
                "unpaid": f"{self.unpaid / 1e8:.8f}",
            },
        }

    def _other(self) -> dict[str, Any]:
        return {
            "data": {
                "miners": [
                    {
                        "id": item.name,
                        "rate": item.hashrate / 1000,
                        "last": item.last_share * 1000,
                        "best": item.best_difficulty,
                    }
                    for item in self.workers.values()
                ],
                "owed": self.unpaid,
            }
        }


def _ckpool_hashrates(hashrate: float) -> dict[str, str]:
    return {
        f"hashrate{window}": _short(hashrate * GIGA)
        for window in ("1m", "5m", "1hr", "1d", "7d")
    }


def _ocean_hashrates(hashrate: float) -> dict[str, str]:
    return {
        f"hashrate_{window}s": str(round(hashrate * GIGA))
        for window in (60, 300, 600, 3600, 10800, 86400)
    }


def _short(value: float) -> str:
    """Write three digits and a letter, as ckpool does."""
    for factor, suffix in _SUFFIXES:
        if value >= factor:
            return f"{value / factor:.3g}{suffix}"
    return f"{value:.0f}"
