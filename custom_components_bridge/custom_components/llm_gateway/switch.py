"""Switches that block and unblock keys."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions import block_key
from .coordinator import GatewayCoordinator
from .entity import GatewayEntity, follow, key_place
from .models import Key, KeyState
from .roster import Kind
from .runtime import LlmGatewayConfigEntry

PARALLEL_UPDATES = 0

ENABLED = SwitchEntityDescription(
    key="enabled", translation_key="enabled", entity_category=EntityCategory.CONFIG, entity_registry_enabled_default=False
)


async def async_setup_entry(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    """Add a switch for each key but Home Assistant's own, which would cut itself off."""
    follow(entry, add, Kind.KEY, _switches)


def _switches(coordinator: GatewayCoordinator, item_id: str) -> list[KeySwitch]:
    if coordinator.data.keys[item_id].managed:
        return []
    return [KeySwitch(coordinator, key_place(coordinator, item_id), ENABLED)]


class KeySwitch(GatewayEntity[Key], SwitchEntity):
    """Whether a key may call."""

    @property
    @override
    def is_on(self) -> bool | None:
        """Tell whether the key is not blocked. One that expired or spent its budget is still switched on."""
        return None if self.item is None else self.item.state is not KeyState.BLOCKED

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Unblock the key."""
        await self._block(blocked=False)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Block the key."""
        await self._block(blocked=True)

    async def _block(self, *, blocked: bool) -> None:
        if (key := self.item) is not None:
            await block_key(self.coordinator, key.id, await self.actor(), blocked=blocked)
