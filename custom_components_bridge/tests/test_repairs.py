"""Troubles that last become repair issues, and go when they are over."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from custom_components.llm_gateway.client import NoContactError
from custom_components.llm_gateway.const import DOMAIN
from custom_components.llm_gateway.repairs import async_create_fix_flow
from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component

from .conftest import Connect
from .support import Clock, FakeGateway, GatewaySide, manual_entry, set_up, snapshot_data, supervised_entry

MINUTE = 60


@pytest.fixture(autouse=True)
async def _repairs(hass: HomeAssistant) -> None:
    """Set up repairs before anything listens."""
    assert await async_setup_component(hass, "repairs", {})


def _issue(hass: HomeAssistant, key: str, entry: MockConfigEntry, *item: str) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, "_".join((key, entry.entry_id, *item)))


def _exceeded(state: str = "exceeded") -> dict[str, Any]:
    data = snapshot_data()
    data["budgets"][0]["state"] = state
    return data


async def test_a_budget_of_all_that_is_spent_for_an_hour_is_an_issue_until_its_reset(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide, clock: Clock
) -> None:
    await app.push(_exceeded())
    for _ in range(59):
        await clock.jump(MINUTE)
        await app.heartbeat()
    assert _issue(hass, "budget_exceeded", supervised, "b_1") is None
    await clock.jump(MINUTE)
    await app.heartbeat()
    await clock.jump(MINUTE)
    issue = _issue(hass, "budget_exceeded", supervised, "b_1")
    assert issue is not None
    assert (issue.is_fixable, issue.severity) == (False, ir.IssueSeverity.WARNING)
    assert issue.translation_placeholders == {"name": "LLM Gateway", "subject": "Household"}
    assert issue.learn_more_url == "homeassistant://app/a1b2c3d4_llm_gateway"
    # The budget of a provider is exceeded all the time; that is an entity's matter.
    assert _issue(hass, "budget_exceeded", supervised, "b_p_anthropic") is None
    await app.push(_exceeded("ok"))
    assert _issue(hass, "budget_exceeded", supervised, "b_1") is None


async def test_a_trouble_that_was_over_in_between_begins_anew(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide, clock: Clock
) -> None:
    for state in ("exceeded", "ok", "exceeded"):
        await app.push(_exceeded(state))
        for _ in range(40):
            await clock.jump(MINUTE)
            await app.heartbeat()
    assert _issue(hass, "budget_exceeded", supervised, "b_1") is None


async def test_a_provider_that_refuses_its_key_for_10_minutes_is_an_issue(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide, clock: Clock
) -> None:
    data = snapshot_data()
    data["providers"][0] |= {"state": "down", "reason": "401 invalid x-api-key"}
    data["providers"][1] |= {"state": "down", "reason": "4012 is no status"}
    await app.push(data)
    for _ in range(10):
        assert _issue(hass, "provider_auth", supervised, "p_openai") is None
        await clock.jump(MINUTE)
        await app.heartbeat()
    await clock.jump(MINUTE)
    issue = _issue(hass, "provider_auth", supervised, "p_openai")
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.ERROR
    assert issue.learn_more_url == "homeassistant://app/a1b2c3d4_llm_gateway/providers/p_openai"
    assert _issue(hass, "provider_auth", supervised, "p_anthropic") is None


async def test_a_fault_in_the_configuration_is_an_issue_until_it_is_mended(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide
) -> None:
    def issues() -> list[ir.IssueEntry]:
        return [issue for issue in ir.async_get(hass).issues.values() if issue.translation_key == "config_problem"]

    data = snapshot_data()
    for fault in ("/config/litellm_config.yaml:3:5: model_list[0]: no model", "/config/litellm_config.yaml:9:1: not YAML"):
        data["gateway"]["config_problem"] = fault
        await app.push(data)
        (issue,) = issues()
        assert issue.severity is ir.IssueSeverity.ERROR
        assert issue.translation_placeholders == {"name": "LLM Gateway", "subject": fault}
    data["gateway"]["config_problem"] = None
    await app.push(data)
    assert issues() == []


async def test_home_assistants_key_without_a_budget_is_an_issue_after_30_days(
    hass: HomeAssistant, gateway: FakeGateway, clock: Clock
) -> None:
    entry = manual_entry(gateway.url)
    assert await set_up(hass, entry)
    assert _issue(hass, "ha_key_unlimited", entry, "k_1b7a") is None
    await clock.jump(30 * 24 * 60 * MINUTE)
    issue = _issue(hass, "ha_key_unlimited", entry, "k_1b7a")
    assert issue is not None
    assert issue.learn_more_url == f"{gateway.url}/ui/keys/k_1b7a"
    gateway.snapshot["keys"][1] |= {"limit": 5, "remaining": 4}
    await clock.jump(MINUTE)
    assert _issue(hass, "ha_key_unlimited", entry, "k_1b7a") is None


async def test_an_app_that_is_silent_for_15_minutes_is_an_issue_until_it_speaks(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry, app: GatewaySide, clock: Clock, connect: Connect
) -> None:
    await app.push(snapshot_data())
    gateway.status = 503
    await clock.jump(13 * MINUTE)
    assert _issue(hass, "app_not_running", supervised) is None
    await clock.jump(3 * MINUTE)
    issue = _issue(hass, "app_not_running", supervised)
    assert issue is not None
    assert issue.is_fixable
    again = await connect()
    await again.hello()
    await again.push(snapshot_data())
    assert _issue(hass, "app_not_running", supervised) is None


async def test_an_app_that_was_never_there_since_core_started_is_an_issue_too(
    hass: HomeAssistant, gateway: FakeGateway, clock: Clock, connect: Connect
) -> None:
    gateway.status = 503
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    await clock.jump(10 * MINUTE)
    assert _issue(hass, "app_not_running", entry) is None
    await clock.jump(6 * MINUTE)
    await clock.jump(2 * MINUTE)
    assert _issue(hass, "app_not_running", entry) is not None
    gateway.status = 200
    await (await connect()).hello()
    assert _issue(hass, "app_not_running", entry) is None


async def test_a_gateway_added_by_hand_that_is_away_is_its_owners_matter(
    hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry, clock: Clock
) -> None:
    gateway.status = 503
    for _ in range(3):
        await clock.jump(30 * MINUTE)
    assert _issue(hass, "app_not_running", manual) is None


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the gateway's name be unknown to the network."""

    async def send(*_: Any, **__: Any) -> Any:
        raise NoContactError("Cannot connect to host a1b2c3d4-llm-gateway:4000", name_unknown=True)

    monkeypatch.setattr("custom_components.llm_gateway.client.GatewayClient._send", send)


