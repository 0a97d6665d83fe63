"""What the gateway sends through Core's WebSocket."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.llm_gateway.const import DOMAIN
from custom_components.llm_gateway.websocket import _version_on_disk
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from .conftest import Connect
from .support import GATEWAY_ID, FakeGateway, GatewaySide, example, is_available, set_up, shown, snapshot_data, supervised_entry

VERSION = "0.1.0"


async def test_hello_tells_what_the_entry_wants_and_where_core_is(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    await hass.config.async_update(time_zone="Europe/Berlin", currency="EUR", language="de")
    assert await app.hello() == {
        "schema": 1,
        "bridge_version": VERSION,
        "disk_version": VERSION,
        "status": "ready",
        "entry_id": supervised.entry_id,
        "want": {"interval_s": 30, "keys": "all", "providers": True, "models": False, "budgets": True},
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "language": "de",
    }
    await hass.config.async_set_time_zone("UTC")


async def test_hello_of_a_newer_gateway_agrees_on_the_highest_common_schema(app: GatewaySide) -> None:
    assert (await app.hello(schema_max=9))["schema"] == 1


async def test_before_there_is_an_entry_hello_is_answered_not_configured(hass: HomeAssistant, connect: Connect) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    answer = await (await connect()).hello()
    assert (answer["status"], answer["entry_id"], answer["want"]) == ("not_configured", None, None)


async def test_a_disabled_entry_is_told(hass: HomeAssistant, gateway: FakeGateway, connect: Connect) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    entry = supervised_entry(gateway.url, disabled_by=ConfigEntryDisabler.USER)
    entry.add_to_hass(hass)
    answer = await (await connect()).hello()
    assert (answer["status"], answer["entry_id"]) == ("disabled", entry.entry_id)


async def test_without_a_common_schema_hello_raises_a_repair_issue(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    answer = await app.hello(schema_min=2, schema_max=3)
    assert (answer["schema"], answer["status"]) == (None, "incompatible")
    issue_id = f"incompatible_schema_{supervised.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    await app.hello()
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_after_the_last_entry_is_unloaded_the_commands_answer_not_configured(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    await hass.config_entries.async_unload(supervised.entry_id)
    assert (await app.error(example("push-full")))["code"] == "not_configured"
    assert (await app.hello())["status"] == "not_configured"


async def test_after_a_reload_another_hello_is_asked_for(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide) -> None:
    await hass.config_entries.async_reload(supervised.entry_id)
    for message in ("push-full", "event-key_blocked", "subscribe", "reply-block_key", "bye-stopping"):
        assert (await app.error(example(message)))["code"] == "not_configured"
    assert (await app.hello())["status"] == "ready"
    assert (await app.push(snapshot_data()))["accepted"]


async def test_commands_for_a_gateway_without_an_entry_are_answered_not_found(app: GatewaySide) -> None:
    for message in ("push-full", "event-key_blocked", "subscribe", "reply-block_key", "bye-stopping"):
        assert (await app.error({**example(message), "gateway_id": "another"}))["code"] == "not_found"


async def test_a_push_changes_the_entities(hass: HomeAssistant, app: GatewaySide) -> None:
    data = snapshot_data()
    data["totals"]["spend_day"] = 0.57
    assert await app.push(data) == {"accepted": True, "seq": 1, "need_full": False}
    assert shown(hass, "sensor", "spend_today") == "0.57"


async def test_a_delta_changes_only_its_blocks(hass: HomeAssistant, app: GatewaySide) -> None:
    await app.push(snapshot_data())
    assert (await app.push(example("push-delta_of_two_blocks")["data"], "delta"))["accepted"]
    assert shown(hass, "sensor", "spend_today") == "0.42"
    assert shown(hass, "sensor", "status", "key", "k_9f2c") == "active"
    # A list comes whole: the provider that it lacks is gone for now.
    assert shown(hass, "sensor", "status", "provider", "p_anthropic") == "unavailable"


async def test_a_missing_number_is_answered_with_the_wish_for_everything(hass: HomeAssistant, app: GatewaySide) -> None:
    await app.push(snapshot_data())
    delta = example("push-delta_of_two_blocks")["data"]
    assert await app.push(delta, "delta", seq=3) == {"accepted": False, "seq": 3, "need_full": True}
    assert shown(hass, "sensor", "spend_today") == "0.41"
    # Until it comes, nothing else does.
    assert (await app.push(delta, "delta", seq=4))["need_full"]
    assert await app.push(snapshot_data(), seq=5) == {"accepted": True, "seq": 5, "need_full": False}
    assert (await app.push(delta, "delta"))["accepted"]


async def test_a_connection_begins_with_everything(app: GatewaySide) -> None:
    assert (await app.heartbeat())["need_full"]


async def test_a_new_connection_begins_to_count_anew(app: GatewaySide, connect: Connect) -> None:
    await app.push(snapshot_data())
    await app.heartbeat()
    again = await connect()
    await again.hello()
    assert (await again.heartbeat())["need_full"]
    assert (await again.push(snapshot_data()))["accepted"]


@pytest.fixture
async def administrator(hass: HomeAssistant) -> User:
    """Give a person who administers Core."""
    return await hass.auth.async_create_user("Supervisor", group_ids=[GROUP_ID_ADMIN])


async def test_nobody_but_supervisor_speaks_for_an_app(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide, connect: Connect, administrator: User
) -> None:
    person = await connect(administrator)
    for message in ("hello-supervised", "push-full", "event-key_blocked", "subscribe", "reply-block_key", "bye-stopping"):
        assert (await person.error(example(message)))["code"] == "unauthorized"
    assert is_available(hass)


async def test_an_administrator_speaks_for_a_gateway_added_by_hand(
    hass: HomeAssistant, manual: MockConfigEntry, connect: Connect, administrator: User
) -> None:
    person = await connect(administrator)
    assert (await person.hello())["status"] == "ready"
    assert (await person.push(snapshot_data()))["accepted"]


async def test_other_users_may_send_nothing(hass: HomeAssistant, manual: MockConfigEntry, connect: Connect) -> None:
    person = await connect(await hass.auth.async_create_user("Guest", group_ids=[GROUP_ID_USER]))
    for message in ("hello-manual", "push-full", "event-key_blocked", "subscribe", "reply-block_key", "bye-stopping"):
        assert (await person.error(example(message)))["code"] == "unauthorized"


async def test_once_core_knows_supervisors_user_a_name_is_not_enough(
    hass: HomeAssistant, supervised: MockConfigEntry, supervisor_user: User, connect: Connect
) -> None:
    hass.data["hassio_supervisor_user"] = supervisor_user
    twin = await hass.auth.async_create_system_user("Supervisor", group_ids=[GROUP_ID_ADMIN])
    assert (await (await connect(twin)).error(example("hello-supervised")))["code"] == "unauthorized"
    assert (await (await connect(supervisor_user)).hello())["status"] == "ready"


async def test_another_version_on_the_disk_asks_for_a_restart(
    hass: HomeAssistant, app: GatewaySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.llm_gateway.websocket._version_on_disk", lambda _: "0.2.0")
    assert (await app.hello())["disk_version"] == "0.2.0"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "restart_required")
    assert issue is not None
    assert issue.translation_placeholders == {"running": VERSION, "on_disk": "0.2.0"}
    monkeypatch.setattr("custom_components.llm_gateway.websocket._version_on_disk", lambda _: None)
    assert (await app.hello())["disk_version"] is None
    assert ir.async_get(hass).async_get_issue(DOMAIN, "restart_required") is None


def test_a_manifest_that_cannot_be_read_has_no_version(tmp_path: Any) -> None:
    assert _version_on_disk(tmp_path) is None
    for text in ("", "[]", "{}"):
        (tmp_path / "manifest.json").write_text(text)
        assert _version_on_disk(tmp_path) is None


async def test_hello_waits_for_an_entry_that_is_being_set_up(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry, connect: Connect
) -> None:
    side = await connect()
    reload = hass.async_create_task(hass.config_entries.async_reload(supervised.entry_id))
    assert (await side.hello())["status"] == "ready"
    assert await reload
    assert supervised.state is ConfigEntryState.LOADED
    assert (await side.push(snapshot_data()))["accepted"]


async def test_a_gateway_that_starts_after_core_is_connected_by_its_hello(
    hass: HomeAssistant, gateway: FakeGateway, connect: Connect
) -> None:
    await gateway.stop()
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    await gateway.start()
    side = await connect()
    assert (await side.hello())["status"] == "ready"
    assert (await side.push(snapshot_data()))["accepted"]
    assert (await side.hello(gateway_id=GATEWAY_ID))["entry_id"] == entry.entry_id
