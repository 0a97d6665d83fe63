"""What the owner of an entry wants to see: the entry's options."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from .const import (
    INTERVAL_DEFAULT,
    KEYS_ALL,
    KEYS_NONE,
    OPT_BUDGETS,
    OPT_INTERVAL,
    OPT_KEYS,
    OPT_MODELS,
    OPT_PROVIDERS,
)
from .models import Budget, BudgetScope, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Options of an entry. `keys` is `all`, `none` or a list of ids."""

    interval_s: int
    keys: str | tuple[str, ...]
    providers: bool
    models: bool
    budgets: bool

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Read an entry's options, with the defaults for what was never chosen."""
        keys = options.get(OPT_KEYS, KEYS_ALL)
        return cls(
            interval_s=options.get(OPT_INTERVAL, INTERVAL_DEFAULT),
            keys=keys if isinstance(keys, str) else tuple(keys),
            providers=options.get(OPT_PROVIDERS, True),
            models=options.get(OPT_MODELS, False),
            budgets=options.get(OPT_BUDGETS, True),
        )

    def as_options(self) -> dict[str, Any]:
        """Write them as they are stored and sent."""
        return {
            OPT_INTERVAL: self.interval_s,
            OPT_KEYS: self.keys if isinstance(self.keys, str) else list(self.keys),
            OPT_PROVIDERS: self.providers,
            OPT_MODELS: self.models,
            OPT_BUDGETS: self.budgets,
        }

    def of_snapshot(self, snapshot: Snapshot) -> Snapshot:
        """Leave out what is not wanted. A budget of a key or provider goes with it."""
        return replace(
            snapshot,
            keys={key.id: key for key in snapshot.keys.values() if self._wants_key(key.id)},
            providers=snapshot.providers if self.providers else {},
            models=snapshot.models if self.models else {},
            budgets={budget.id: budget for budget in snapshot.budgets.values() if self._wants_budget(budget)},
        )

    def _wants_key(self, key_id: str) -> bool:
        if self.keys == KEYS_ALL:
            return True
        return self.keys != KEYS_NONE and key_id in self.keys

    def _wants_budget(self, budget: Budget) -> bool:
        if budget.scope is BudgetScope.KEY and budget.scope_id is not None:
            return self.budgets and self._wants_key(budget.scope_id)
        if budget.scope is BudgetScope.PROVIDER:
            return self.budgets and self.providers
        return self.budgets
