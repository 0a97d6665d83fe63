"""Actions for automations and scripts. All need an administrator when a person calls them."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util

from .actions import act, block_key, reset_budget, set_budget
from .const import DOMAIN
from .coordinator import GatewayCoordinator
from .entity import actor_of
from .models import Budget, BudgetPeriod, BudgetScope
from .roster import Kind
from .runtime import LlmGatewayConfigEntry
from .schema import vol

PERIODS = ("day", "week", "month", "custom")
GROUPS = ("none", "key", "model", "provider", "user", "tag")

_ENTRY = {vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string}
_DEVICE = {vol.Optional(ATTR_DEVICE_ID): cv.string}
_BUDGET = {**_ENTRY, **_DEVICE, vol.Optional("budget_id"): cv.string}

_GET_USAGE = vol.Schema(
    {
        **_ENTRY,
        **_DEVICE,
        vol.Optional("period", default="month"): vol.In(PERIODS),
        vol.Optional("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
        vol.Optional("group_by", default="none"): vol.In(GROUPS),
    }
)
_SET_BUDGET = vol.Schema(
    {
        **_BUDGET,
        vol.Optional("limit"): vol.Any(None, vol.All(vol.Coerce(float), vol.Range(min=0, max=1_000_000))),
        vol.Optional("period"): vol.In([period.value for period in BudgetPeriod if period is not BudgetPeriod.CUSTOM]),
    }
)
_RESET_BUDGET = vol.Schema(_BUDGET)
_KEYS = vol.Schema({vol.Required(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string])})
_REFRESH = vol.Schema(_ENTRY)
_TEST_PROVIDER = vol.Schema({**_ENTRY, vol.Required(ATTR_DEVICE_ID): cv.string})

type Found = tuple[GatewayCoordinator, Kind, str]


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the actions, once for each run of Core."""
    optional = SupportsResponse.OPTIONAL
    for name, handle, schema, response in (
        ("get_usage", _get_usage, _GET_USAGE, SupportsResponse.ONLY),
        ("set_budget", _set_budget, _SET_BUDGET, optional),
        ("reset_budget", _reset_budget, _RESET_BUDGET, optional),
        ("block_key", _block_key, _KEYS, SupportsResponse.NONE),
        ("unblock_key", _unblock_key, _KEYS, SupportsResponse.NONE),
        ("refresh_models", _refresh_models, _REFRESH, optional),
        ("test_provider", _test_provider, _TEST_PROVIDER, optional),
    ):
        async_register_admin_service(hass, DOMAIN, name, _bound(handle), schema, response)


