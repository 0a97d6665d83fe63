"""The messages that both sides agreed on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.llm_gateway.messages import Discovery, GatewayEvent, Greeting, Outcome, Push
from custom_components.llm_gateway.models import Blocks, Snapshot
from custom_components.llm_gateway.wire import Reader, WireError
from homeassistant.core import HomeAssistant

from .support import CONTRACT, FakeGateway, GatewaySide, entity_id, example, manual_entry, set_up


def _read_bye(wire: Reader) -> None:
    from custom_components.llm_gateway.messages import ByeReason  # noqa: PLC0415

    wire.ident("gateway_id")
    wire.one_of("reason", ByeReason)


def _read_event(wire: Reader) -> None:
    wire.ident("gateway_id")
    GatewayEvent.read(wire.inner("event"))


def _read_reply(wire: Reader) -> None:
    wire.ident("gateway_id")
    wire.text("request_id")
    Outcome.read(wire)


# What Core is sent, by message. `None`: what Core itself sends, see below.
READERS: dict[str, Callable[[Reader], Any] | None] = {
    "hello": Greeting.read_command,
    "push": Push.read,
    "event": _read_event,
    "subscribe": lambda wire: wire.ident("gateway_id"),
    "reply": _read_reply,
    "bye": _read_bye,
    "discovery": Discovery.read,
    "http_hello": Greeting.read,
    "http_snapshot": lambda wire: Snapshot.of(Blocks.read(wire)),
    "http_events": lambda wire: wire.items("events", GatewayEvent.read),
    "http_action": Outcome.read,
    "hello_result": None,
    "push_result": None,
    "event_result": None,
    "request": None,
}

COMMANDS = ("hello", "push", "event", "subscribe", "reply", "bye")


def _files(kind: str) -> list[Path]:
    return sorted((CONTRACT / kind).glob("*.json"))


def _message(file: Path) -> str:
    return file.stem.split("-", 1)[0]


def _received(kind: str) -> list[Any]:
    return [pytest.param(file, id=file.stem) for file in _files(kind) if READERS[_message(file)] is not None]


def _read(file: Path, kind: str) -> None:
    read = READERS[_message(file)]
    assert read is not None
    read(Reader(example(file.stem, kind)))


def test_each_message_has_a_reader_here_or_is_sent_by_us() -> None:
    messages = {_message(file) for kind in ("accepted", "rejected") for file in _files(kind)}
    assert messages == set(READERS)


@pytest.mark.parametrize("file", _received("accepted"))
def test_what_is_accepted_is_read(file: Path) -> None:
    _read(file, "accepted")


@pytest.mark.parametrize("file", _received("rejected"))
def test_what_is_rejected_is_refused_with_the_name_of_a_member(file: Path) -> None:
    with pytest.raises(WireError, match=r"^(message\.|schema_min must|panel_path must|a full snapshot must have )"):
        _read(file, "rejected")


async def test_a_command_that_breaks_a_rule_is_answered_with_invalid_format(app: GatewaySide) -> None:
    commands = [file.stem for file in _files("rejected") if _message(file) in COMMANDS]
    codes = {stem: (await app.error(example(stem, "rejected")))["code"] for stem in commands}
    assert set(codes.values()) == {"invalid_format"}, codes


def _shape(value: Any) -> Any:
    """Give members and kinds of values; lists and numbers of all kinds count as one."""
    if isinstance(value, dict):
        return {name: _shape(member) for name, member in value.items()}
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


async def test_the_answer_to_hello_has_the_agreed_shape(app: GatewaySide) -> None:
    assert _shape(await app.hello()) == _shape(example("hello_result-ready"))


async def test_the_answer_to_hello_without_an_entry_has_the_agreed_shape(hass: HomeAssistant, app: GatewaySide) -> None:
    answer = await app.hello(gateway_id="another-gateway")
    assert _shape(answer) == _shape(example("hello_result-not_configured"))


async def test_the_answer_to_hello_without_a_common_schema_has_the_agreed_shape(app: GatewaySide) -> None:
    answer = await app.hello(schema_min=2, schema_max=2)
    assert _shape(answer) == _shape(example("hello_result-incompatible"))


async def test_what_is_wanted_has_the_agreed_shape(hass: HomeAssistant, gateway: FakeGateway, connect: Any) -> None:
    want = example("hello_result-some_keys")["want"]
    assert await set_up(hass, manual_entry(gateway.url, options=want))
    side = await connect()
    assert (await side.hello())["want"] == want


async def test_the_answers_to_pushes_and_events_have_the_agreed_shape(app: GatewaySide) -> None:
    assert await app.push(example("push-full")["data"]) == example("push_result-accepted")
    assert await app.push(example("push-delta_heartbeat")["data"], "delta", seq=7) == example("push_result-need_full")
    assert await app.send(example("event-key_blocked")) | {"id": 0} == {
        "id": 0,
        "type": "result",
        "success": True,
        "result": example("event_result-accepted"),
    }


@pytest.mark.parametrize(
    ("name", "service", "data"),
    [
        ("get_usage", "get_usage", {"period": "month", "group_by": "key"}),
        (
            "get_usage_custom",
            "get_usage",
            {"period": "custom", "start": "2026-11-01T00:00:00Z", "end": "2026-11-08T00:00:00Z", "key": True},
        ),
        ("set_budget", "set_budget", {"budget_id": "b_1", "limit": 25.5, "period": "month"}),
        ("set_budget_no_limit", "set_budget", {"key": True}),
        ("reset_budget", "reset_budget", {"key": True}),
        ("block_key", "block_key", {"key": True}),
        ("unblock_key", "unblock_key", {"key": True}),
        ("test_provider", "test_provider", {"provider": True}),
        ("refresh_models", "refresh_models", {}),
    ],
)
async def test_an_action_is_sent_as_agreed(
    hass: HomeAssistant, supervised: MockConfigEntry, app: GatewaySide, name: str, service: str, data: dict[str, Any]
) -> None:
    from homeassistant.core import Context  # noqa: PLC0415
    from homeassistant.helpers import entity_registry as er  # noqa: PLC0415

    agreed = example(f"request-{name}")
    await app.subscribe()
    owner = await hass.auth.async_create_user("Paula", group_ids=["system-admin"])
    entities = er.async_get(hass)
    for word, subject in (("key", ("key", "k_9f2c")), ("provider", ("provider", "p_openai"))):
        if data.pop(word, False):
            entity = entities.async_get(entity_id(hass, "sensor", "status", *subject))
            assert entity is not None
            data["device_id"] = entity.device_id
    if service not in ("block_key", "unblock_key"):
        data["config_entry_id"] = supervised.entry_id
    user = Context(user_id=owner.id) if agreed["user"] else Context()
    response = service not in ("block_key", "unblock_key")
    call = hass.async_create_task(
        hass.services.async_call("llm_gateway", service, data, blocking=True, context=user, return_response=response)
    )
    request = await app.request()
    assert request["action"] == agreed["action"]
    assert _normal(request["data"]) == _normal(agreed["data"])
    assert (request["user"] or {}).get("name") == (agreed["user"] or {}).get("name")
    assert _shape(request) == _shape({**agreed, "data": request["data"]})
    await app.reply(request, f"reply-{'get_usage' if service == 'get_usage' else name}")
    await call


def _normal(data: dict[str, Any]) -> dict[str, Any]:
    """Read times as such: how many digits a second has is free."""
    from datetime import datetime  # noqa: PLC0415

    return {name: datetime.fromisoformat(value) if name in ("start", "end") else value for name, value in data.items()}
