"""What goes into a bug report, and into the system information."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, get_system_health_info

from custom_components.llm_gateway.const import DOMAIN
from custom_components.llm_gateway.diagnostics import async_get_config_entry_diagnostics, async_get_device_diagnostics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from .support import GATEWAY_ID, TOKEN, FakeGateway, GatewaySide, example, manual_entry, set_up, snapshot_data


def _text(dump: Any) -> str:
    return json.dumps(dump, default=str)


async def test_the_dump_of_an_entry_tells_how_it_is_connected(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    await app.push(snapshot_data())
    await app.push(example("push-delta_heartbeat")["data"], "delta", seq=9)
    await app.event(example("event-budget_exceeded")["event"])
    dump = await async_get_config_entry_diagnostics(hass, supervised)
    assert dump["versions"] == {"integration": "0.1.0", "gateway": "0.1.0", "schema": 1}
    connection = dump["connection"]
    assert connection.pop("last_push_at") is not None
    assert connection == {
        "mode": "push",
        "fresh": True,
        "greeted": True,
        "listens_for_actions": False,
        "pushes": 1,
        "losses": 1,
        "reconnects": 1,
    }
    assert [event["type"] for event in dump["last_events"]] == ["budget_exceeded"]
    assert [key["id"] for key in dump["snapshot"]["keys"]] == ["k_9f2c", "k_1b7a"]
    assert dump["snapshot"]["providers"][0]["name"] == "OpenAI"


@pytest.mark.parametrize("secret", [TOKEN, "someone", "Node-RED", "Paula", "ha:4f1c9f0b2d6e4f37a8d05c3b1e2a7f60"])
async def test_no_secret_and_no_name_of_a_key_or_person_is_in_a_dump(hass: HomeAssistant, gateway: FakeGateway, secret: str) -> None:
    entry = manual_entry(gateway.url)
    assert await set_up(hass, entry)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "url": gateway.url.replace("http://", "http://someone@")})
    assert secret in _text({**entry.data, "snapshot": gateway.snapshot})
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    dumps = [await async_get_config_entry_diagnostics(hass, entry)]
    dumps += [await async_get_device_diagnostics(hass, entry, device) for device in devices]
    assert len(dumps) == 7
    assert secret not in _text(dumps)


async def test_the_dump_of_a_device_is_what_it_stands_for(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    devices = dr.async_get(hass)

    async def dump(*subject: str) -> dict[str, Any]:
        device = devices.async_get_device_by_identifier((DOMAIN, "_".join((GATEWAY_ID, *subject))), supervised.entry_id)
        assert device is not None
        return await async_get_device_diagnostics(hass, supervised, device)

    assert set(await dump()) == {"gateway", "totals"}
    assert (await dump("provider", "p_openai"))["provider"]["name"] == "OpenAI"
    key = (await dump("key", "k_9f2c"))["key"]
    assert (key["id"], key["name"], key["owner"], key["spend"]) == ("k_9f2c", "k_9f2c", "**REDACTED**", 3.1)


async def _health(hass: HomeAssistant) -> dict[str, Any]:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return {name: await value if hasattr(value, "__await__") else value for name, value in info.items()}


async def test_the_system_information_tells_the_connection(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    assert await _health(hass) == {
        "bridge_version": "0.1.0",
        "connected": True,
        "mode": "push",
        "last_push": "never",
        "app_version": "0.1.0",
        "schema": 1,
        "can_reach_gateway": "ok",
    }
    await app.push(snapshot_data())
    assert (await _health(hass))["last_push"] == "0 s"


async def test_the_system_information_names_each_of_several_gateways(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry
) -> None:
    gateway.hello |= {"gateway_id": "other"}
    data = {**supervised.data, "gateway_id": "other"}
    assert await set_up(hass, MockConfigEntry(domain=DOMAIN, title="Other", unique_id="other", data=data))
    health = await _health(hass)
    assert {"LLM Gateway: mode", "Other: mode"} <= set(health)
