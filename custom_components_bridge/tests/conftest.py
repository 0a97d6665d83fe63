"""What all tests have: the integration, a gateway, and its side of Core's WebSocket."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from aiohttp import web
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

# Imported here, or Core finds the plug-in's own package of this name.
import custom_components.llm_gateway
from custom_components.llm_gateway.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import HASSIO_USER_NAME
from homeassistant.core import HomeAssistant

from .support import Clock, FakeGateway, GatewaySide, manual_entry, set_up, supervised_entry

assert custom_components.llm_gateway

type Connect = Callable[..., Awaitable[GatewaySide]]


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Core load the integration, where a test has a Core."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def clock(hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give the time. Core's pings are off: nobody would answer one during a jump."""
    response = web.WebSocketResponse

    def without_pings(**more: Any) -> web.WebSocketResponse:
        return response(**{**more, "heartbeat": None})

    monkeypatch.setattr("homeassistant.components.websocket_api.http.web.WebSocketResponse", without_pings)
    return Clock(hass, freezer, monkeypatch)


@pytest.fixture
def all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable entities that are disabled by default."""
    monkeypatch.setattr("homeassistant.helpers.entity.Entity.entity_registry_enabled_default", property(lambda _: True))


@pytest.fixture
async def gateway(hass: HomeAssistant, socket_enabled: None) -> AsyncIterator[FakeGateway]:
    """Give a gateway that listens. What is loaded in the end is unloaded, so that its timers end."""
    fake = FakeGateway()
    await fake.start()
    yield fake
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state is ConfigEntryState.LOADED:
            await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await fake.stop()


@pytest.fixture
async def supervised(hass: HomeAssistant, gateway: FakeGateway) -> MockConfigEntry:
    """Give the loaded entry of an app."""
    entry = supervised_entry(gateway.url)
    assert await set_up(hass, entry)
    return entry


@pytest.fixture
async def manual(hass: HomeAssistant, gateway: FakeGateway) -> MockConfigEntry:
    """Give the loaded entry of a gateway that a person added."""
    entry = manual_entry(gateway.url)
    assert await set_up(hass, entry)
    return entry


@pytest.fixture
async def supervisor_user(hass: HomeAssistant) -> User:
    """Give the user that Supervisor acts as."""
    return await hass.auth.async_create_system_user(HASSIO_USER_NAME, group_ids=[GROUP_ID_ADMIN])


@pytest.fixture
def connect(hass: HomeAssistant, hass_ws_client: Callable[..., Awaitable[object]], supervisor_user: User) -> Connect:
    """Connect as a user; as Supervisor unless another is given."""

    async def connected(user: User | None = None) -> GatewaySide:
        user = user or supervisor_user
        token = await hass.auth.async_create_refresh_token(user, client_id=None if user.system_generated else "https://example.test/")
        return GatewaySide(await hass_ws_client(hass, hass.auth.async_create_access_token(token)))

    return connected


@pytest.fixture
async def app(supervised: MockConfigEntry, connect: Connect) -> GatewaySide:
    """Give an app that greeted and pushed once."""
    side = await connect()
    assert (await side.hello())["status"] == "ready"
    return side
