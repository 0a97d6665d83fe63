"""An integration for tests of the lab: one sensor that counts, and an action that lets it count until it is tired."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import issue_registry as ir

COUNTED = "sensor.counted"


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Start at nought."""
    attributes = {"title": entry.title}
    hass.states.async_set(COUNTED, "0", attributes)

    async def count(call: ServiceCall) -> ServiceResponse:
        before = hass.states.get(COUNTED)
        now = int(before.state if before else 0) + call.data["by"]
        hass.states.async_set(COUNTED, str(now), attributes)
        if now > 100:
            ir.async_create_issue(hass, "counting", "tired", is_fixable=True, severity=ir.IssueSeverity.WARNING, translation_key="tired")
        hass.bus.async_fire("counting_counted", {"now": now})
        return {"now": now}

    hass.services.async_register("counting", "count", count, supports_response=SupportsResponse.OPTIONAL)
    return True
