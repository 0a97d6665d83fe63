"""What goes into a bug report: no key, no names of keys and people."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from yarl import URL

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.loader import async_get_integration

from .const import DOMAIN
from .coordinator import GatewayCoordinator
from .models import BudgetScope, Snapshot
from .roster import items_of
from .runtime import LlmGatewayConfigEntry

TO_REDACT = frozenset({CONF_TOKEN, "owner"})

# Budgets that carry the name of a key or of people.
_NAMED_FOR_SOMEBODY = (BudgetScope.KEY, BudgetScope.USER, BudgetScope.TEAM, BudgetScope.TAG)


async def async_get_config_entry_diagnostics(hass: HomeAssistant, entry: LlmGatewayConfigEntry) -> dict[str, Any]:
    """Describe an entry."""
    runtime = entry.runtime_data
    coordinator = runtime.coordinator
    integration = await async_get_integration(hass, DOMAIN)
    data = {**entry.data, CONF_URL: str(URL(entry.data[CONF_URL]).with_user(None))}
    return {
        "entry": async_redact_data({"data": data, "options": dict(entry.options)}, TO_REDACT),
        "versions": {
            "integration": str(integration.version),
            "gateway": runtime.greeting.app_version,
            "schema": runtime.greeting.schema,
        },
        "connection": {
            "mode": coordinator.mode,
            "fresh": coordinator.last_update_success,
            "greeted": coordinator.link.greeting is not None,
            "listens_for_actions": coordinator.link.subscribed,
            "pushes": coordinator.pushes,
            "losses": coordinator.link.losses,
            "reconnects": coordinator.link.greetings,
            "last_push_at": coordinator.last_push_at,
        },
        "last_events": [{"at": at, "type": event_type} for at, event_type in coordinator.events.last_types],
        "snapshot": async_redact_data(_described(coordinator.data), TO_REDACT),
    }


async def async_get_device_diagnostics(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, device: DeviceEntry) -> dict[str, Any]:
    """Describe one device: the item that it stands for, or the gateway's own blocks."""
    coordinator = entry.runtime_data.coordinator
    described = _described(coordinator.data)
    if (found := _item_of(coordinator, device)) is None:
        return {"gateway": described["gateway"], "totals": described["totals"]}
    kind, row = found
    return {kind: async_redact_data(row, TO_REDACT)}


def _item_of(coordinator: GatewayCoordinator, device: DeviceEntry) -> tuple[str, dict[str, Any]] | None:
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and (found := coordinator.roster.item_of(identifier, coordinator.data)) is not None:
            kind, item_id = found
            return kind, _row(items_of(coordinator.data, kind)[item_id], named=kind == "provider")
    return None


def _described(snapshot: Snapshot) -> dict[str, Any]:
    """Write a snapshot with ids in the place of names."""
    return {
        "at": snapshot.at,
        "gateway": asdict(snapshot.gateway),
        "totals": asdict(snapshot.totals),
        "budgets": [_row(budget, named=budget.scope not in _NAMED_FOR_SOMEBODY) for budget in snapshot.budgets.values()],
        "providers": _rows(snapshot.providers, named=True),
        "keys": _rows(snapshot.keys, named=False),
        "models": _rows(snapshot.models, named=True),
        "people": _rows(snapshot.people, named=False),
        "truncated": snapshot.truncated,
    }


def _rows(items: Mapping[str, Any], *, named: bool) -> list[dict[str, Any]]:
    return [_row(item, named=named) for item in items.values()]


def _row(item: Any, *, named: bool) -> dict[str, Any]:
    row = asdict(item)
    return row if named else {**row, "name": row["id"]}
