"""Devices and entities: what there is, and how it comes and goes."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.llm_gateway import async_remove_config_entry_device
from custom_components.llm_gateway.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .support import GATEWAY_ID, FakeGateway, GatewaySide, entity_id, manual_entry, set_up, shown, snapshot_data


def _all(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Describe all entities of an entry by what matters to their users."""
    devices = dr.async_get(hass)
    described: dict[str, Any] = {}
    for row in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        state = hass.states.get(row.entity_id)
        assert row.device_id is not None
        device = devices.async_get(row.device_id)
        assert device is not None
        described[row.entity_id] = {
            "unique_id": row.unique_id.removeprefix(f"{GATEWAY_ID}_"),
            "device": device.name,
            "category": row.entity_category,
            "state": None if state is None else state.state,
            "attributes": {} if state is None else dict(state.attributes),
        }
    return dict(sorted(described.items()))


@pytest.mark.usefixtures("all_enabled")
async def test_all_entities_are_as_they_were(hass: HomeAssistant, gateway: FakeGateway, snapshot: SnapshotAssertion) -> None:
    entry = manual_entry(gateway.url, options={"models": True})
    assert await set_up(hass, entry)
    assert _all(hass, entry) == snapshot


async def test_only_what_most_people_want_is_enabled(hass: HomeAssistant, supervised: MockConfigEntry, snapshot: SnapshotAssertion) -> None:
    rows = er.async_entries_for_config_entry(er.async_get(hass), supervised.entry_id)
    assert sorted(row.entity_id for row in rows if row.disabled_by is None) == snapshot


