"""What happens at the gateway reaches automations, once."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.llm_gateway.const import BUS_EVENT, DOMAIN
from custom_components.llm_gateway.messages import EventType
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from .conftest import Connect
from .support import GATEWAY_ID, Clock, FakeGateway, GatewaySide, entity_id, example, manual_entry, set_up

NOW = "2026-11-22T10:00:30+00:00"


@pytest.fixture(autouse=True)
def _at_the_time_of_the_examples(clock: Clock) -> None:
    clock.move_to(NOW)


def _device_id(hass: HomeAssistant, entry: MockConfigEntry, *subject: str) -> str:
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, "_".join((GATEWAY_ID, *subject))), entry.entry_id)
    assert device is not None
    return device.id


@pytest.mark.parametrize("event_type", list(EventType))
async def test_each_type_fires_the_event_entity_and_the_bus(hass: HomeAssistant, app: GatewaySide, event_type: EventType) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    event = example(f"event-{event_type}")["event"]
    assert await app.event(event) == {"accepted": True}
    await hass.async_block_till_done()
    state = hass.states.get(entity_id(hass, "event", "activity"))
    assert state is not None
    assert state.attributes["event_type"] == event_type
    subject = event["subject"]
    expected = {**event["data"], "subject_kind": subject["kind"], "subject_id": subject["id"], "subject_name": subject["name"]}
    assert {name: state.attributes[name] for name in expected} == expected
    (bus,) = fired
    assert (bus.data["type"], bus.data["subject"], bus.data["data"]) == (event_type, subject, event["data"])
    assert bus.data["gateway_id"] == GATEWAY_ID
    assert "replayed" not in bus.data


async def test_the_bus_event_names_the_device_it_is_about(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    for name in ("key_blocked", "provider_down", "fallback_used"):
        await app.event(example(f"event-{name}")["event"])
    assert [event.data["device_id"] for event in fired] == [
        _device_id(hass, supervised, "key", "k_9f2c"),
        _device_id(hass, supervised, "provider", "p_anthropic"),
        _device_id(hass, supervised),
    ]


async def test_an_event_that_comes_again_is_dropped(hass: HomeAssistant, app: GatewaySide) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    event = example("event-key_blocked")["event"]
    assert await app.event(event) == await app.event(event) == {"accepted": True}
    assert len(fired) == 1


async def test_the_last_500_ids_are_remembered(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    first = example("event-key_blocked")["event"]
    for _ in range(500):
        await app.event({**first, "id": str(uuid4())})
    await app.event(fired_first := {**first, "id": str(uuid4())})
    for _ in range(499):
        await app.event({**first, "id": str(uuid4())})
    await app.event(fired_first)
    assert len(fired) == 1000
    await app.event({**first, "id": str(uuid4())})
    await app.event(fired_first)
    assert len(fired) == 1002


async def test_an_event_older_than_5_minutes_fires_on_the_bus_alone_and_is_marked(
    hass: HomeAssistant, app: GatewaySide, clock: Clock
) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    event = example("event-key_blocked")["event"]
    await app.event({**event, "at": "2026-11-22T09:55:29Z"})
    await hass.async_block_till_done()
    assert [(bus.data["at"], bus.data["replayed"]) for bus in fired] == [("2026-11-22T09:55:29+00:00", True)]
    state = hass.states.get(entity_id(hass, "event", "activity"))
    assert state is not None
    assert state.state == "unknown"


async def test_an_automation_reacts(hass: HomeAssistant, app: GatewaySide) -> None:
    heard = async_capture_events(hass, "heard")
    automation = {
        "triggers": {"trigger": "state", "entity_id": entity_id(hass, "event", "activity")},
        "conditions": "{{ trigger.to_state.attributes.event_type == 'budget_exceeded' }}",
        "actions": {"event": "heard", "event_data_template": {"who": "{{ trigger.to_state.attributes.subject_name }}"}},
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await app.event(example("event-budget_exceeded")["event"])
    await hass.async_block_till_done()
    assert [event.data["who"] for event in heard] == ["Node-RED"]


def _listed(*names: str, **changes: Any) -> list[dict[str, Any]]:
    return [{**example(f"event-{name}")["event"], **changes} for name in names]


async def test_a_gateway_that_is_asked_is_asked_for_events_after_the_last(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry, clock: Clock
) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    gateway.events = _listed("budget_warning")
    await clock.jump(31)
    gateway.events += _listed("budget_exceeded")
    await clock.jump(31)
    await clock.jump(31)
    assert [event.data["type"] for event in fired] == ["budget_warning", "budget_exceeded"]
    assert gateway.asked[-1] == ("/ha/v1/events", f"after={gateway.events[-1]['id']}")


async def test_what_happened_before_the_entry_was_made_is_not_news(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry, clock: Clock
) -> None:
    fired = async_capture_events(hass, BUS_EVENT)
    gateway.events = _listed("budget_warning", at="2026-11-22T08:00:00Z") + _listed("budget_exceeded")
    await clock.jump(31)
    assert [event.data["type"] for event in fired] == ["budget_exceeded"]


async def test_what_happened_while_core_was_away_is_replayed(
    hass: HomeAssistant, gateway: FakeGateway, clock: Clock, hass_storage: dict[str, Any]
) -> None:
    known, missed = _listed("budget_warning", "budget_exceeded", at="2026-11-22T08:00:00Z")
    gateway.events = [known, missed]
    entry = manual_entry(gateway.url)
    hass_storage[f"{DOMAIN}.{entry.entry_id}"] = {"version": 1, "data": {"after": known["id"]}}
    fired = async_capture_events(hass, BUS_EVENT)
    assert await set_up(hass, entry)
    await clock.jump(31)
    assert [(event.data["type"], event.data["replayed"]) for event in fired] == [("budget_exceeded", True)]
    await clock.jump(10)
    assert hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"] == {"after": missed["id"]}


async def test_the_logbook_has_a_line_with_the_name_of_the_device(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    from custom_components.llm_gateway.logbook import async_describe_events  # noqa: PLC0415

    described: list[Any] = []
    async_describe_events(hass, lambda domain, event_type, describe: described.append((domain, event_type, describe)))
    ((domain, event_type, describe),) = described
    assert (domain, event_type) == (DOMAIN, BUS_EVENT)
    fired = async_capture_events(hass, BUS_EVENT)
    for name in EventType:
        await app.event(example(f"event-{name}")["event"])
    await app.event({**example("event-provider_down")["event"], "id": str(uuid4()), "data": {}})
    lines = [describe(event) for event in fired]
    assert {"name": "Node-RED", "message": "has spent its budget: 5.01 of 5 USD"} in lines
    assert {"name": "LLM Gateway", "message": "started"} in lines
    assert {"name": "LLM Gateway", "message": "Household: begins a new budget of 20 USD"} in lines
    assert lines[-1] == {"name": "Anthropic", "message": "is down: ?"}
    dr.async_get(hass).async_update_device(_device_id(hass, supervised, "key", "k_9f2c"), name_by_user="Flows")
    assert describe(fired[1]) == {"name": "Flows", "message": "Node-RED: has spent its budget: 5.01 of 5 USD"}

    assert describe(Event(BUS_EVENT, {**fired[1].data, "device_id": None}))["name"] == "Node-RED"


async def test_the_event_entity_hears_nothing_after_it_is_gone(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry, connect: Connect
) -> None:
    desk = supervised.runtime_data.coordinator.events
    assert len(desk._listeners) == 1
    await hass.config_entries.async_unload(supervised.entry_id)
    assert desk._listeners == []
