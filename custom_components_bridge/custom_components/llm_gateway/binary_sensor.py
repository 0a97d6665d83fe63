"""Binary sensors: whether the gateway is heard of, and whether something is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity, BinarySensorEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import GatewayEntity, budget_place, follow, gateway_place, provider_place
from .models import Budget, BudgetState, GatewayState, Provider, ProviderState, Snapshot
from .roster import Kind
from .runtime import LlmGatewayConfigEntry

PARALLEL_UPDATES = 0

_PROVIDER_FINE = (ProviderState.OK, ProviderState.DISABLED, ProviderState.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class GatewayBinarySensorDescription[T](BinarySensorEntityDescription):
    """What a binary sensor reads of its item."""

    value_fn: Callable[[T], bool]
    attributes_fn: Callable[[T], dict[str, Any]] | None = None


CONNECTED: GatewayBinarySensorDescription[Snapshot] = GatewayBinarySensorDescription(
    key="connected",
    translation_key="connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
    value_fn=lambda _: True,
)


def _gateway_reasons(snapshot: Snapshot) -> list[str]:
    """Say in short texts what is wrong with the gateway."""
    own = [] if snapshot.gateway.state is GatewayState.OK else [f"{snapshot.gateway.state} (database: {snapshot.gateway.database})"]
    down = [provider for provider in snapshot.providers.values() if provider.state is ProviderState.DOWN]
    return own + [f"{provider.name}: {provider.reason or provider.state}" for provider in down]


GATEWAY_PROBLEM: GatewayBinarySensorDescription[Snapshot] = GatewayBinarySensorDescription(
    key="problem",
    translation_key="problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
    value_fn=lambda snapshot: bool(_gateway_reasons(snapshot)),
    attributes_fn=lambda snapshot: {"reasons": _gateway_reasons(snapshot)},
)

PROVIDER_PROBLEM: GatewayBinarySensorDescription[Provider] = GatewayBinarySensorDescription(
    key="problem",
    translation_key="problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
    value_fn=lambda provider: provider.state not in _PROVIDER_FINE,
)

BUDGET_EXCEEDED: GatewayBinarySensorDescription[Budget] = GatewayBinarySensorDescription(
    key="budget_exceeded",
    translation_key="budget_exceeded",
    device_class=BinarySensorDeviceClass.PROBLEM,
    value_fn=lambda budget: budget.state is BudgetState.EXCEEDED,
)


async def async_setup_entry(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    """Add the binary sensors of the gateway, its providers and its budgets."""
    coordinator = entry.runtime_data.coordinator
    place = gateway_place(coordinator)
    add([ConnectedSensor(coordinator, place, CONNECTED), GatewayBinarySensor(coordinator, place, GATEWAY_PROBLEM)])
    follow(entry, add, Kind.PROVIDER, lambda c, item_id: [GatewayBinarySensor(c, provider_place(c, item_id), PROVIDER_PROBLEM)])
    follow(entry, add, Kind.BUDGET, lambda c, item_id: [GatewayBinarySensor(c, budget_place(c, item_id), BUDGET_EXCEEDED)])


class GatewayBinarySensor[T](GatewayEntity[T], BinarySensorEntity):
    """A yes or no about one item."""

    entity_description: GatewayBinarySensorDescription[T]

    @property
    @override
    def is_on(self) -> bool | None:
        """Read the value."""
        return None if self.item is None else self.entity_description.value_fn(self.item)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Give what goes with the value."""
        attributes_fn = self.entity_description.attributes_fn
        return None if attributes_fn is None or self.item is None else attributes_fn(self.item)


class ConnectedSensor(GatewayBinarySensor[Snapshot]):
    """Whether the gateway's data are fresh. Never unavailable itself."""

    @property
    @override
    def available(self) -> bool:
        """Tell it in any case."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Tell whether the data are fresh."""
        return self.coordinator.last_update_success
