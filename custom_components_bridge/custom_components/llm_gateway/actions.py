"""What can be done at the gateway. Each shows its effect at once, and tells failures in translated words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.exceptions import HomeAssistantError

from .client import KeyRefusedError
from .const import DOMAIN
from .coordinator import GatewayCoordinator
from .link import Actor, NoReplyError
from .messages import ActionRefusedError
from .models import Budget, Key
from .wire import Reader, WireError


async def act(coordinator: GatewayCoordinator, action: str, data: Mapping[str, Any], actor: Actor | None) -> Mapping[str, Any]:
    """Have an action carried out."""
    try:
        return await coordinator.act(action, data, actor)
    except ActionRefusedError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=f"refused_{error.code}",
            translation_placeholders={"name": coordinator.name, "message": str(error)},
        ) from error
    except NoReplyError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="no_reply", translation_placeholders={"name": coordinator.name}
        ) from error
    except KeyRefusedError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="action_key_refused", translation_placeholders={"name": coordinator.name}
        ) from error


async def block_key(coordinator: GatewayCoordinator, key_id: str, actor: Actor | None, *, blocked: bool) -> None:
    """Block or unblock a key."""
    result = await act(coordinator, "block_key" if blocked else "unblock_key", {"key_id": key_id}, actor)
    key = _row(coordinator, result, Key.read)
    coordinator.changed(replace(coordinator.data, keys={**coordinator.data.keys, key.id: key}))


async def set_budget(coordinator: GatewayCoordinator, data: Mapping[str, Any], actor: Actor | None) -> Mapping[str, Any]:
    """Set the limit of a budget, and its period when one is given."""
    return await _change_budget(coordinator, "set_budget", data, actor)


async def reset_budget(coordinator: GatewayCoordinator, data: Mapping[str, Any], actor: Actor | None) -> Mapping[str, Any]:
    """Begin a budget's window anew."""
    return await _change_budget(coordinator, "reset_budget", data, actor)


async def _change_budget(coordinator: GatewayCoordinator, action: str, data: Mapping[str, Any], actor: Actor | None) -> Mapping[str, Any]:
    result = await act(coordinator, action, data, actor)
    budget = _row(coordinator, result, Budget.read)
    coordinator.changed(replace(coordinator.data, budgets={**coordinator.data.budgets, budget.id: budget}))
    return result


def _row[T](coordinator: GatewayCoordinator, result: Mapping[str, Any], read: Callable[[Reader], T]) -> T:
    try:
        return read(Reader(result, "result"))
    except WireError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="refused_failed",
            translation_placeholders={"name": coordinator.name, "message": str(error)},
        ) from error
