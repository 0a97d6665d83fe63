"""A gateway that answers as it is told, and its side of Core's WebSocket."""

import asyncio
from collections.abc import Mapping
import copy
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
import freezegun.api
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.llm_gateway.const import DOMAIN
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

CONTRACT = Path(__file__).parents[2] / "test" / "contract" / "bridge"

TOKEN = "sk-only-for-tests-0123456789"
SLUG = "a1b2c3d4_llm_gateway"


def example(name: str, kind: str = "accepted") -> dict[str, Any]:
    """Read one of the messages that both sides agreed on."""
    loaded: dict[str, Any] = json.loads((CONTRACT / kind / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


GATEWAY_ID: str = example("hello-supervised")["gateway_id"]


def snapshot_data() -> dict[str, Any]:
    """Give the data of a full push, to be changed at will."""
    data: dict[str, Any] = copy.deepcopy(example("push-full_with_people")["data"])
    return data


class FakeGateway:
    """Serves `/ha/v1`."""

    def __init__(self) -> None:
        """Begin with the examples."""
        self.hello = example("http_hello")
        self.snapshot = snapshot_data()
        self.events: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.status = 200
        self.body: str | None = None
        self.action_status = 200
        self.token = TOKEN
        self.asked: list[tuple[str, str]] = []
        self.acted: list[tuple[str, dict[str, Any]]] = []
        self._port = 0
        self._server: TestServer | None = None

    async def start(self) -> None:
        """Listen on a free port of this machine."""
        app = web.Application()
        app.router.add_get("/ha/v1/hello", self._answer)
        app.router.add_get("/ha/v1/snapshot", self._answer)
        app.router.add_get("/ha/v1/events", self._answer)
        app.router.add_post("/ha/v1/actions/{action}", self._act)
        app.router.add_get("/health/liveliness", self._alive)
        self._server = TestServer(app, port=self._port)
        await self._server.start_server()
        self._port = self._server.port or 0

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            await self._server.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    def count(self, path: str) -> int:
        """Tell how often a path was asked for."""
        return sum(1 for asked, _ in self.asked if asked == path)

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.query_string))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": {"message": "no such key"}}, status=401)
        if self.body is not None:
            return web.Response(text=self.body, status=self.status)
        if self.status != 200:
            return web.json_response({"error": {"message": "no"}}, status=self.status)
        after = request.query.get("after")
        ids = [event["id"] for event in self.events]
        fresh = self.events[ids.index(after) + 1 :] if after in ids else self.events
        bodies: dict[str, Any] = {"hello": self.hello, "snapshot": self.snapshot, "events": {"events": fresh}}
        return web.json_response(bodies[request.path.rsplit("/", 1)[1]])

    async def _act(self, request: web.Request) -> web.Response:
        action = request.match_info["action"]
        self.acted.append((action, await request.json()))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": {"message": "no such key"}}, status=401)
        if self.body is not None:
            return web.Response(text=self.body, status=self.action_status)
        if self.action_status != 200:
            return web.json_response({"error": {"message": "This key may not change anything."}}, status=self.action_status)
        return web.json_response(self.answers[action])

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.json_response("I'm alive!")


