"""A few lines for Settings, System, Repairs, System information."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import GatewayCoordinator
from .runtime import LlmGatewayConfigEntry


@callback
def async_register(_hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register what tells the lines."""
    register.async_register_info(_info)


async def _info(hass: HomeAssistant) -> dict[str, Any]:
    integration = await async_get_integration(hass, DOMAIN)
    lines: dict[str, Any] = {"bridge_version": str(integration.version)}
    entries: list[LlmGatewayConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        prefix = f"{entry.title}: " if len(entries) > 1 else ""
        lines |= {f"{prefix}{name}": value for name, value in _lines_of(hass, entry).items()}
    return lines


def _lines_of(hass: HomeAssistant, entry: LlmGatewayConfigEntry) -> dict[str, Any]:
    coordinator = entry.runtime_data.coordinator
    return {
        "connected": coordinator.last_update_success,
        "mode": coordinator.mode.value,
        "last_push": _age_of_push(coordinator),
        "app_version": coordinator.data.gateway.version,
        "schema": entry.runtime_data.greeting.schema,
        "can_reach_gateway": system_health.async_check_can_reach_url(hass, f"{entry.data[CONF_URL]}/health/liveliness"),
    }


def _age_of_push(coordinator: GatewayCoordinator) -> str:
    if coordinator.last_push_at is None:
        return "never"
    return f"{round((dt_util.utcnow() - coordinator.last_push_at).total_seconds())} s"
