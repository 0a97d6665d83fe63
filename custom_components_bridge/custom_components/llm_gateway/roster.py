"""Which items of the gateway have devices and entities here: new ones come, stale ones go."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import DOMAIN, FULL_SNAPSHOTS_BEFORE_REMOVAL, MANUFACTURER
from .models import Snapshot


class Kind(StrEnum):
    """Items that come and go. Providers, keys and people are devices; the others are entities on one."""

    PROVIDER = "provider"
    KEY = "key"
    PERSON = "person"
    BUDGET = "budget"
    LIMIT = "limit"
    MODEL = "model"


DEVICE_KINDS = (Kind.PROVIDER, Kind.KEY, Kind.PERSON)

# Ends of unique ids of entities whose item is no device.
_ENTITY_KEYS: Mapping[Kind, tuple[str, ...]] = {
    Kind.BUDGET: ("budget_exceeded", "budget_resets", "budget_limit"),
    Kind.LIMIT: ("budget_remaining", "budget_used"),
    Kind.MODEL: ("model_spend_month",),
}
_WORD_IN_ID: Mapping[Kind, str] = {Kind.LIMIT: Kind.BUDGET}

type Added = Callable[[list[str]], None]


def unique_prefix(gateway_id: str, kind: Kind, item_id: str) -> str:
    """Give what the unique ids of an item's entities begin with; of a device also the identifier."""
    return f"{gateway_id}_{_WORD_IN_ID.get(kind, kind)}_{item_id}"


def items_of(snapshot: Snapshot, kind: Kind) -> Mapping[str, Any]:
    """Give the items of a kind by id. A limit is a budget that has one."""
    match kind:
        case Kind.PROVIDER:
            return snapshot.providers
        case Kind.KEY:
            return snapshot.keys
        case Kind.PERSON:
            return snapshot.people
        case Kind.BUDGET:
            return snapshot.budgets
        case Kind.LIMIT:
            return {budget.id: budget for budget in snapshot.budgets.values() if budget.limit is not None}
        case Kind.MODEL:
            return snapshot.models


