"""The gateway's connection through Core: greeting, order of pushes, actions that wait for a reply."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from .const import REPLY_TIMEOUT, SLOW_ACTIONS, SLOW_REPLY_TIMEOUT
from .messages import ActionRefusedError, ErrorCode, Greeting, Outcome, Push, PushKind

type Send = Callable[[dict[str, Any]], None]


class NoReplyError(Exception):
    """The gateway did not reply in time."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The user who asked for an action."""

    id: str
    name: str | None


class Link:
    """What one loaded entry knows of the gateway's connection."""

    def __init__(self) -> None:
        """Begin without a greeting: nothing else is taken before it."""
        self.greeting: Greeting | None = None
        self.losses = 0
        self.greetings = 0
        self._last_seq: int | None = None
        self._send: Send | None = None
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}

    def greeted(self, greeting: Greeting) -> None:
        """Begin a connection. Its first push is number 1."""
        self.greeting = greeting
        self.greetings += 1
        self._last_seq = None

    def takes(self, push: Push) -> bool:
        """Tell whether a push follows the last one; a full one always does."""
        if push.kind is PushKind.DELTA and (self._last_seq is None or push.seq != self._last_seq + 1):
            self.losses += 1
            self._last_seq = None
            return False
        self._last_seq = push.seq
        return True

    def subscribe(self, send: Send) -> Callable[[], None]:
        """Send actions here from now on. Returns what ends it."""
        self._send = send

        def unsubscribe() -> None:
            if self._send is send:
                self._send = None

        return unsubscribe

    @property
    def subscribed(self) -> bool:
        """Tell whether the gateway listens for actions."""
        return self._send is not None

    async def act(self, action: str, data: Mapping[str, Any], actor: Actor | None) -> Mapping[str, Any]:
        """Have an action carried out by the gateway that listens."""
        if self._send is None:
            raise NoReplyError
        request_id = str(uuid4())
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = future
        user = None if actor is None else {"id": actor.id, "name": actor.name}
        self._send({"request_id": request_id, "action": action, "data": dict(data), "user": user})
        try:
            async with asyncio.timeout(SLOW_REPLY_TIMEOUT if action in SLOW_ACTIONS else REPLY_TIMEOUT):
                outcome = await future
        except TimeoutError as error:
            raise NoReplyError from error
        finally:
            del self._waiting[request_id]
        return outcome.unwrap()

    def replied(self, request_id: str, outcome: Outcome) -> None:
        """Hand a reply to whoever waits. One that comes too late is dropped."""
        future = self._waiting.get(request_id)
        if future is not None and not future.done():
            future.set_result(outcome)

    def close(self, words: str) -> None:
        """Stop sending, and answer what waits with a conflict."""
        self._send = None
        self.greeting = None
        self._last_seq = None
        for request_id in list(self._waiting):
            self.replied(request_id, Outcome(result=None, error=ActionRefusedError(ErrorCode.CONFLICT, words)))