def _bound(
    handle: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]],
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Answer only where an answer was asked for."""

    async def answered(call: ServiceCall) -> ServiceResponse:
        response = await handle(call)
        return response if call.return_response else None

    return answered


async def _get_usage(call: ServiceCall) -> ServiceResponse:
    coordinator = _coordinator(call)
    data: dict[str, Any] = {"period": call.data["period"], "group_by": call.data["group_by"], **_window(call)}
    if ATTR_DEVICE_ID in call.data:
        data["key_id"] = _item(call, coordinator, Kind.KEY)
    return dict(await act(coordinator, "get_usage", data, await _actor(call)))


async def _set_budget(call: ServiceCall) -> ServiceResponse:
    coordinator = _coordinator(call)
    data = {**_budget_target(call, coordinator), "limit": call.data.get("limit")}
    if "period" in call.data:
        data["period"] = call.data["period"]
    return dict(await set_budget(coordinator, data, await _actor(call)))


async def _reset_budget(call: ServiceCall) -> ServiceResponse:
    coordinator = _coordinator(call)
    return dict(await reset_budget(coordinator, _budget_target(call, coordinator), await _actor(call)))


async def _block_key(call: ServiceCall) -> ServiceResponse:
    return await _block_keys(call, blocked=True)


async def _unblock_key(call: ServiceCall) -> ServiceResponse:
    return await _block_keys(call, blocked=False)


async def _block_keys(call: ServiceCall, *, blocked: bool) -> ServiceResponse:
    """Block or unblock several keys. All are looked at before the first is changed."""
    found = [_find_device(call.hass, device_id) for device_id in call.data[ATTR_DEVICE_ID]]
    for coordinator, kind, key_id in found:
        if kind is not Kind.KEY:
            raise _invalid("device_is_no_key")
        if blocked and coordinator.data.keys[key_id].managed:
            raise _invalid("own_key", name=coordinator.data.keys[key_id].name)
    actor = await _actor(call)
    for coordinator, _, key_id in found:
        await block_key(coordinator, key_id, actor, blocked=blocked)
    return None


async def _refresh_models(call: ServiceCall) -> ServiceResponse:
    return dict(await act(_coordinator(call), "refresh_models", {}, await _actor(call)))


async def _test_provider(call: ServiceCall) -> ServiceResponse:
    coordinator = _coordinator(call)
    data = {"provider_id": _item(call, coordinator, Kind.PROVIDER)}
    return dict(await act(coordinator, "test_provider", data, await _actor(call)))


async def _actor(call: ServiceCall) -> Any:
    return await actor_of(call.hass, call.context.user_id)


def _coordinator(call: ServiceCall) -> GatewayCoordinator:
    return _loaded(call.hass, call.data[ATTR_CONFIG_ENTRY_ID])


def _loaded(hass: HomeAssistant, entry_id: str) -> GatewayCoordinator:
    entry: LlmGatewayConfigEntry | None = hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.domain != DOMAIN:
        raise _invalid("entry_not_found")
    if entry.state is not ConfigEntryState.LOADED:
        raise _invalid("entry_not_loaded", name=entry.title)
    return entry.runtime_data.coordinator


def _find_device(hass: HomeAssistant, device_id: str) -> Found:
    """Find the gateway and the item that a device stands for."""
    device = dr.async_get(hass).async_get(device_id)
    if device is None or device.config_entry_id is None:
        raise _invalid("device_not_found")
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    if entry is None or entry.domain != DOMAIN:
        raise _invalid("device_not_found")
    coordinator = _loaded(hass, entry.entry_id)
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and (item := coordinator.roster.item_of(identifier, coordinator.data)) is not None:
            return coordinator, *item
    raise _invalid("device_not_suitable", device=device.name_by_user or device.name or device_id)


def _item(call: ServiceCall, coordinator: GatewayCoordinator, wanted: Kind) -> str:
    """Find the item of the one device of a call, which must belong to the same gateway."""
    owner, kind, item_id = _find_device(call.hass, call.data[ATTR_DEVICE_ID])
    if owner is not coordinator:
        raise _invalid("device_of_other_gateway", name=coordinator.name)
    if kind is not wanted:
        raise _invalid(f"device_is_no_{wanted}")
    return item_id


def _budget_target(call: ServiceCall, coordinator: GatewayCoordinator) -> dict[str, str]:
    """Find whose budget is meant: that of a key, or a budget by its device, id or name."""
    if (ATTR_DEVICE_ID in call.data) == ("budget_id" in call.data):
        raise _invalid("one_budget_target")
    if "budget_id" in call.data:
        return {"budget_id": _budget_named(coordinator, call.data["budget_id"]).id}
    owner, kind, item_id = _find_device(call.hass, call.data[ATTR_DEVICE_ID])
    if owner is not coordinator:
        raise _invalid("device_of_other_gateway", name=coordinator.name)
    if kind is Kind.KEY:
        return {"key_id": item_id}
    for budget in coordinator.data.budgets.values():
        if kind is Kind.PROVIDER and budget.scope is BudgetScope.PROVIDER and budget.scope_id == item_id:
            return {"budget_id": budget.id}
    raise _invalid("device_without_budget")


def _budget_named(coordinator: GatewayCoordinator, word: str) -> Budget:
    """Find a budget by its id, or by its name when only one has it."""
    budgets: Mapping[str, Budget] = coordinator.data.budgets
    if word in budgets:
        return budgets[word]
    named = [budget for budget in budgets.values() if budget.name == word]
    if len(named) == 1:
        return named[0]
    raise _invalid("budget_not_found" if not named else "budget_not_unique", budget=word)


def _window(call: ServiceCall) -> dict[str, str]:
    """Read start and end, which a period of one's own needs and no other has."""
    start, end = call.data.get("start"), call.data.get("end")
    if call.data["period"] != "custom":
        if start is not None or end is not None:
            raise _invalid("window_without_custom")
        return {}
    if start is None:
        raise _invalid("custom_without_start")
    if end is not None and end <= start:
        raise _invalid("end_before_start")
    return {"start": _utc(start)} if end is None else {"start": _utc(start), "end": _utc(end)}


def _utc(moment: datetime) -> str:
    return dt_util.as_utc(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _invalid(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
