"""Setting up by Supervisor's discovery and by hand, new keys, new addresses, options."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.llm_gateway.address import normal_url
from custom_components.llm_gateway.const import DOMAIN
from homeassistant.config_entries import SOURCE_HASSIO, SOURCE_IGNORE, SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from .support import GATEWAY_ID, SLUG, TOKEN, FakeGateway, example, manual_entry, set_up, supervised_entry

type Result = Any


def _found(gateway: FakeGateway, **changes: Any) -> HassioServiceInfo:
    port = int(gateway.url.rsplit(":", 1)[1])
    config = {**example("discovery-with_what_core_adds"), "host": "127.0.0.1", "port": port, "token": TOKEN, **changes}
    return HassioServiceInfo(config=config, name="LLM Gateway", slug=SLUG, uuid="0" * 32)


async def _discover(hass: HomeAssistant, gateway: FakeGateway, **changes: Any) -> Result:
    return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_HASSIO}, data=_found(gateway, **changes))


async def _by_hand(hass: HomeAssistant, user_input: dict[str, Any]) -> Result:
    form = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "user")
    return await hass.config_entries.flow.async_configure(form["flow_id"], user_input)


def _typed(gateway: FakeGateway, **changes: Any) -> dict[str, Any]:
    return {"url": gateway.url, "token": TOKEN, "verify_ssl": True, **changes}


async def test_an_app_is_set_up_after_one_question(hass: HomeAssistant, gateway: FakeGateway) -> None:
    form = await _discover(hass, gateway)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "hassio_confirm")
    assert form["description_placeholders"] == {"app": "LLM Gateway"}
    made = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert (made["type"], made["title"]) == (FlowResultType.CREATE_ENTRY, "LLM Gateway")
    assert made["data"] == {
        "gateway_id": GATEWAY_ID,
        "managed": "supervisor",
        "url": gateway.url,
        "token": TOKEN,
        "verify_ssl": True,
        "slug": SLUG,
    }
    assert made["result"].unique_id == GATEWAY_ID
    assert made["result"].state is ConfigEntryState.LOADED


async def test_the_certificate_of_an_app_is_not_compared_with_its_internal_name(hass: HomeAssistant, gateway: FakeGateway) -> None:
    entry = supervised_entry(gateway.url)
    entry.add_to_hass(hass)
    await _discover(hass, gateway, ssl=True)
    assert (entry.data["url"][:8], entry.data["verify_ssl"]) == ("https://", False)


async def test_an_app_that_does_not_answer_yet_can_be_tried_again(hass: HomeAssistant, gateway: FakeGateway) -> None:
    form = await _discover(hass, gateway)
    for status, error in ((500, "cannot_connect"), (401, "invalid_auth")):
        gateway.status = status
        form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
        assert form["errors"] == {"base": error}
    gateway.status = 200
    gateway.hello |= {"schema_min": 2, "schema_max": 2}
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert form["errors"] == {"base": "incompatible"}
    gateway.hello = {**example("http_hello"), "gateway_id": "another"}
    form = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert form["errors"] == {"base": "wrong_gateway"}
    gateway.hello = example("http_hello")
    made = await hass.config_entries.flow.async_configure(form["flow_id"], {})
    assert made["type"] is FlowResultType.CREATE_ENTRY


async def test_a_message_that_is_not_understood_is_dropped(hass: HomeAssistant, gateway: FakeGateway) -> None:
    result = await _discover(hass, gateway, port="4000")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "invalid_discovery")


async def test_a_known_app_gets_its_new_key_without_a_question(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry
) -> None:
    gateway.token = "sk-rotated"
    result = await _discover(hass, gateway, token="sk-rotated")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")
    await hass.async_block_till_done()
    assert supervised.data["token"] == "sk-rotated"
    assert supervised.state is ConfigEntryState.LOADED


async def test_a_known_app_whose_key_was_refused_comes_back_with_the_new_one(hass: HomeAssistant, gateway: FakeGateway) -> None:
    gateway.token = "sk-rotated"
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await _discover(hass, gateway, token="sk-rotated")
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert hass.config_entries.flow.async_progress() == []


async def test_a_known_app_that_announces_itself_again_is_not_reloaded(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry
) -> None:
    asked = gateway.count("/ha/v1/hello")
    await _discover(hass, gateway)
    await hass.async_block_till_done()
    assert gateway.count("/ha/v1/hello") == asked


async def test_a_known_app_that_was_waited_for_is_loaded_when_it_announces_itself(hass: HomeAssistant, gateway: FakeGateway) -> None:
    gateway.status = 503
    entry = supervised_entry(gateway.url)
    assert not await set_up(hass, entry)
    gateway.status = 200
    await _discover(hass, gateway)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


async def test_an_ignored_app_stays_ignored_and_learns_no_key(hass: HomeAssistant, gateway: FakeGateway) -> None:
    ignored = MockConfigEntry(domain=DOMAIN, unique_id=GATEWAY_ID, source=SOURCE_IGNORE, data={})
    ignored.add_to_hass(hass)
    result = await _discover(hass, gateway)
    assert result["reason"] == "already_configured"
    assert dict(ignored.data) == {}


async def test_a_gateway_is_set_up_by_hand(hass: HomeAssistant, gateway: FakeGateway) -> None:
    made = await _by_hand(hass, _typed(gateway, url=f"{gateway.url}/v1/", token=f" {TOKEN} "))
    assert (made["type"], made["title"]) == (FlowResultType.CREATE_ENTRY, "LLM Gateway")
    assert made["data"] == {"gateway_id": GATEWAY_ID, "managed": "manual", "url": gateway.url, "token": TOKEN, "verify_ssl": True}


@pytest.mark.parametrize(
    ("status", "error"), [(401, "invalid_auth"), (403, "invalid_auth"), (404, "cannot_connect"), (200, "incompatible")]
)
async def test_a_gateway_that_cannot_be_set_up_by_hand_yet_can_be_tried_again(
    hass: HomeAssistant, gateway: FakeGateway, status: int, error: str
) -> None:
    gateway.status = status
    if error == "incompatible":
        gateway.hello |= {"schema_min": 2, "schema_max": 2}
    form = await _by_hand(hass, _typed(gateway))
    assert form["errors"] == {"base": error}
    suggested = {str(field): (field.description or {}).get("suggested_value") for field in form["data_schema"].schema}
    assert suggested == {"url": gateway.url, "token": None, "verify_ssl": True}
    gateway.status, gateway.hello = 200, example("http_hello")
    made = await hass.config_entries.flow.async_configure(form["flow_id"], _typed(gateway))
    assert made["type"] is FlowResultType.CREATE_ENTRY


async def test_what_is_no_address_is_told_at_its_field(hass: HomeAssistant, gateway: FakeGateway) -> None:
    form = await _by_hand(hass, _typed(gateway, url="ftp://gateway"))
    assert form["errors"] == {"url": "invalid_url"}


async def test_a_gateway_that_is_known_is_not_set_up_twice(hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry) -> None:
    result = await _by_hand(hass, _typed(gateway))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("192.168.1.20:4000", "http://192.168.1.20:4000"),
        (" https://gateway.example/ ", "https://gateway.example"),
        ("http://gateway:4000/v1", "http://gateway:4000"),
        ("http://gateway:4000/ui/", "http://gateway:4000"),
        ("http://gateway/llm/v1/?x=1#y", "http://gateway/llm"),
        ("http://[fd00::5]:4000", "http://[fd00::5]:4000"),
        ("", None),
        ("http://", None),
        ("ftp://gateway", None),
        ("http://gateway:port", None),
        ("http://gateway:99999", None),
        ("http://user:secret@gateway", None),
    ],
)
def test_an_address_is_brought_into_form(typed: str, stored: str | None) -> None:
    assert normal_url(typed) == stored


@pytest.mark.parametrize(("make", "step"), [(supervised_entry, "reauth_confirm_app"), (manual_entry, "reauth_confirm")])
async def test_a_new_key_is_asked_for_and_tried(hass: HomeAssistant, gateway: FakeGateway, make: Any, step: str) -> None:
    gateway.token = "sk-rotated"
    entry = make(gateway.url)
    assert not await set_up(hass, entry)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == step
    form = await hass.config_entries.flow.async_configure(flow["flow_id"], {"token": "sk-wrong"})
    assert (form["step_id"], form["errors"]) == (step, {"base": "invalid_auth"})
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], {"token": "sk-rotated"})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["token"] == "sk-rotated"


async def test_a_new_key_of_another_gateway_is_refused(hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry) -> None:
    form = await manual.start_reauth_flow(hass)
    gateway.hello |= {"gateway_id": "another"}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], {"token": TOKEN})
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_gateway")


async def test_address_and_key_can_be_changed(hass: HomeAssistant, gateway: FakeGateway) -> None:
    entry = manual_entry("http://127.0.0.1:9")
    assert not await set_up(hass, entry)
    form = await entry.start_reconfigure_flow(hass)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "reconfigure")
    gateway.status = 500
    form = await hass.config_entries.flow.async_configure(form["flow_id"], _typed(gateway))
    assert form["errors"] == {"base": "cannot_connect"}
    gateway.status = 200
    result = await hass.config_entries.flow.async_configure(form["flow_id"], _typed(gateway))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    await hass.async_block_till_done()
    assert entry.data["url"] == gateway.url
    assert entry.state is ConfigEntryState.LOADED


async def test_the_address_of_another_gateway_is_refused(hass: HomeAssistant, gateway: FakeGateway, manual: MockConfigEntry) -> None:
    form = await manual.start_reconfigure_flow(hass)
    gateway.hello |= {"gateway_id": "another"}
    result = await hass.config_entries.flow.async_configure(form["flow_id"], _typed(gateway))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "wrong_gateway")


def _options(**show: Any) -> dict[str, Any]:
    shown = {"keys": "all", "key_ids": [], "providers": True, "budgets": True, "models": False, **show}
    return {"updates": {"interval_s": 60}, "show": shown}


async def test_options_are_chosen_and_act_at_once(hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry) -> None:
    form = await hass.config_entries.options.async_init(supervised.entry_id)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "init")
    chosen = _options(keys="chosen", key_ids=["k_9f2c"], providers=False, models=True)
    result = await hass.config_entries.options.async_configure(form["flow_id"], chosen)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert dict(supervised.options) == {"interval_s": 60, "keys": ["k_9f2c"], "providers": False, "models": True, "budgets": True}
    data = supervised.runtime_data.coordinator.data
    assert (list(data.keys), list(data.providers), list(data.models)) == (["k_9f2c"], [], ["assist"])
    assert list(data.budgets) == ["b_1", "b_k_9f2c"]


async def test_without_keys_their_budgets_are_not_shown_either(
    hass: HomeAssistant, gateway: FakeGateway, supervised: MockConfigEntry
) -> None:
    form = await hass.config_entries.options.async_init(supervised.entry_id)
    await hass.config_entries.options.async_configure(form["flow_id"], _options(keys="none"))
    await hass.async_block_till_done()
    data = supervised.runtime_data.coordinator.data
    assert (list(data.keys), list(data.budgets)) == ([], ["b_1", "b_p_anthropic"])


async def test_choosing_no_key_at_all_is_told(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    form = await hass.config_entries.options.async_init(supervised.entry_id)
    form = await hass.config_entries.options.async_configure(form["flow_id"], _options(keys="chosen"))
    assert form["errors"] == {"base": "no_key_chosen"}


def _offered_keys(form: Result) -> list[dict[str, str]]:
    show = next(field for name, field in form["data_schema"].schema.items() if name == "show")
    options: list[dict[str, str]] = next(field for name, field in show.schema.schema.items() if name == "key_ids").config["options"]
    return options


async def test_all_keys_are_offered_by_name_also_those_not_shown(hass: HomeAssistant, gateway: FakeGateway) -> None:
    entry = manual_entry(gateway.url, options={"keys": ["k_9f2c", "k_gone"]})
    assert await set_up(hass, entry)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert _offered_keys(form) == [
        {"value": "k_gone", "label": "k_gone"},
        {"value": "k_9f2c", "label": "Node-RED"},
        {"value": "k_1b7a", "label": "home-assistant"},
    ]


async def test_options_can_be_seen_while_the_gateway_is_away(hass: HomeAssistant, gateway: FakeGateway) -> None:
    gateway.status = 503
    entry = manual_entry(gateway.url, options={"keys": ["k_9f2c"]})
    assert not await set_up(hass, entry)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert _offered_keys(form) == [{"value": "k_9f2c", "label": "k_9f2c"}]
