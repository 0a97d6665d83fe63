"""Sensors: spend, use, health and budgets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription, SensorStateClass
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .coordinator import GatewayCoordinator
from .entity import GatewayEntity, Place, budget_place, follow, gateway_place, key_place, model_place, person_place, provider_place
from .models import Budget, Gateway, GatewayState, Key, KeyState, Model, Person, Provider, ProviderState, Snapshot
from .roster import Kind
from .runtime import LlmGatewayConfigEntry

PARALLEL_UPDATES = 0

DOLLARS = "USD"

type Window = Callable[[Gateway], datetime]


def _day(gateway: Gateway) -> datetime:
    return gateway.day_start


def _week(gateway: Gateway) -> datetime:
    return gateway.week_start


def _month(gateway: Gateway) -> datetime:
    return gateway.month_start


@dataclass(frozen=True, kw_only=True)
class GatewaySensorDescription[T](SensorEntityDescription):
    """What a sensor reads of its item."""

    value_fn: Callable[[T], StateType | datetime]
    last_reset_fn: Window | None = None
    attributes_fn: Callable[[T], dict[str, Any]] | None = None


def _money[T](
    key: str, value_fn: Callable[[T], StateType], *, on: bool = True, window: Window | None = None, total: bool = True
) -> GatewaySensorDescription[T]:
    """Describe an amount. What goes both ways is no total."""
    return GatewaySensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL if total else None,
        native_unit_of_measurement=DOLLARS,
        suggested_display_precision=2,
        entity_registry_enabled_default=on,
        value_fn=value_fn,
        last_reset_fn=window,
    )


def _count[T](
    key: str,
    value_fn: Callable[[T], StateType],
    *,
    on: bool = True,
    diagnostic: bool = False,
    window: Window | None = None,
    state_class: SensorStateClass | None = None,
) -> GatewaySensorDescription[T]:
    """Describe a counter; its unit is a word of the translations."""
    default = SensorStateClass.TOTAL_INCREASING if window is None else SensorStateClass.TOTAL
    return GatewaySensorDescription(
        key=key,
        translation_key=key,
        state_class=state_class or default,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=on,
        value_fn=value_fn,
        last_reset_fn=window,
    )


def _milliseconds[T](key: str, value_fn: Callable[[T], StateType], *, on: bool) -> GatewaySensorDescription[T]:
    return GatewaySensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=on,
        value_fn=value_fn,
    )


def _time[T](key: str, value_fn: Callable[[T], datetime | None]) -> GatewaySensorDescription[T]:
    return GatewaySensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=value_fn,
    )


def _status[T](
    subject: str, states: list[str], value_fn: Callable[[T], StateType], attributes_fn: Callable[[T], dict[str, Any]] | None = None
) -> GatewaySensorDescription[T]:
    return GatewaySensorDescription(
        key="status",
        translation_key=f"{subject}_status",
        device_class=SensorDeviceClass.ENUM,
        options=states,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=value_fn,
        attributes_fn=attributes_fn,
    )


def _cooldown_until(provider: Provider) -> dict[str, Any]:
    return {"cooldown_until": None if provider.cooldown_until is None else provider.cooldown_until.isoformat()}


GATEWAY: tuple[GatewaySensorDescription[Snapshot], ...] = (
    _money("spend_total", lambda s: s.totals.spend),
    _money("spend_today", lambda s: s.totals.spend_day, window=_day),
    _money("spend_week", lambda s: s.totals.spend_week, window=_week, on=False),
    _money("spend_month", lambda s: s.totals.spend_month, window=_month),
    _money("spend_projected", lambda s: s.totals.projected_month, total=False, on=False),
    _money("cache_savings_month", lambda s: s.totals.saved_by_cache_month, window=_month, on=False),
    _count("requests", lambda s: s.totals.requests),
    _count("requests_today", lambda s: s.totals.requests_day, window=_day),
    _count("errors", lambda s: s.totals.errors, diagnostic=True),
    _count("errors_today", lambda s: s.totals.errors_day, window=_day, diagnostic=True, on=False),
    _count("input_tokens", lambda s: s.totals.input_tokens),
    _count("output_tokens", lambda s: s.totals.output_tokens),
    _count("cached_tokens", lambda s: s.totals.cached_tokens, on=False),
    _milliseconds("latency", lambda s: s.totals.latency_p50_ms, on=True),
    _milliseconds("latency_p95", lambda s: s.totals.latency_p95_ms, on=False),
    _count("in_flight", lambda s: s.totals.in_flight, state_class=SensorStateClass.MEASUREMENT, diagnostic=True, on=False),
    _time("last_request", lambda s: s.totals.last_request_at),
    _status("gateway", list(GatewayState), lambda s: s.gateway.state),
)

PROVIDER: tuple[GatewaySensorDescription[Provider], ...] = (
    _status("provider", list(ProviderState), lambda p: p.state, _cooldown_until),
    _money("spend_month", lambda p: p.spend_month, window=_month),
    _money("spend_today", lambda p: p.spend_day, window=_day, on=False),
    _money("spend_total", lambda p: p.spend, on=False),
    _count("requests", lambda p: p.requests, on=False),
    _count("errors", lambda p: p.errors, diagnostic=True, on=False),
    _milliseconds("latency", lambda p: p.latency_p50_ms, on=False),
)

KEY: tuple[GatewaySensorDescription[Key], ...] = (
    _status("key", list(KeyState), lambda k: k.state),
    _money("spend_month", lambda k: k.spend_month, window=_month),
    _money("spend_today", lambda k: k.spend_day, window=_day, on=False),
    _money("spend_total", lambda k: k.spend, on=False),
    _count("requests", lambda k: k.requests, on=False),
    _count("tokens", lambda k: k.tokens, on=False),
    _time("last_used", lambda k: k.last_used_at),
    _time("expires", lambda k: k.expires_at),
)

PERSON: tuple[GatewaySensorDescription[Person], ...] = (
    _money("spend_month", lambda p: p.spend_month, window=_month),
    _money("spend_today", lambda p: p.spend_day, window=_day),
    _money("spend_total", lambda p: p.spend, on=False),
    _count("requests", lambda p: p.requests, on=False),
)

BUDGET: tuple[GatewaySensorDescription[Budget], ...] = (_time("budget_resets", lambda b: b.resets_at),)

LIMIT: tuple[GatewaySensorDescription[Budget], ...] = (
    _money("budget_remaining", lambda b: b.remaining, total=False),
    GatewaySensorDescription(
        key="budget_used",
        translation_key="budget_used",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value_fn=lambda b: b.used_percent,
    ),
)

MODEL: tuple[GatewaySensorDescription[Model], ...] = (_money("model_spend_month", lambda m: m.spend_month, window=_month, on=False),)


async def async_setup_entry(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, add: AddConfigEntryEntitiesCallback) -> None:
    """Add the sensors of the gateway and of its items."""
    coordinator = entry.runtime_data.coordinator
    add(_sensors(coordinator, gateway_place(coordinator), GATEWAY))
    follow(entry, add, Kind.PROVIDER, lambda c, item_id: _sensors(c, provider_place(c, item_id), PROVIDER))
    follow(entry, add, Kind.KEY, lambda c, item_id: _sensors(c, key_place(c, item_id), KEY))
    follow(entry, add, Kind.PERSON, lambda c, item_id: _sensors(c, person_place(c, item_id), PERSON))
    follow(entry, add, Kind.BUDGET, lambda c, item_id: _sensors(c, budget_place(c, item_id), BUDGET))
    follow(entry, add, Kind.LIMIT, lambda c, item_id: _sensors(c, budget_place(c, item_id), LIMIT))
    follow(entry, add, Kind.MODEL, lambda c, item_id: _sensors(c, model_place(c, item_id), MODEL))


def _sensors[T](
    coordinator: GatewayCoordinator, place: Place[T], descriptions: tuple[GatewaySensorDescription[T], ...]
) -> list[GatewaySensor[T]]:
    return [GatewaySensor(coordinator, place, description) for description in descriptions]


class GatewaySensor[T](GatewayEntity[T], SensorEntity):
    """A value of one item."""

    entity_description: GatewaySensorDescription[T]

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Read the value."""
        return None if self.item is None else self.entity_description.value_fn(self.item)

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Tell when the window of a sum began."""
        window = self.entity_description.last_reset_fn
        return None if window is None else window(self.coordinator.data.gateway)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Give what goes with the value."""
        attributes_fn = self.entity_description.attributes_fn
        return None if attributes_fn is None or self.item is None else attributes_fn(self.item)
