"""Setting up, unloading, removing."""

import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.llm_gateway.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir

from .conftest import Connect
from .support import GATEWAY_ID, SLUG, FakeGateway, is_available, manual_entry, set_up, shown, supervised_entry


async def test_an_entry_is_set_up_from_what_the_gateway_answers(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry
) -> None:
    assert supervised.state is ConfigEntryState.LOADED
    assert gateway.asked[:2] == [("/ha/v1/hello", ""), ("/ha/v1/snapshot", "tz=US/Pacific")]
    assert shown(hass, "sensor", "spend_today") == "0.41"
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, GATEWAY_ID), supervised.entry_id)
    assert device is not None
    assert (device.name, device.manufacturer, device.model, device.sw_version) == ("LLM Gateway", "LLM Gateway", "Gateway", "0.1.0")
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.configuration_url == f"homeassistant://app/{SLUG}"


async def test_the_device_of_a_gateway_added_by_hand_links_to_its_own_panel(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry
) -> None:
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, GATEWAY_ID), manual.entry_id)
    assert device is not None
    assert device.configuration_url == f"{gateway.url}/ui"


async def test_a_gateway_that_does_not_answer_is_tried_again(hass: HomeAssistant, gateway: FakeGateway) -> None:
    await gateway.stop()
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "no_contact"


@pytest.mark.parametrize(("status", "body"), [(500, None), (200, "<html>"), (200, "[]"), (200, "{}")])
async def test_an_answer_of_something_else_is_no_answer(hass: HomeAssistant, gateway: FakeGateway, status: int, body: str | None) -> None:
    gateway.status, gateway.body = status, body
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def test_a_snapshot_that_lacks_a_block_is_no_answer(hass: HomeAssistant, gateway: FakeGateway) -> None:
    del gateway.snapshot["keys"]
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def test_a_gateway_that_is_too_slow_is_tried_again(
    hass: HomeAssistant, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio  # noqa: PLC0415

    async def slow(_request: Any) -> Any:
        await asyncio.sleep(5)

    monkeypatch.setattr("custom_components.llm_gateway.client.HTTP_TIMEOUT", 0.05)
    await gateway.stop()
    monkeypatch.setattr(gateway, "_answer", slow)
    await gateway.start()
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.error_reason_translation_placeholders == {"reason": "no answer in 0.05 s"}


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_starts_reauthentication(hass: HomeAssistant, gateway: FakeGateway, status: int) -> None:
    gateway.status = status
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert [flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()] == [SOURCE_REAUTH]


@pytest.mark.parametrize(("schemas", "text"), [((2, 3), "incompatible_schema_integration"), ((0, 0), "incompatible_schema_gateway")])
async def test_without_a_common_schema_a_repair_issue_tells_which_side_to_update(
    hass: HomeAssistant, gateway: FakeGateway, schemas: tuple[int, int], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if schemas == (0, 0):
        monkeypatch.setattr("custom_components.llm_gateway.messages.SCHEMA_MIN", 2)
        monkeypatch.setattr("custom_components.llm_gateway.messages.SCHEMA_MAX", 2)
        monkeypatch.setattr("custom_components.llm_gateway.issues.SCHEMA_MAX", 2)
    else:
        gateway.hello |= {"schema_min": schemas[0], "schema_max": schemas[1]}
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "incompatible"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"incompatible_schema_{entry.entry_id}")
    assert issue is not None
    assert issue.translation_key == text


async def test_an_issue_about_schemas_goes_when_they_meet_again(hass: HomeAssistant, gateway: FakeGateway) -> None:
    gateway.hello |= {"schema_min": 2, "schema_max": 2}
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    gateway.hello |= {"schema_min": 1, "schema_max": 2}
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"incompatible_schema_{entry.entry_id}") is None


async def test_another_gateway_at_the_address_is_an_error(hass: HomeAssistant, gateway: FakeGateway) -> None:
    gateway.hello |= {"gateway_id": "another"}
    entry = manual_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.error_reason_translation_key == "wrong_gateway"


async def test_an_entry_is_unloaded_and_loaded_again(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    assert await hass.config_entries.async_unload(supervised.entry_id)
    assert not is_available(hass)
    assert await hass.config_entries.async_setup(supervised.entry_id)
    await hass.async_block_till_done()
    assert is_available(hass)


async def test_a_removed_entry_leaves_nothing(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    supervised.runtime_data.coordinator.contact.lost_since = None
    await hass.config_entries.async_remove(supervised.entry_id)
    await hass.async_block_till_done()
    assert dr.async_entries_for_config_entry(dr.async_get(hass), supervised.entry_id) == []
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
    assert f"{DOMAIN}.{supervised.entry_id}" not in hass_storage


async def test_a_disabled_entry_is_removed_before_anything_was_set_up(
    hass: HomeAssistant, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    entry = supervised_entry(gateway.url, disabled_by=ConfigEntryDisabler.USER)
    entry.add_to_hass(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert hass.config_entries.async_entries(DOMAIN) == []
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_an_entry_of_a_newer_version_is_not_touched(hass: HomeAssistant, gateway: FakeGateway) -> None:
    entry = MockConfigEntry(domain=DOMAIN, unique_id=GATEWAY_ID, data=dict(supervised_entry(gateway.url).data), version=2)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR


async def test_hello_loads_an_entry_that_waits_for_its_gateway(hass: HomeAssistant, gateway: FakeGateway, connect: Connect) -> None:
    gateway.status = 503
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    gateway.status = 200
    side = await connect()
    assert (await side.hello())["status"] == "ready"
    assert entry.state is ConfigEntryState.LOADED


async def test_hello_of_a_gateway_whose_listener_is_closed_is_not_configured_yet(
    hass: HomeAssistant, gateway: FakeGateway, connect: Connect
) -> None:
    gateway.status = 503
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    side = await connect()
    answer = await side.hello()
    assert (answer["status"], answer["entry_id"]) == ("not_configured", entry.entry_id)


async def test_a_new_version_of_the_gateway_shows_at_its_device(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry, connect: Connect
) -> None:
    side = await connect()
    await side.hello()
    gateway.snapshot["gateway"]["version"] = "0.2.0"
    await side.push(gateway.snapshot)
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, GATEWAY_ID), supervised.entry_id)
    assert device is not None
    assert device.sw_version == "0.2.0"