class GatewaySide:
    """The gateway's end of Core's WebSocket."""

    def __init__(self, client: Any) -> None:
        """Take a client that is logged in."""
        self._client = client
        self._id = 1000
        self._seq = 0

    async def send(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Send a command and give the whole answer."""
        self._id += 1
        await self._client.send_json({**message, "id": self._id})
        answer: dict[str, Any] = await self._client.receive_json()
        assert answer["id"] == self._id
        return answer

    async def result(self, message: Mapping[str, Any]) -> Any:
        """Send a command that must succeed."""
        answer = await self.send(message)
        assert answer["success"], answer
        return answer["result"]

    async def error(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Send a command that must fail."""
        answer = await self.send(message)
        assert not answer["success"], answer
        error: dict[str, Any] = answer["error"]
        return error

    async def hello(self, **changes: Any) -> dict[str, Any]:
        """Greet."""
        self._seq = 0
        result: dict[str, Any] = await self.result({**example("hello-supervised"), **changes})
        return result

    async def push(self, data: Mapping[str, Any], kind: str = "full", seq: int | None = None) -> dict[str, Any]:
        """Push the next number."""
        self._seq = self._seq + 1 if seq is None else seq
        message = {"type": "llm_gateway/push", "gateway_id": GATEWAY_ID, "seq": self._seq, "kind": kind, "data": data}
        result: dict[str, Any] = await self.result(message)
        return result

    async def heartbeat(self) -> dict[str, Any]:
        """Push that nothing changed."""
        data = example("push-delta_heartbeat")["data"]
        return await self.push(data, "delta")

    async def event(self, event: Mapping[str, Any]) -> Any:
        """Tell that something happened."""
        return await self.result({"type": "llm_gateway/event", "gateway_id": GATEWAY_ID, "event": event})

    async def bye(self, reason: str) -> Any:
        """Say that it goes."""
        return await self.result({"type": "llm_gateway/bye", "gateway_id": GATEWAY_ID, "reason": reason})

    async def subscribe(self) -> int:
        """Listen for actions."""
        await self.result(example("subscribe"))
        return self._id

    async def request(self) -> dict[str, Any]:
        """Wait for an action."""
        message = await self._client.receive_json()
        assert message["type"] == "event", message
        request: dict[str, Any] = message["event"]
        return request

    async def reply(self, request: Mapping[str, Any], name: str) -> Any:
        """Reply as an example does."""
        return await self.result({**example(name), "request_id": request["request_id"]})

    async def close(self) -> None:
        """Hang up."""
        await self._client.close()


def supervised_entry(url: str, **changes: Any) -> MockConfigEntry:
    """Make the entry of an app."""
    data = {"gateway_id": GATEWAY_ID, "managed": "supervisor", "url": url, "token": TOKEN, "verify_ssl": True, "slug": SLUG}
    return MockConfigEntry(domain=DOMAIN, title="LLM Gateway", unique_id=GATEWAY_ID, data=data, version=1, **changes)


def manual_entry(url: str, **changes: Any) -> MockConfigEntry:
    """Make the entry of a gateway that a person added."""
    data = {"gateway_id": GATEWAY_ID, "managed": "manual", "url": url, "token": TOKEN, "verify_ssl": True}
    return MockConfigEntry(domain=DOMAIN, title="LLM Gateway", unique_id=GATEWAY_ID, data=data, version=1, **changes)


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Set up an entry."""
    entry.add_to_hass(hass)
    done = await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return done


class Clock:
    """The time of Core, of its event loop and of its calendar. It goes on by itself, and jumps when it is told to."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take hold of both."""
        self._hass = hass
        self._freezer = freezer
        self._ahead = 0.0
        # The frozen calendar would stop the loop's time too. By its full name: an imported one is frozen itself.
        monkeypatch.setattr(hass.loop, "time", lambda: freezegun.api.real_monotonic() + self._ahead)

    async def jump(self, seconds: float) -> None:
        """Let time pass, and what is due happen."""
        self._freezer.tick(timedelta(seconds=seconds))
        self._ahead += seconds
        for _ in range(3):
            await asyncio.sleep(0)
            await self._hass.async_block_till_done(wait_background_tasks=True)

    def move_to(self, moment: str) -> None:
        """Set the calendar."""
        self._freezer.move_to(moment)


def entity_id(hass: HomeAssistant, platform: str, key: str, *subject: str) -> str:
    """Find an entity by what it shows."""
    unique_id = "_".join((GATEWAY_ID, *subject, key))
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    assert found is not None, unique_id
    return found


def shown(hass: HomeAssistant, platform: str, key: str, *subject: str) -> str:
    """Give the state of an entity."""
    state = hass.states.get(entity_id(hass, platform, key, *subject))
    assert state is not None
    return state.state


def is_available(hass: HomeAssistant) -> bool:
    """Tell whether the entities show data."""
    return shown(hass, "sensor", "spend_today") != STATE_UNAVAILABLE
