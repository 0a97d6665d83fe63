"""How long data are shown, and what is done when no push comes."""

import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant

from .conftest import Connect
from .support import Clock, FakeGateway, GatewaySide, example, is_available, manual_entry, set_up, shown, snapshot_data

SNAPSHOT = "/ha/v1/snapshot"


def _connected(hass: HomeAssistant) -> str:
    return shown(hass, "binary_sensor", "connected")


async def test_without_a_push_for_90_seconds_entities_are_unavailable(
    hass: HomeAssistant, app: GatewaySide, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await app.push(snapshot_data())
    await clock.jump(80)
    assert (is_available(hass), _connected(hass)) == (True, "on")
    await clock.jump(15)
    assert (is_available(hass), _connected(hass)) == (False, "off")
    await app.heartbeat()
    assert (is_available(hass), _connected(hass)) == (True, "on")
    lines = [(record.levelno, record.message) for record in caplog.records if record.name.endswith("llm_gateway.coordinator")]
    assert [line for line in lines if line[0] >= logging.INFO] == [
        (logging.INFO, "LLM Gateway has gone quiet; its entities are unavailable"),
        (logging.INFO, "LLM Gateway is back"),
    ]


async def test_a_heartbeat_keeps_entities_available(hass: HomeAssistant, app: GatewaySide, clock: Clock) -> None:
    await app.push(snapshot_data())
    for _ in range(8):
        await clock.jump(60)
        assert is_available(hass)
        assert (await app.heartbeat())["accepted"]


async def test_an_app_that_never_pushes_is_waited_for_as_long(hass: HomeAssistant, supervised: MockConfigEntry, clock: Clock) -> None:
    await clock.jump(80)
    assert is_available(hass)
    await clock.jump(15)
    assert not is_available(hass)


async def test_a_gateway_that_says_it_stops_is_unavailable_at_once(hass: HomeAssistant, app: GatewaySide) -> None:
    await app.push(snapshot_data())
    await app.bye("stopping")
    assert (is_available(hass), _connected(hass)) == (False, "off")


@pytest.mark.parametrize("reason", ["restarting", "updating"])
async def test_a_gateway_that_will_be_back_has_180_seconds(hass: HomeAssistant, app: GatewaySide, clock: Clock, reason: str) -> None:
    await app.push(snapshot_data())
    await clock.jump(60)
    await app.bye(reason)
    await clock.jump(170)
    assert is_available(hass)
    await clock.jump(15)
    assert not is_available(hass)


async def test_after_goodbye_a_new_hello_brings_the_data_back(hass: HomeAssistant, app: GatewaySide, connect: Connect) -> None:
    await app.bye("stopping")
    assert (await app.error(example("push-full")))["code"] == "not_configured"
    again = await connect()
    await again.hello()
    await again.push(snapshot_data())
    assert is_available(hass)


async def test_an_app_that_is_silent_for_5_minutes_is_asked(
    hass: HomeAssistant, gateway: FakeGateway, app: GatewaySide, clock: Clock
) -> None:
    await app.push(snapshot_data())
    asked = gateway.count(SNAPSHOT)
    gateway.snapshot["totals"]["spend_day"] = 0.9
    await clock.jump(290)
    assert gateway.count(SNAPSHOT) == asked
    await clock.jump(15)
    assert gateway.count(SNAPSHOT) == asked + 1
    assert shown(hass, "sensor", "spend_today") == "0.9"
    await clock.jump(31)
    assert gateway.count(SNAPSHOT) == asked + 2


async def test_a_push_ends_the_asking(hass: HomeAssistant, gateway: FakeGateway, app: GatewaySide, clock: Clock) -> None:
    await clock.jump(310)
    assert (await app.push(snapshot_data()))["accepted"]
    asked = gateway.count(SNAPSHOT)
    await clock.jump(60)
    await app.heartbeat()
    await clock.jump(60)
    assert gateway.count(SNAPSHOT) == asked
    assert is_available(hass)


async def test_a_gateway_added_by_hand_is_asked_every_30_seconds(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry, clock: Clock
) -> None:
    asked = gateway.count(SNAPSHOT)
    gateway.snapshot["totals"]["spend_day"] = 0.9
    await clock.jump(31)
    assert gateway.count(SNAPSHOT) == asked + 1
    assert shown(hass, "sensor", "spend_today") == "0.9"


@pytest.mark.parametrize(("interval", "seconds"), [(10, 31), (120, 121)])
async def test_it_is_asked_as_often_as_chosen_but_not_more_than_every_30_seconds(
    hass: HomeAssistant, gateway: FakeGateway, clock: Clock, interval: int, seconds: int
) -> None:
    assert await set_up(hass, manual_entry(gateway.url, options={"interval_s": interval}))
    asked = gateway.count(SNAPSHOT)
    await clock.jump(seconds - 5)
    assert gateway.count(SNAPSHOT) == asked
    await clock.jump(6)
    assert gateway.count(SNAPSHOT) == asked + 1


async def test_a_gateway_added_by_hand_that_pushes_is_not_asked_until_it_stops(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry, connect: Connect, clock: Clock
) -> None:
    side = await connect()
    await side.hello()
    await side.push(snapshot_data())
    asked = gateway.count(SNAPSHOT)
    await clock.jump(60)
    assert gateway.count(SNAPSHOT) == asked
    await clock.jump(31)
    assert gateway.count(SNAPSHOT) == asked + 1
    assert is_available(hass)


async def test_failures_of_asking_are_logged_once_and_so_is_the_return(
    hass: HomeAssistant,
    gateway: FakeGateway,
    manual: MockConfigEntry,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    gateway.status = 503
    for _ in range(3):
        await clock.jump(31)
    assert not is_available(hass)
    assert [
        record.message.count("HTTP 503") for record in caplog.records if record.levelno >= logging.WARNING and "503" in record.message
    ] == [1]
    gateway.status = 200
    await clock.jump(31)
    assert is_available(hass)
    assert caplog.text.count("recovered") == 1


async def test_a_key_that_is_refused_while_asking_starts_reauthentication(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry, clock: Clock
) -> None:
    gateway.token = "sk-rotated"
    await clock.jump(31)
    assert not is_available(hass)
    assert [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()] == [SOURCE_REAUTH]


async def test_unchanged_data_wake_no_entity(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    await app.push(snapshot_data())
    woken: list[str] = []
    supervised.runtime_data.coordinator.async_add_listener(lambda: woken.append("once"))
    data = snapshot_data()
    data["at"] = "2026-11-22T10:00:30Z"
    data["gateway"]["uptime_s"] += 30
    await app.push(data)
    await app.heartbeat()
    assert woken == []
    data["totals"]["requests"] += 1
    await app.push(data)
    assert woken == ["once"]
