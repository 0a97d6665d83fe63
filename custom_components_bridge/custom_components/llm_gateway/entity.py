"""What all entities share: whose they are, what they read, and when they are available."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import GatewayCoordinator
from .link import Actor
from .models import Budget, BudgetScope, Key, Model, Person, Provider, Snapshot
from .roster import Kind, unique_prefix
from .runtime import LlmGatewayConfigEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Place[T]:
    """Where an entity belongs, and how it finds its item in a snapshot."""

    prefix: str
    device: str
    find: Callable[[Snapshot], T | None]
    placeholders: Mapping[str, str] = field(default_factory=dict)

    @property
    def named(self) -> bool:
        """Tell whether the item's own name belongs into the entity's."""
        return bool(self.placeholders)


def gateway_place(coordinator: GatewayCoordinator) -> Place[Snapshot]:
    """Give the place of entities of the gateway itself."""
    return Place(prefix=coordinator.gateway_id, device=coordinator.gateway_id, find=lambda snapshot: snapshot)


def provider_place(coordinator: GatewayCoordinator, item_id: str) -> Place[Provider]:
    """Give the place of a provider's entities."""
    prefix = unique_prefix(coordinator.gateway_id, Kind.PROVIDER, item_id)
    return Place(prefix=prefix, device=prefix, find=lambda snapshot: snapshot.providers.get(item_id))


def key_place(coordinator: GatewayCoordinator, item_id: str) -> Place[Key]:
    """Give the place of a key's entities."""
    prefix = unique_prefix(coordinator.gateway_id, Kind.KEY, item_id)
    return Place(prefix=prefix, device=prefix, find=lambda snapshot: snapshot.keys.get(item_id))


def person_place(coordinator: GatewayCoordinator, item_id: str) -> Place[Person]:
    """Give the place of a person's entities."""
    prefix = unique_prefix(coordinator.gateway_id, Kind.PERSON, item_id)
    return Place(prefix=prefix, device=prefix, find=lambda snapshot: snapshot.people.get(item_id))


def model_place(coordinator: GatewayCoordinator, item_id: str) -> Place[Model]:
    """Give the place of a model's entities: on the gateway's device, with its name."""
    model = coordinator.data.models[item_id]
    return Place(
        prefix=unique_prefix(coordinator.gateway_id, Kind.MODEL, item_id),
        device=coordinator.gateway_id,
        find=lambda snapshot: snapshot.models.get(item_id),
        placeholders={"model": model.name},
    )


def budget_place(coordinator: GatewayCoordinator, item_id: str) -> Place[Budget]:
    """Give the place of a budget's entities: on the device of its key or provider, else on the gateway's, with its name."""
    snapshot = coordinator.data
    budget = snapshot.budgets[item_id]
    device = None
    subject = budget.scope_id or ""
    if budget.scope is BudgetScope.KEY and subject in snapshot.keys:
        device = unique_prefix(coordinator.gateway_id, Kind.KEY, subject)
    if budget.scope is BudgetScope.PROVIDER and subject in snapshot.providers:
        device = unique_prefix(coordinator.gateway_id, Kind.PROVIDER, subject)
    return Place(
        prefix=unique_prefix(coordinator.gateway_id, Kind.BUDGET, item_id),
        device=device or coordinator.gateway_id,
        find=lambda snapshot: snapshot.budgets.get(item_id),
        placeholders={"budget": budget.name} if device is None else {},
    )


class GatewayEntity[T](CoordinatorEntity[GatewayCoordinator]):
    """One entity of one item."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: GatewayCoordinator, place: Place[T], description: EntityDescription) -> None:
        """Take where it belongs and what it shows."""
        super().__init__(coordinator)
        self._place = place
        self.entity_description = description
        self._attr_unique_id = f"{place.prefix}_{description.key}"
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, place.device)})
        if place.named:
            self._attr_translation_key = f"{description.translation_key or description.key}_named"
            self._attr_translation_placeholders = place.placeholders

    @property
    def item(self) -> T | None:
        """What the entity is about, while the gateway has it."""
        return self._place.find(self.coordinator.data)

    @property
    @override
    def available(self) -> bool:
        """Tell whether there are fresh data with the item in them."""
        return super().available and self.item is not None

    async def actor(self) -> Actor | None:
        """Find the user who changes this entity now."""
        return await actor_of(self.hass, None if self._context is None else self._context.user_id)


async def actor_of(hass: HomeAssistant, user_id: str | None) -> Actor | None:
    """Find the name of a user. Automations act without one."""
    user = None if user_id is None else await hass.auth.async_get_user(user_id)
    return None if user is None else Actor(user.id, user.name)


@callback
def follow(
    entry: LlmGatewayConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    kind: Kind,
    make: Callable[[GatewayCoordinator, str], list[Any]],
) -> None:
    """Add the entities of all items of a kind, now and whenever one comes."""
    coordinator = entry.runtime_data.coordinator

    def added(item_ids: list[str]) -> None:
        entities: list[Entity] = [entity for item_id in item_ids for entity in make(coordinator, item_id)]
        add(entities)

    entry.async_on_unload(coordinator.roster.listen(kind, added))