async def _uninstalled(hass: HomeAssistant, clock: Clock) -> MockConfigEntry:
    entry = supervised_entry("http://a1b2c3d4-llm-gateway:4000")
    assert not await set_up(hass, entry)
    for _ in range(5):
        await clock.jump(16 * MINUTE)
    return entry


@pytest.mark.usefixtures("nameless")
async def test_an_app_whose_name_is_unknown_for_an_hour_is_taken_for_uninstalled(hass: HomeAssistant, clock: Clock) -> None:
    entry = await _uninstalled(hass, clock)
    assert _issue(hass, "app_uninstalled", entry) is not None
    assert _issue(hass, "app_not_running", entry) is None


async def test_a_name_that_is_unknown_is_told_apart_from_silence(
    hass: HomeAssistant, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aiohttp  # noqa: PLC0415
    from aiohttp.client_reqrep import ConnectionKey  # noqa: PLC0415

    def fail(*_: Any, **__: Any) -> Any:
        raise aiohttp.ClientConnectorDNSError(ConnectionKey("gone", 4000, False, True, None, None, None), OSError("Name unknown"))  # noqa: FBT003

    monkeypatch.setattr("aiohttp.ClientSession._request", fail)
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    from custom_components.llm_gateway.contact import CONTACTS  # noqa: PLC0415

    assert hass.data[CONTACTS][entry.entry_id].name_unknown_since is not None


async def _fix(hass: HomeAssistant, hass_client: Any, issue_id: str) -> Any:
    person = await hass.auth.async_create_user("Paula", group_ids=[GROUP_ID_ADMIN])
    token = await hass.auth.async_create_refresh_token(person, client_id="https://example.test/")
    client = await hass_client(hass.auth.async_create_access_token(token))
    flow = await (await client.post("/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id})).json()

    async def go_on(**user_input: Any) -> Any:
        return await (await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json=user_input)).json()

    return flow, go_on


async def test_the_restart_is_done_after_a_yes(
    hass: HomeAssistant, app: GatewaySide, hass_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    restarts = async_mock_service(hass, "homeassistant", "restart")
    monkeypatch.setattr("custom_components.llm_gateway.websocket._version_on_disk", lambda _: "0.2.0")
    await app.hello()
    form, go_on = await _fix(hass, hass_client, "restart_required")
    assert (form["type"], form["step_id"]) == ("form", "confirm")
    assert form["description_placeholders"] == {"running": "0.1.0", "on_disk": "0.2.0"}
    assert restarts == []
    assert (await go_on())["type"] == "create_entry"
    assert len(restarts) == 1
    assert ir.async_get(hass).async_get_issue(DOMAIN, "restart_required") is None


async def test_an_app_that_is_not_running_can_be_tried_again(
    hass: HomeAssistant, gateway: FakeGateway, hass_client: Any, clock: Clock
) -> None:
    gateway.status = 503
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    for _ in range(3):
        await clock.jump(10 * MINUTE)
    issue_id = f"app_not_running_{entry.entry_id}"
    form, go_on = await _fix(hass, hass_client, issue_id)
    assert form["description_placeholders"] == {"name": "LLM Gateway"}
    result = await go_on()
    assert (result["type"], result["reason"]) == ("abort", "no_answer")
    assert _issue(hass, "app_not_running", entry) is not None
    gateway.status = 200
    _, go_on = await _fix(hass, hass_client, issue_id)
    assert (await go_on())["type"] == "create_entry"
    assert entry.state is ConfigEntryState.LOADED
    assert _issue(hass, "app_not_running", entry) is None


@pytest.mark.usefixtures("nameless")
async def test_the_entry_of_an_uninstalled_app_is_removed_on_wish(hass: HomeAssistant, clock: Clock, hass_client: Any) -> None:
    entry = await _uninstalled(hass, clock)
    menu, go_on = await _fix(hass, hass_client, f"app_uninstalled_{entry.entry_id}")
    assert (menu["type"], menu["menu_options"]) == ("menu", ["remove", "keep"])
    assert (await go_on(next_step_id="remove"))["type"] == "create_entry"
    assert hass.config_entries.async_entries(DOMAIN) == []
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]


@pytest.mark.usefixtures("nameless")
async def test_or_kept_without_being_asked_again(hass: HomeAssistant, clock: Clock, hass_client: Any) -> None:
    entry = await _uninstalled(hass, clock)
    _, go_on = await _fix(hass, hass_client, f"app_uninstalled_{entry.entry_id}")
    result = await go_on(next_step_id="keep")
    assert (result["type"], result["reason"]) == ("abort", "kept")
    await clock.jump(20 * MINUTE)
    issue = _issue(hass, "app_uninstalled", entry)
    assert issue is not None
    assert issue.dismissed_version is not None


async def test_a_flow_for_an_issue_that_is_gone_asks_without_its_words(hass: HomeAssistant) -> None:
    flow = await async_create_fix_flow(hass, "restart_required", None)
    flow.hass, flow.issue_id, flow.handler = hass, "restart_required", DOMAIN
    form = await flow.async_step_init()  # type: ignore[attr-defined]
    assert (form["type"], form["description_placeholders"]) == (FlowResultType.FORM, None)


async def test_issues_of_an_entry_go_with_it(hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide, clock: Clock) -> None:
    await app.push(_exceeded())
    for _ in range(63):
        await clock.jump(MINUTE)
        await app.heartbeat()
    assert _issue(hass, "budget_exceeded", supervised, "b_1") is not None
    await hass.config_entries.async_unload(supervised.entry_id)
    assert _issue(hass, "budget_exceeded", supervised, "b_1") is None
