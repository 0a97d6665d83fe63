"""Commands that the gateway sends through Core's WebSocket."""

from collections.abc import Awaitable, Callable
from functools import wraps
import json
from pathlib import Path
from typing import Any

from homeassistant.auth.models import User
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import HASSIO_USER_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration
from homeassistant.util.hass_dict import HassKey

from . import issues
from .const import CONF_MANAGED, DOMAIN, MANAGED_BY_HAND
from .coordinator import GatewayCoordinator
from .messages import ByeReason, GatewayEvent, Greeting, Outcome, Push
from .runtime import LlmGatewayConfigEntry
from .schema import vol
from .wanted import Wanted
from .wire import Reader, WireError

ERR_NOT_CONFIGURED = "not_configured"

# Core's own key for the user that Supervisor acts as.
_SUPERVISOR_USER: HassKey[User] = HassKey("hassio_supervisor_user")

_RELOADABLE = (ConfigEntryState.SETUP_RETRY, ConfigEntryState.SETUP_ERROR)

type Message = dict[str, Any]
type Handler = Callable[[HomeAssistant, ActiveConnection, Message], Awaitable[None]]


class _RefusedError(Exception):
    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the commands, once for each run of Core."""
    for command in (_hello, _push, _event, _subscribe, _reply, _bye):
        websocket_api.async_register_command(hass, command)


def _command(name: str) -> Callable[[Handler], Any]:
    """Make a command for administrators. Its members are read by the handler, which tells what is wrong with them."""
    schema: dict[Any, Any] = {vol.Required("type"): f"{DOMAIN}/{name}", vol.Extra: object}

    def decorate(handler: Handler) -> Any:
        @websocket_api.websocket_command(schema)
        @websocket_api.require_admin
        @websocket_api.async_response
        @wraps(handler)
        async def answered(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
            try:
                await handler(hass, connection, msg)
            except WireError as error:
                connection.send_error(msg["id"], websocket_api.ERR_INVALID_FORMAT, str(error))
            except _RefusedError as error:
                connection.send_error(msg["id"], error.code, str(error))

        return answered

    return decorate


@_command("hello")
async def _hello(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    greeting = Greeting.read_command(Reader(msg))
    integration = await async_get_integration(hass, DOMAIN)
    running, on_disk = str(integration.version), await hass.async_add_executor_job(_version_on_disk, integration.file_path)
    issues.check_restart(hass, running, on_disk)
    entry = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, greeting.gateway_id)
    if entry is not None:
        _check_user(hass, connection, entry)
    status = await _status_after(hass, entry, greeting)
    connection.send_result(
        msg["id"],
        {
            "schema": greeting.schema,
            "bridge_version": running,
            "disk_version": on_disk,
            "status": status,
            "entry_id": None if entry is None else entry.entry_id,
            "want": None if entry is None else Wanted.of(entry.options).as_options(),
            "time_zone": hass.config.time_zone,
            "currency": hass.config.currency,
            "language": hass.config.language,
        },
    )


async def _status_after(hass: HomeAssistant, entry: ConfigEntry[Any] | None, greeting: Greeting) -> str:
    """Begin the connection if it can begin, and tell in a word."""
    if greeting.schema is None:
        if entry is not None:
            issues.raise_incompatible(hass, entry, greeting)
        return "incompatible"
    if entry is None:
        return "not_configured"
    if entry.disabled_by is not None:
        return "disabled"
    issues.drop_incompatible(hass, entry)
    async with entry.setup_lock:
        waits = entry.state in _RELOADABLE
    if waits:
        await hass.config_entries.async_reload(entry.entry_id)
    if entry.state is not ConfigEntryState.LOADED:
        return "not_configured"
    entry.runtime_data.greeting = greeting
    entry.runtime_data.coordinator.greeted(greeting)
    return "ready"


@_command("push")
async def _push(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    push = Push.read(Reader(msg))
    accepted = _greeted(hass, connection, push.gateway_id).take_push(push)
    connection.send_result(msg["id"], {"accepted": accepted, "seq": push.seq, "need_full": not accepted})


@_command("event")
async def _event(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    wire = Reader(msg)
    event = GatewayEvent.read(wire.inner("event"))
    _greeted(hass, connection, wire.ident("gateway_id")).events.take(event)
    connection.send_result(msg["id"], {"accepted": True})


@_command("subscribe")
async def _subscribe(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    coordinator = _greeted(hass, connection, Reader(msg).ident("gateway_id"))

    def send(request: dict[str, Any]) -> None:
        connection.send_message(websocket_api.event_message(msg["id"], request))

    connection.subscriptions[msg["id"]] = coordinator.link.subscribe(send)
    connection.send_result(msg["id"])


@_command("reply")
async def _reply(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    wire = Reader(msg)
    request_id, outcome = wire.text("request_id"), Outcome.read(wire)
    _greeted(hass, connection, wire.ident("gateway_id")).link.replied(request_id, outcome)
    connection.send_result(msg["id"], {})


@_command("bye")
async def _bye(hass: HomeAssistant, connection: ActiveConnection, msg: Message) -> None:
    wire = Reader(msg)
    reason = wire.one_of("reason", ByeReason)
    _greeted(hass, connection, wire.ident("gateway_id")).said_bye(reason)
    connection.send_result(msg["id"], {})


def _greeted(hass: HomeAssistant, connection: ActiveConnection, gateway_id: str) -> GatewayCoordinator:
    """Find the gateway's entry, loaded and greeted since."""
    entry: LlmGatewayConfigEntry | None = hass.config_entries.async_entry_for_domain_unique_id(DOMAIN, gateway_id)
    if entry is None:
        raise _RefusedError(websocket_api.ERR_NOT_FOUND, f"No entry is for the gateway {gateway_id}.")
    _check_user(hass, connection, entry)
    if entry.state is not ConfigEntryState.LOADED or entry.runtime_data.coordinator.link.greeting is None:
        raise _RefusedError(ERR_NOT_CONFIGURED, "The entry was not greeted since it was loaded: say hello.")
    return entry.runtime_data.coordinator


def _check_user(hass: HomeAssistant, connection: ActiveConnection, entry: ConfigEntry[Any]) -> None:
    """Take an app's word from Supervisor alone; other administrators may speak for gateways added by hand."""
    if entry.data[CONF_MANAGED] != MANAGED_BY_HAND and not _is_supervisor(hass, connection.user):
        raise _RefusedError(websocket_api.ERR_UNAUTHORIZED, "Only Supervisor speaks for this gateway.")


def _is_supervisor(hass: HomeAssistant, user: User) -> bool:
    known = hass.data.get(_SUPERVISOR_USER)
    return user.system_generated and (user.name == HASSIO_USER_NAME if known is None else user.id == known.id)


def _version_on_disk(folder: Path) -> str | None:
    """Read the version that the next start of Core would load."""
    try:
        return str(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["version"])
    except OSError, ValueError, KeyError, TypeError:
        return None
