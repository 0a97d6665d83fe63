"""Actions, switches and numbers: what they ask of the gateway, and what they tell when it does not work."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.llm_gateway.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from .support import GATEWAY_ID, FakeGateway, GatewaySide, entity_id, example, set_up, shown, snapshot_data, supervised_entry


def _result(name: str) -> dict[str, Any]:
    result: dict[str, Any] = example(f"reply-{name}")["result"]
    return result


@pytest.fixture
def answering(gateway: FakeGateway) -> FakeGateway:
    """Give a gateway that carries out all actions over HTTP."""
    actions = ("get_usage", "set_budget", "reset_budget", "block_key", "unblock_key", "refresh_models", "test_provider")
    gateway.answers = {name: {"ok": True, "result": _result(name)} for name in actions}
    return gateway


def _device_id(hass: HomeAssistant, entry: ConfigEntry[Any], *subject: str) -> str:
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, "_".join((GATEWAY_ID, *subject))), entry.entry_id)
    assert device is not None
    return device.id


async def _call(hass: HomeAssistant, service: str, **data: Any) -> Any:
    return await hass.services.async_call(DOMAIN, service, data, blocking=True)


async def _answer(hass: HomeAssistant, service: str, **data: Any) -> Any:
    return await hass.services.async_call(DOMAIN, service, data, blocking=True, return_response=True)


async def _refusal(hass: HomeAssistant, service: str, error: type[HomeAssistantError] = ServiceValidationError, **data: Any) -> str:
    with pytest.raises(error) as raised:
        await (_answer if service == "get_usage" else _call)(hass, service, **data)
    assert raised.value.translation_domain == DOMAIN
    assert raised.value.translation_key is not None
    return raised.value.translation_key


async def test_usage_is_returned(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    usage = await _answer(hass, "get_usage", config_entry_id=supervised.entry_id, group_by="key")
    assert usage == _result("get_usage")
    assert answering.acted == [("get_usage", {"period": "month", "group_by": "key"})]


async def test_a_period_of_ones_own_is_sent_in_utc(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    await _answer(
        hass,
        "get_usage",
        config_entry_id=supervised.entry_id,
        period="custom",
        start="2026-11-01 00:00:00",
        end="2026-11-02 12:00:00",
    )
    await _answer(hass, "get_usage", config_entry_id=supervised.entry_id, period="custom", start="2026-11-01 00:00:00")
    await hass.config.async_set_time_zone("UTC")
    assert [data for _, data in answering.acted] == [
        {"period": "custom", "group_by": "none", "start": "2026-10-31T23:00:00.000Z", "end": "2026-11-02T11:00:00.000Z"},
        {"period": "custom", "group_by": "none", "start": "2026-10-31T23:00:00.000Z"},
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"period": "custom"}, "custom_without_start"),
        ({"period": "day", "start": "2026-11-01 00:00:00"}, "window_without_custom"),
        ({"period": "custom", "start": "2026-11-02 00:00:00", "end": "2026-11-01 00:00:00"}, "end_before_start"),
    ],
)
async def test_a_period_that_makes_no_sense_is_refused(
    hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry, data: dict[str, Any], reason: str
) -> None:
    assert await _refusal(hass, "get_usage", config_entry_id=supervised.entry_id, **data) == reason
    assert answering.acted == []


async def test_a_budget_is_set_by_id_name_or_device(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    entry = supervised.entry_id
    await _call(hass, "set_budget", config_entry_id=entry, budget_id="b_1", limit=25.5)
    await _call(hass, "set_budget", config_entry_id=entry, budget_id="Household", limit=25.5, period="month")
    await _call(hass, "set_budget", config_entry_id=entry, device_id=_device_id(hass, supervised, "key", "k_9f2c"))
    await _call(hass, "set_budget", config_entry_id=entry, device_id=_device_id(hass, supervised, "provider", "p_anthropic"), limit=None)
    assert [data for _, data in answering.acted] == [
        {"budget_id": "b_1", "limit": 25.5},
        {"budget_id": "b_1", "limit": 25.5, "period": "month"},
        {"key_id": "k_9f2c", "limit": None},
        {"budget_id": "b_p_anthropic", "limit": None},
    ]


async def test_a_budget_that_was_set_shows_at_once_and_is_returned(
    hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry
) -> None:
    row = await _answer(hass, "set_budget", config_entry_id=supervised.entry_id, budget_id="b_1", limit=25.5)
    assert row == _result("set_budget")
    assert shown(hass, "sensor", "budget_remaining", "budget", "b_1") == "18.3"
    await _call(hass, "reset_budget", config_entry_id=supervised.entry_id, budget_id="b_1")
    assert shown(hass, "sensor", "budget_used", "budget", "b_1") == "0"


async def test_which_budget_is_meant_must_be_clear(hass: HomeAssistant, answering: FakeGateway, app: GatewaySide) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    data = snapshot_data()
    data["budgets"].append({**data["budgets"][0], "id": "b_2"})
    await app.push(data)
    devices = dr.async_get(hass)
    other_entry = MockConfigEntry(domain="other")
    other_entry.add_to_hass(hass)
    foreign = devices.async_get_or_create(config_entry_id=other_entry.entry_id, identifiers={("other", "1")})
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "one_budget_target"),
        ({"budget_id": "b_1", "device_id": "x"}, "one_budget_target"),
        ({"budget_id": "Holidays"}, "budget_not_found"),
        ({"budget_id": "Household"}, "budget_not_unique"),
        ({"device_id": "gone"}, "device_not_found"),
        ({"device_id": foreign.id}, "device_not_found"),
        ({"device_id": _device_id(hass, entry)}, "device_not_suitable"),
        ({"device_id": _device_id(hass, entry, "provider", "p_openai")}, "device_without_budget"),
    )
    for target, reason in cases:
        assert await _refusal(hass, "reset_budget", config_entry_id=entry.entry_id, **target) == reason
    assert answering.acted == []


async def test_keys_are_blocked_and_unblocked_together(hass: HomeAssistant, answering: FakeGateway, app: GatewaySide) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    data = snapshot_data()
    data["keys"].append({**data["keys"][0], "id": "k_new", "name": "Lamp"})
    await app.push(data)
    devices = [_device_id(hass, entry, "key", "k_9f2c"), _device_id(hass, entry, "key", "k_new")]
    await _call(hass, "block_key", device_id=devices)
    assert answering.acted == [("block_key", {"key_id": "k_9f2c"}), ("block_key", {"key_id": "k_new"})]
    assert shown(hass, "sensor", "status", "key", "k_9f2c") == "blocked"
    await _call(hass, "unblock_key", device_id=devices[0])
    assert shown(hass, "sensor", "status", "key", "k_9f2c") == "active"


async def test_home_assistants_own_key_is_not_blocked_and_neither_are_those_named_with_it(
    hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry
) -> None:
    devices = [_device_id(hass, supervised, "key", key_id) for key_id in ("k_9f2c", "k_1b7a")]
    assert await _refusal(hass, "block_key", device_id=devices) == "own_key"
    assert answering.acted == []


async def test_models_are_refreshed_and_a_provider_is_tested(
    hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry
) -> None:
    entry = supervised.entry_id
    assert await _answer(hass, "refresh_models", config_entry_id=entry) == {"models": 42}
    provider = _device_id(hass, supervised, "provider", "p_openai")
    assert await _answer(hass, "test_provider", config_entry_id=entry, device_id=provider) == _result("test_provider")
    assert answering.acted == [("refresh_models", {}), ("test_provider", {"provider_id": "p_openai"})]


async def test_a_device_of_the_wrong_kind_is_refused(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    key, provider = _device_id(hass, supervised, "key", "k_9f2c"), _device_id(hass, supervised, "provider", "p_openai")
    assert await _refusal(hass, "block_key", device_id=provider) == "device_is_no_key"
    assert await _refusal(hass, "get_usage", config_entry_id=supervised.entry_id, device_id=provider) == "device_is_no_key"
    assert await _refusal(hass, "test_provider", config_entry_id=supervised.entry_id, device_id=key) == "device_is_no_provider"


async def test_a_device_of_another_gateway_is_refused(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    other = FakeGateway()
    other.hello |= {"gateway_id": "other"}
    await other.start()
    entry = MockConfigEntry(
        domain=DOMAIN, title="Other", unique_id="other", data={**supervised.data, "gateway_id": "other", "url": other.url}
    )
    assert await set_up(hass, entry)
    key = _device_id(hass, supervised, "key", "k_9f2c")
    provider = _device_id(hass, supervised, "provider", "p_openai")
    assert await _refusal(hass, "test_provider", config_entry_id=entry.entry_id, device_id=provider) == "device_of_other_gateway"
    assert await _refusal(hass, "set_budget", config_entry_id=entry.entry_id, device_id=key) == "device_of_other_gateway"
    await other.stop()


async def test_an_entry_that_is_not_there_or_not_loaded_is_refused(
    hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry
) -> None:
    foreign = MockConfigEntry(domain="other")
    foreign.add_to_hass(hass)
    for entry_id in ("gone", foreign.entry_id):
        assert await _refusal(hass, "refresh_models", config_entry_id=entry_id) == "entry_not_found"
    await hass.config_entries.async_unload(supervised.entry_id)
    assert await _refusal(hass, "refresh_models", config_entry_id=supervised.entry_id) == "entry_not_loaded"


async def test_actions_need_an_administrator(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    guest = MockUser().add_to_hass(hass)
    for service in hass.services.async_services_for_domain(DOMAIN):
        data = {"config_entry_id": supervised.entry_id} if "key" not in service else {"device_id": "x"}
        if service == "test_provider":
            data |= {"device_id": "x"}
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN, service, data, blocking=True, return_response=service == "get_usage", context=Context(user_id=guest.id)
            )
    assert answering.acted == []


async def test_a_gateway_that_listens_gets_actions_through_the_connection(
    hass: HomeAssistant, answering: FakeGateway, app: GatewaySide
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await app.subscribe()
    call = hass.async_create_task(_answer(hass, "refresh_models", config_entry_id=entry.entry_id))
    await app.reply(await app.request(), "reply-refresh_models")
    assert await call == {"models": 42}
    assert answering.acted == []


async def test_after_it_hangs_up_they_go_over_http(hass: HomeAssistant, answering: FakeGateway, app: GatewaySide) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await app.subscribe()
    await app.close()
    for _ in range(20):
        if not entry.runtime_data.coordinator.link.subscribed:
            break
        await asyncio.sleep(0.05)
    assert await _answer(hass, "refresh_models", config_entry_id=entry.entry_id) == {"models": 42}


async def test_a_subscription_that_was_replaced_does_not_end_the_new_one(hass: HomeAssistant, app: GatewaySide, connect: Any) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await app.subscribe()
    again = await connect()
    await again.hello()
    await again.subscribe()
    await app.close()
    await hass.async_block_till_done()
    call = hass.async_create_task(_answer(hass, "refresh_models", config_entry_id=entry.entry_id))
    await again.reply(await again.request(), "reply-refresh_models")
    assert await call == {"models": 42}


@pytest.mark.parametrize("code", ["not_found", "invalid", "forbidden", "conflict", "failed"])
async def test_a_refusal_is_told_in_the_gateways_words(hass: HomeAssistant, app: GatewaySide, code: str) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await app.subscribe()
    call = hass.async_create_task(_refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry.entry_id))
    await app.reply(await app.request(), f"reply-error_{code}")
    assert await call == f"refused_{code}"


async def test_no_reply_in_time_is_told_and_a_late_one_is_dropped(
    hass: HomeAssistant, app: GatewaySide, monkeypatch: pytest.MonkeyPatch
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    monkeypatch.setattr("custom_components.llm_gateway.link.REPLY_TIMEOUT", 0.05)
    await app.subscribe()
    call = hass.async_create_task(_refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry.entry_id))
    request = await app.request()
    assert await call == "no_reply"
    assert await app.reply(request, "reply-refresh_models") == {}


async def test_what_waits_is_ended_when_the_gateway_or_the_entry_goes(hass: HomeAssistant, app: GatewaySide) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    for goes in ("bye", "unload"):
        await app.hello()
        await app.subscribe()
        call = hass.async_create_task(_refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry.entry_id))
        await app.request()
        if goes == "bye":
            await app.bye("restarting")
        else:
            await hass.config_entries.async_unload(entry.entry_id)
        assert await call == "refused_conflict"


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "refused_forbidden"), (404, "refused_not_found"), (409, "refused_conflict"), (422, "refused_invalid"), (500, "refused_failed")],
)
async def test_a_status_over_http_is_a_refusal(
    hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry, status: int, reason: str
) -> None:
    answering.action_status = status
    assert await _refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=supervised.entry_id) == reason


async def test_failures_over_http_are_told(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    entry = supervised.entry_id
    answering.answers["refresh_models"] = example("http_action-refused")
    assert await _refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry) == "refused_not_found"
    answering.answers["refresh_models"] = {}
    assert await _refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry) == "no_reply"
    answering.body, answering.action_status = "<html>", 502
    assert await _refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry) == "refused_failed"
    answering.token = "sk-rotated"
    assert await _refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry) == "action_key_refused"
    await answering.stop()
    assert await _refusal(hass, "refresh_models", HomeAssistantError, config_entry_id=entry) == "no_reply"


async def test_a_result_that_is_none_is_told(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    answering.answers["block_key"] = {"ok": True, "result": {"id": "K"}}
    devices = _device_id(hass, supervised, "key", "k_9f2c")
    assert await _refusal(hass, "block_key", HomeAssistantError, device_id=devices) == "refused_failed"


@pytest.mark.usefixtures("all_enabled")
async def test_a_switch_blocks_and_unblocks_its_key_and_names_who_did(hass: HomeAssistant, gateway: FakeGateway, connect: Any) -> None:
    assert await set_up(hass, supervised_entry(gateway.url))
    side: GatewaySide = await connect()
    await side.hello()
    await side.subscribe()
    owner = await hass.auth.async_create_user("Paula", group_ids=["system-admin"])
    switch = entity_id(hass, "switch", "enabled", "key", "k_9f2c")
    for service, action, state in (("turn_off", "block_key", "off"), ("turn_on", "unblock_key", "on")):
        call = hass.async_create_task(
            hass.services.async_call("switch", service, {"entity_id": switch}, blocking=True, context=Context(user_id=owner.id))
        )
        request = await side.request()
        assert (request["action"], request["data"], request["user"]) == (action, {"key_id": "k_9f2c"}, {"id": owner.id, "name": "Paula"})
        await side.reply(request, f"reply-{action}")
        await call
        assert shown(hass, "switch", "enabled", "key", "k_9f2c") == state


@pytest.mark.usefixtures("all_enabled")
async def test_home_assistants_own_key_has_no_switch(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    switches = hass.states.async_entity_ids("switch")
    assert switches == [entity_id(hass, "switch", "enabled", "key", "k_9f2c")]


@pytest.mark.usefixtures("all_enabled")
async def test_a_number_sets_the_limit(hass: HomeAssistant, answering: FakeGateway, supervised: MockConfigEntry) -> None:
    number = entity_id(hass, "number", "budget_limit", "budget", "b_1")
    assert shown(hass, "number", "budget_limit", "budget", "b_1") == "20"
    await hass.services.async_call("number", "set_value", {"entity_id": number, "value": 25.5}, blocking=True)
    assert answering.acted == [("set_budget", {"budget_id": "b_1", "limit": 25.5})]
    assert shown(hass, "number", "budget_limit", "budget", "b_1") == "25.5"


async def test_an_action_over_http_while_the_data_are_old_does_not_make_them_fresh(
    hass: HomeAssistant, answering: FakeGateway, app: GatewaySide
) -> None:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await app.bye("stopping")
    await _call(hass, "set_budget", config_entry_id=entry.entry_id, budget_id="b_1", limit=25.5)
    assert shown(hass, "sensor", "budget_remaining", "budget", "b_1") == "unavailable"


async def test_actions_are_there_before_any_entry(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert set(hass.services.async_services_for_domain(DOMAIN)) == {
        "get_usage", "set_budget", "reset_budget", "block_key", "unblock_key", "refresh_models", "test_provider",
    }  # fmt: skip
