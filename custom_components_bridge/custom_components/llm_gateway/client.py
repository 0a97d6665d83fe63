"""Asks the gateway over HTTP, with its Home Assistant key."""

from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from yarl import URL

from .const import HTTP_TIMEOUT, SLOW_ACTIONS, SLOW_REPLY_TIMEOUT
from .messages import ActionRefusedError, ErrorCode, GatewayEvent, Greeting, Outcome
from .models import Blocks, Snapshot
from .wire import Reader, WireError

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_CODE_OF_STATUS = {
    400: ErrorCode.INVALID,
    403: ErrorCode.FORBIDDEN,
    404: ErrorCode.NOT_FOUND,
    409: ErrorCode.CONFLICT,
    422: ErrorCode.INVALID,
}


class NoContactError(Exception):
    """The gateway cannot be reached, or what answers is none."""

    def __init__(self, reason: str, *, name_unknown: bool = False) -> None:
        """Take the reason, and whether the host name has no address."""
        super().__init__(reason)
        self.name_unknown = name_unknown


class KeyRefusedError(Exception):
    """The gateway does not take the key."""


class GatewayClient:
    """One gateway by its address and key."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        """Take Core's session; nothing is sent yet."""
        self._session = session
        self._base = URL(url) / "ha" / "v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    async def hello(self) -> Greeting:
        """Ask who the gateway is."""
        return await self._get("hello", {}, Greeting.read)

    async def snapshot(self, time_zone: str) -> Snapshot:
        """Ask for everything, with sums over the days of a time zone."""
        blocks = await self._get("snapshot", {"tz": time_zone}, Blocks.read)
        try:
            return Snapshot.of(blocks)
        except WireError as error:
            raise NoContactError(str(error)) from error

    async def events(self, after: str | None) -> tuple[GatewayEvent, ...]:
        """Ask for what happened after an event, oldest first."""
        query = {} if after is None else {"after": after}
        return await self._get("events", query, lambda wire: wire.items("events", GatewayEvent.read))

    async def act(self, action: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Have an action carried out."""
        seconds = SLOW_REPLY_TIMEOUT if action in SLOW_ACTIONS else HTTP_TIMEOUT
        status, body = await self._send("POST", self._base / "actions" / action, seconds, json=dict(data))
        if status == _UNAUTHORIZED:
            raise KeyRefusedError
        if status >= 400:  # noqa: PLR2004
            raise ActionRefusedError(_CODE_OF_STATUS.get(status, ErrorCode.FAILED), _words_of(body) or f"HTTP {status}")
        try:
            return Outcome.read(Reader(body, "answer")).unwrap()
        except WireError as error:
            raise NoContactError(str(error)) from error

    async def _get[T](self, path: str, query: Mapping[str, str], read: Callable[[Reader], T]) -> T:
        status, body = await self._send("GET", self._base / path, HTTP_TIMEOUT, params=query)
        if status in (_UNAUTHORIZED, _FORBIDDEN):
            raise KeyRefusedError
        if status != 200:  # noqa: PLR2004
            raise NoContactError(f"HTTP {status}")
        try:
            return read(Reader(body, "answer"))
        except WireError as error:
            raise NoContactError(str(error)) from error

    async def _send(self, method: str, url: URL, seconds: float, **more: Any) -> tuple[int, object]:
        """Send one request. The body is None when it is no JSON."""
        try:
            async with self._session.request(
                method, url, headers=self._headers, timeout=aiohttp.ClientTimeout(total=seconds), allow_redirects=False, **more
            ) as response:
                return response.status, await _json_of(response)
        except aiohttp.ClientConnectorDNSError as error:
            raise NoContactError(str(error), name_unknown=True) from error
        except TimeoutError as error:
            raise NoContactError(f"no answer in {seconds} s") from error
        except aiohttp.ClientError as error:
            raise NoContactError(str(error) or type(error).__name__) from error


async def _json_of(response: aiohttp.ClientResponse) -> object:
    try:
        return await response.json(content_type=None)
    except ValueError:
        return None


def _words_of(body: object) -> str | None:
    """Find the text in an error of the gateway's usual shape."""
    try:
        return Reader(body).inner("error").text("message")
    except WireError:
        return None
