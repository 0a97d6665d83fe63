"""The event entity: what happens at the gateway, as it happens."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import GatewayEntity, gateway_place
from .messages import EventType, GatewayEvent
from .models import Snapshot
from .runtime import LlmGatewayConfigEntry

PARALLEL_UPDATES = 0

ACTIVITY = EventEntityDescription(key="activity", translation_key="activity", event_types=list(EventType))


async def async_setup_entry(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    """Add the one event entity."""
    coordinator = entry.runtime_data.coordinator
    add([ActivityEvent(coordinator, gateway_place(coordinator), ACTIVITY)])


class ActivityEvent(GatewayEntity[Snapshot], EventEntity):
    """All that happens, by type."""

    @override
    async def async_added_to_hass(self) -> None:
        """Begin to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.events.listen(self._happened))

    @callback
    def _happened(self, event: GatewayEvent) -> None:
        subject = {"subject_kind": event.subject_kind.value, "subject_id": event.subject_id, "subject_name": event.subject_name}
        self._trigger_event(event.type, {**event.data, **subject})
        self.async_write_ha_state()