class Roster:
    """The items of one entry."""

    def __init__(self, hass: HomeAssistant, entry_id: str, gateway_id: str, gateway_device_id: str) -> None:
        """Take the gateway's own device; the others hang on it."""
        self._devices = dr.async_get(hass)
        self._entities = er.async_get(hass)
        self._entry_id = entry_id
        self._gateway_id = gateway_id
        self._gateway_device_id = gateway_device_id
        self._known: dict[Kind, set[str]] = {kind: set() for kind in Kind}
        self._shown: dict[tuple[Kind, str], tuple[str, str]] = {}
        self._missed: dict[tuple[Kind, str], int] = dict.fromkeys(self._registered(), 0)
        self._listeners: dict[Kind, list[Added]] = {kind: [] for kind in Kind}

    @callback
    def listen(self, kind: Kind, added: Added) -> Callable[[], None]:
        """Tell a platform which items there are and which come. Returns what ends it."""
        self._listeners[kind].append(added)
        if self._known[kind]:
            added(sorted(self._known[kind]))

        def stop() -> None:
            self._listeners[kind].remove(added)

        return stop

    @callback
    def see(self, snapshot: Snapshot, *, full: bool) -> None:
        """Compare with a snapshot. Only whole ones take something away."""
        for kind in DEVICE_KINDS:
            for item_id, item in items_of(snapshot, kind).items():
                self._show_device(kind, item_id, item.name, item.kind if kind is Kind.PROVIDER else _MODEL_OF[kind])
        for kind in Kind:
            self._add(kind, items_of(snapshot, kind))
        if full and not snapshot.truncated:
            self._count_missing(snapshot)

    @callback
    def forget(self, identifier: str) -> None:
        """Note that a person removed a device, so that its item may come again."""
        for kind in DEVICE_KINDS:
            for item_id in tuple(self._known[kind]):
                if unique_prefix(self._gateway_id, kind, item_id) == identifier:
                    self._drop(kind, item_id)

    def device_id(self, kind: Kind, item_id: str) -> str | None:
        """Find the device of an item."""
        device = self._device(kind, item_id)
        return None if device is None else device.id

    def item_of(self, identifier: str, snapshot: Snapshot) -> tuple[Kind, str] | None:
        """Find the item that a device identifier stands for."""
        for kind in DEVICE_KINDS:
            for item_id in items_of(snapshot, kind):
                if unique_prefix(self._gateway_id, kind, item_id) == identifier:
                    return kind, item_id
        return None

    def _add(self, kind: Kind, items: Mapping[str, Any]) -> None:
        new = [item_id for item_id in items if item_id not in self._known[kind]]
        if not new:
            return
        self._known[kind].update(new)
        for item_id in new:
            self._missed.setdefault((kind, item_id), 0)
        for added in tuple(self._listeners[kind]):
            added(new)

    def _count_missing(self, snapshot: Snapshot) -> None:
        present = {kind: items_of(snapshot, kind) for kind in Kind}
        for kind, item_id in tuple(self._missed):
            if (kind, item_id) not in self._missed:
                continue
            missed = 0 if item_id in present[kind] else self._missed[kind, item_id] + 1
            self._missed[kind, item_id] = missed
            if missed >= FULL_SNAPSHOTS_BEFORE_REMOVAL:
                self._remove(kind, item_id)

    def _remove(self, kind: Kind, item_id: str) -> None:
        if kind in DEVICE_KINDS:
            if (device := self._device(kind, item_id)) is not None:
                self._devices.async_remove_device(device.id)
        else:
            prefix = unique_prefix(self._gateway_id, kind, item_id)
            wanted = {f"{prefix}_{key}" for key in _ENTITY_KEYS[kind]}
            for entity in er.async_entries_for_config_entry(self._entities, self._entry_id):
                if entity.unique_id in wanted:
                    self._entities.async_remove(entity.entity_id)
        self._drop(kind, item_id)

    def _drop(self, kind: Kind, item_id: str) -> None:
        self._known[kind].discard(item_id)
        self._missed.pop((kind, item_id), None)
        self._shown.pop((kind, item_id), None)

    def _show_device(self, kind: Kind, item_id: str, name: str, model: str) -> None:
        if self._shown.get((kind, item_id)) == (name, model):
            return
        self._devices.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={(DOMAIN, unique_prefix(self._gateway_id, kind, item_id))},
            name=name,
            manufacturer=MANUFACTURER,
            model=model,
            entry_type=dr.DeviceEntryType.SERVICE,
            via_device_id=self._gateway_device_id,
        )
        self._shown[kind, item_id] = (name, model)

    def _device(self, kind: Kind, item_id: str) -> dr.DeviceEntry | None:
        return self._devices.async_get_device_by_identifier((DOMAIN, unique_prefix(self._gateway_id, kind, item_id)), self._entry_id)

    def _registered(self) -> Iterator[tuple[Kind, str]]:
        """Find what was here before this start, so that it can go when it is no longer there."""
        for device in dr.async_entries_for_config_entry(self._devices, self._entry_id):
            for domain, identifier in device.identifiers:
                for kind in DEVICE_KINDS:
                    prefix = unique_prefix(self._gateway_id, kind, "")
                    if domain == DOMAIN and identifier.startswith(prefix):
                        yield kind, identifier.removeprefix(prefix)
        for entity in er.async_entries_for_config_entry(self._entities, self._entry_id):
            for kind, keys in _ENTITY_KEYS.items():
                prefix = unique_prefix(self._gateway_id, kind, "")
                for key in keys:
                    if entity.unique_id.startswith(prefix) and entity.unique_id.endswith(f"_{key}"):
                        yield kind, entity.unique_id.removeprefix(prefix).removesuffix(f"_{key}")


_MODEL_OF: Mapping[Kind, str] = {Kind.KEY: "API key", Kind.PERSON: "Person"}
