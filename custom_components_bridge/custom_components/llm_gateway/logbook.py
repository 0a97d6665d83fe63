"""Lines of the logbook for what happens at the gateway."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .const import BUS_EVENT, DOMAIN
from .messages import EventType

type Describe = Callable[[Event[dict[str, Any]]], dict[str, str]]

_MESSAGES = {
    EventType.BUDGET_WARNING: "has used most of its budget: {spent} of {limit} USD",
    EventType.BUDGET_EXCEEDED: "has spent its budget: {spent} of {limit} USD",
    EventType.BUDGET_RESET: "begins a new budget of {limit} USD",
    EventType.PROVIDER_DOWN: "is down: {reason}",
    EventType.PROVIDER_RECOVERED: "has recovered",
    EventType.FALLBACK_USED: "fell back from {from_model} to {to_model}, {count} times",
    EventType.KEY_CREATED: "was created",
    EventType.KEY_BLOCKED: "was blocked",
    EventType.KEY_EXPIRING: "expires at {expires_at}",
    EventType.KEY_EXPIRED: "has expired",
    EventType.SPEND_ANOMALY: "spent {spend} USD in a {window}, where {expected} USD are usual",
    EventType.CONFIG_ERROR: "has a fault in its configuration: {message}",
    EventType.GATEWAY_STARTED: "started",
    EventType.GATEWAY_STOPPING: "is stopping",
    EventType.UPDATE_AVAILABLE: "can be updated to {version}",
}


class _Words(dict[str, Any]):
    """Members of an event; one that is missing reads as a question mark."""

    def __missing__(self, _key: str) -> str:
        return "?"


@callback
def async_describe_events(hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]) -> None:
    """Describe the bus event."""
    devices = dr.async_get(hass)

    @callback
    def describe(event: Event[dict[str, Any]]) -> dict[str, str]:
        data = event.data
        device = devices.async_get(data["device_id"]) if data.get("device_id") else None
        device_name = None if device is None else device.name_by_user or device.name
        subject = data["subject"]["name"]
        message = _MESSAGES[EventType(data["type"])].format_map(_Words(data["data"]))
        return {
            LOGBOOK_ENTRY_NAME: device_name or subject,
            LOGBOOK_ENTRY_MESSAGE: message if device_name in (None, subject) else f"{subject}: {message}",
        }

    async_describe_event(DOMAIN, BUS_EVENT, describe)
