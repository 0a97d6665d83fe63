"""Numbers that set the limit of a budget."""

from typing import override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberEntityDescription, NumberMode
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .actions import set_budget
from .entity import GatewayEntity, budget_place, follow
from .models import Budget
from .roster import Kind
from .runtime import LlmGatewayConfigEntry

PARALLEL_UPDATES = 0

BUDGET_LIMIT = NumberEntityDescription(
    key="budget_limit",
    translation_key="budget_limit",
    device_class=NumberDeviceClass.MONETARY,
    native_unit_of_measurement="USD",
    native_min_value=0,
    native_max_value=100_000,
    native_step=0.5,
    mode=NumberMode.BOX,
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    """Add a number for each budget."""
    follow(entry, add, Kind.BUDGET, lambda c, item_id: [BudgetLimit(c, budget_place(c, item_id), BUDGET_LIMIT)])


class BudgetLimit(GatewayEntity[Budget], NumberEntity):
    """The limit of one budget. Unknown while it has none."""

    @property
    @override
    def native_value(self) -> float | None:
        """Read the limit."""
        return None if self.item is None else self.item.limit

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the limit."""
        if (budget := self.item) is not None:
            await set_budget(self.coordinator, {"budget_id": budget.id, "limit": value}, await self.actor())