async def test_each_provider_key_and_person_is_a_device_behind_the_gateway(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    registry = dr.async_get(hass)
    gateway_device = registry.async_get_device_by_identifier((DOMAIN, GATEWAY_ID), supervised.entry_id)
    assert gateway_device is not None
    others = [device for device in dr.async_entries_for_config_entry(registry, supervised.entry_id) if device.id != gateway_device.id]
    assert {(device.name, device.model, device.entry_type) for device in others} == {
        ("OpenAI", "openai", dr.DeviceEntryType.SERVICE),
        ("Anthropic", "anthropic", dr.DeviceEntryType.SERVICE),
        ("Node-RED", "API key", dr.DeviceEntryType.SERVICE),
        ("home-assistant", "API key", dr.DeviceEntryType.SERVICE),
        ("Paula", "Person", dr.DeviceEntryType.SERVICE),
    }
    assert {device.via_device_id for device in others} == {gateway_device.id}


async def test_sums_over_a_window_tell_when_it_began(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    begins = {
        key: hass.states.get(entity_id(hass, "sensor", key)).attributes.get("last_reset")  # type: ignore[union-attr]
        for key in ("spend_total", "spend_today", "spend_month", "requests_today")
    }
    assert begins == {
        "spend_total": None,
        "spend_today": "2026-11-21T23:00:00+00:00",
        "spend_month": "2026-10-31T23:00:00+00:00",
        "requests_today": "2026-11-21T23:00:00+00:00",
    }


async def test_budgets_are_entities_of_whom_they_are_for(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    assert entity_id(hass, "sensor", "budget_used", "budget", "b_1") == "sensor.llm_gateway_household_budget_used"
    assert entity_id(hass, "sensor", "budget_used", "budget", "b_k_9f2c") == "sensor.node_red_budget_used"
    assert entity_id(hass, "sensor", "budget_used", "budget", "b_p_anthropic") == "sensor.anthropic_budget_used"
    assert shown(hass, "sensor", "budget_used", "budget", "b_p_anthropic") == "105"
    assert shown(hass, "binary_sensor", "budget_exceeded", "budget", "b_p_anthropic") == "on"
    assert shown(hass, "binary_sensor", "budget_exceeded", "budget", "b_1") == "off"


async def test_what_is_wrong_is_told_in_short_texts(hass: HomeAssistant, app: GatewaySide) -> None:
    assert shown(hass, "binary_sensor", "problem") == "off"
    data = snapshot_data()
    data["gateway"] |= {"state": "no_database", "database": "away"}
    data["providers"][0] |= {"state": "down", "reason": "401 invalid key"}
    await app.push(data)
    state = hass.states.get(entity_id(hass, "binary_sensor", "problem"))
    assert state is not None
    assert (state.state, state.attributes["reasons"]) == ("on", ["no_database (database: away)", "OpenAI: 401 invalid key"])
    assert shown(hass, "binary_sensor", "problem", "provider", "p_openai") == "on"


async def test_new_items_come_without_a_reload(hass: HomeAssistant, app: GatewaySide) -> None:
    data = snapshot_data()
    data["keys"].append({**data["keys"][0], "id": "k_new", "name": "Lamp"})
    data["providers"].append({**data["providers"][0], "id": "p_new", "name": "Mistral"})
    data["people"].append({**data["people"][0], "id": "u_new", "name": "Jonas"})
    data["budgets"].append(
        {**data["budgets"][0], "id": "b_new", "name": "Holidays", "limit": None, "remaining": None, "used_percent": None}
    )
    await app.push(data)
    await hass.async_block_till_done()
    assert shown(hass, "sensor", "status", "key", "k_new") == "active"
    assert shown(hass, "sensor", "spend_month", "provider", "p_new") == "5.1"
    assert shown(hass, "sensor", "spend_month", "person", "u_new") == "0.9"
    assert shown(hass, "binary_sensor", "budget_exceeded", "budget", "b_new") == "off"
    entities = er.async_get(hass)
    assert entities.async_get_entity_id("sensor", DOMAIN, f"{GATEWAY_ID}_budget_b_new_budget_used") is None
    data["budgets"][-1] |= {"limit": 10, "remaining": 9, "used_percent": 10}
    await app.push(data)
    await hass.async_block_till_done()
    assert shown(hass, "sensor", "budget_used", "budget", "b_new") == "10"


def _device(hass: HomeAssistant, entry: MockConfigEntry, *subject: str) -> dr.DeviceEntry | None:
    return dr.async_get(hass).async_get_device_by_identifier((DOMAIN, "_".join((GATEWAY_ID, *subject))), entry.entry_id)


async def test_an_item_that_two_full_snapshots_lack_is_removed(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    data = snapshot_data()
    data["keys"] = data["keys"][1:]
    data["people"] = []
    data["budgets"] = data["budgets"][1:]
    await app.push(data)
    assert _device(hass, supervised, "key", "k_9f2c") is not None
    assert shown(hass, "sensor", "status", "key", "k_9f2c") == "unavailable"
    await app.push({"at": data["at"], "keys": data["keys"]}, "delta")
    assert _device(hass, supervised, "key", "k_9f2c") is not None
    await app.push(data)
    await hass.async_block_till_done()
    assert _device(hass, supervised, "key", "k_9f2c") is None
    assert _device(hass, supervised, "person", "u_4f1c9f0b") is None
    unique_ids = {row.unique_id for row in er.async_entries_for_config_entry(er.async_get(hass), supervised.entry_id)}
    assert not [unique_id for unique_id in unique_ids if "_key_k_9f2c_" in unique_id or "_budget_b_1_" in unique_id]
    # What comes back later is new.
    await app.push(snapshot_data())
    await hass.async_block_till_done()
    assert shown(hass, "sensor", "status", "key", "k_9f2c") == "active"
    assert shown(hass, "sensor", "budget_used", "budget", "b_1") == "36"


async def test_an_item_that_one_snapshot_lacked_stays(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    without = snapshot_data()
    without["providers"] = without["providers"][:1]
    for data in (without, snapshot_data(), without):
        await app.push(data)
    assert _device(hass, supervised, "provider", "p_anthropic") is not None


async def test_a_cut_snapshot_removes_nothing(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    data = {**snapshot_data(), "keys": [], "truncated": True}
    for _ in range(3):
        await app.push(data)
    assert _device(hass, supervised, "key", "k_9f2c") is not None


async def test_what_was_there_before_a_restart_is_removed_when_it_is_gone(hass: HomeAssistant, gateway: FakeGateway, connect: Any) -> None:
    entry = manual_entry(gateway.url, options={"models": True})
    assert await set_up(hass, entry)
    assert entity_id(hass, "sensor", "model_spend_month", "model", "assist")
    hass.config_entries.async_update_entry(entry, options={"models": False, "keys": "none", "budgets": False})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert _device(hass, entry, "key", "k_9f2c") is not None
    side = await connect()
    await side.hello()
    await side.push(snapshot_data())
    await hass.async_block_till_done()
    unique_ids = [row.unique_id for row in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)]
    assert not [unique_id for unique_id in unique_ids if "_key_" in unique_id or "_budget_" in unique_id or "_model_" in unique_id]
    assert _device(hass, entry, "key", "k_9f2c") is None
    assert _device(hass, entry, "provider", "p_openai") is not None


async def test_a_limit_that_is_lifted_takes_its_sensors_away(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    data = snapshot_data()
    data["budgets"][0] |= {"limit": None, "remaining": None, "used_percent": None}
    await app.push(data)
    await app.push(data)
    await hass.async_block_till_done()
    entities = er.async_get(hass)
    assert entities.async_get_entity_id("sensor", DOMAIN, f"{GATEWAY_ID}_budget_b_1_budget_used") is None
    assert entities.async_get_entity_id("binary_sensor", DOMAIN, f"{GATEWAY_ID}_budget_b_1_budget_exceeded") is not None


async def test_a_new_name_shows_at_the_device_and_a_persons_own_stays(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    own = _device(hass, supervised, "key", "k_1b7a")
    assert own is not None
    dr.async_get(hass).async_update_device(own.id, name_by_user="Assist")
    data = snapshot_data()
    data["keys"][0]["name"] = "Node-RED new"
    data["keys"][1]["name"] = "home-assistant new"
    await app.push(data)
    renamed, kept = _device(hass, supervised, "key", "k_9f2c"), _device(hass, supervised, "key", "k_1b7a")
    assert renamed is not None
    assert kept is not None
    assert (renamed.name, renamed.name_by_user) == ("Node-RED new", None)
    assert (kept.name, kept.name_by_user) == ("home-assistant new", "Assist")


async def test_only_devices_that_the_gateway_no_longer_has_can_be_removed_by_hand(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    key = _device(hass, supervised, "key", "k_9f2c")
    own = _device(hass, supervised)
    assert key is not None
    assert own is not None
    assert not await async_remove_config_entry_device(hass, supervised, own)
    assert not await async_remove_config_entry_device(hass, supervised, key)
    data = snapshot_data()
    data["keys"] = data["keys"][1:]
    await app.push(data)
    assert await async_remove_config_entry_device(hass, supervised, key)
    dr.async_get(hass).async_remove_device(key.id)
    await hass.async_block_till_done()
    await app.push(snapshot_data())
    await hass.async_block_till_done()
    assert shown(hass, "sensor", "status", "key", "k_9f2c") == "active"


@pytest.mark.usefixtures("all_enabled")
async def test_an_entity_of_an_item_that_is_gone_is_unavailable(hass: HomeAssistant, app: GatewaySide) -> None:
    data = {**snapshot_data(), "keys": [], "providers": [], "budgets": []}
    await app.push(data)
    for platform, key, *subject in (
        ("switch", "enabled", "key", "k_9f2c"),
        ("number", "budget_limit", "budget", "b_1"),
        ("binary_sensor", "problem", "provider", "p_openai"),
        ("sensor", "status", "provider", "p_openai"),
    ):
        assert shown(hass, platform, key, *subject) == "unavailable"
