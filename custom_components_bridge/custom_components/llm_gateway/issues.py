"""Repair issues: what lasts and wants a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
import re
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .const import (
    BUDGET_EXCEEDED_FOR,
    CONF_MANAGED,
    DOMAIN,
    KEY_UNLIMITED_FOR,
    MANAGED_BY_SUPERVISOR,
    NAME_UNKNOWN_FOR,
    NO_CONTACT_FOR,
    PROVIDER_AUTH_FOR,
    SCHEMA_MAX,
)
from .contact import Contact
from .coordinator import GatewayCoordinator
from .links import panel_url
from .messages import Greeting
from .models import Budget, BudgetScope, BudgetState, Key, Provider

RESTART_REQUIRED = "restart_required"
INCOMPATIBLE_SCHEMA = "incompatible_schema"
BUDGET_EXCEEDED = "budget_exceeded"
PROVIDER_AUTH = "provider_auth"
APP_NOT_RUNNING = "app_not_running"
APP_UNINSTALLED = "app_uninstalled"
HA_KEY_UNLIMITED = "ha_key_unlimited"
CONFIG_PROBLEM = "config_problem"

_ERRORS = frozenset({PROVIDER_AUTH, CONFIG_PROBLEM})

_EVERY = timedelta(minutes=1)
_UNAUTHORIZED = re.compile(r"401\b")


def check_restart(hass: HomeAssistant, running: str, on_disk: str | None) -> None:
    """Ask for a restart while other code is on the disk than the one that runs."""
    if on_disk is None or on_disk == running:
        ir.async_delete_issue(hass, DOMAIN, RESTART_REQUIRED)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        RESTART_REQUIRED,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=RESTART_REQUIRED,
        translation_placeholders={"running": running, "on_disk": on_disk},
    )


def raise_incompatible(hass: HomeAssistant, entry: ConfigEntry[Any], greeting: Greeting) -> None:
    """Tell which side is too old for the other."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{INCOMPATIBLE_SCHEMA}_{entry.entry_id}",
        data={"entry_id": entry.entry_id},
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=f"{INCOMPATIBLE_SCHEMA}_{'integration' if greeting.schema_min > SCHEMA_MAX else 'gateway'}",
        translation_placeholders={"name": entry.title, "version": greeting.app_version},
    )


def drop_incompatible(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take that back."""
    ir.async_delete_issue(hass, DOMAIN, f"{INCOMPATIBLE_SCHEMA}_{entry.entry_id}")


def check_contact(hass: HomeAssistant, entry: ConfigEntry[Any], contact: Contact) -> None:
    """Tell when an app is gone: its name first, since that says more than its silence."""
    now = dt_util.utcnow()
    managed = entry.data[CONF_MANAGED] == MANAGED_BY_SUPERVISOR
    uninstalled = managed and _lasted(contact.name_unknown_since, NAME_UNKNOWN_FOR, now)
    silent = managed and not uninstalled and _lasted(contact.lost_since, NO_CONTACT_FOR, now)
    for key, wanted in ((APP_UNINSTALLED, uninstalled), (APP_NOT_RUNNING, silent)):
        issue_id = f"{key}_{entry.entry_id}"
        if not wanted:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
            continue
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            data={"entry_id": entry.entry_id},
            is_fixable=True,
            learn_more_url=panel_url(entry),
            severity=ir.IssueSeverity.WARNING,
            translation_key=key,
            translation_placeholders={"name": entry.title},
        )


@callback
def forget_entry(hass: HomeAssistant, entry_id: str) -> None:
    """Delete all issues of an entry."""
    issues = ir.async_get(hass).issues
    for domain, issue_id in [key for key, issue in issues.items() if key[0] == DOMAIN and (issue.data or {}).get("entry_id") == entry_id]:
        ir.async_delete_issue(hass, domain, issue_id)


def _lasted(since: datetime | None, long_enough: timedelta, now: datetime) -> bool:
    return since is not None and now - since >= long_enough


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One that is there now: its texts, whom it is about, its page of the panel, and how long it must last."""

    issue_id: str
    key: str
    subject: str
    page: tuple[str, ...]
    patience: timedelta


class Watch:
    """Looks once a minute, and at each change, for troubles of a loaded entry that last."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], coordinator: GatewayCoordinator) -> None:
        """Take the entry; nothing runs before `start`."""
        self._hass = hass
        self._entry = entry
        self._coordinator = coordinator
        self._since: dict[str, datetime] = {}
        self._raised: set[str] = set()

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Begin. Returns what ends it, and takes back what was raised."""
        stop_listening = self._coordinator.async_add_listener(self.check)
        stop_timer = async_track_time_interval(self._hass, self.check, _EVERY, cancel_on_shutdown=True)
        self.check()

        def stop() -> None:
            stop_listening()
            stop_timer()
            for issue_id in (*self._raised, f"{APP_NOT_RUNNING}_{self._entry.entry_id}", f"{APP_UNINSTALLED}_{self._entry.entry_id}"):
                ir.async_delete_issue(self._hass, DOMAIN, issue_id)

        return stop

    @callback
    def check(self, _now: datetime | None = None) -> None:
        """Raise what has lasted, and take back what is over."""
        check_contact(self._hass, self._entry, self._coordinator.contact)
        if not self._coordinator.last_update_success:
            return
        now = dt_util.utcnow()
        troubles = {trouble.issue_id: trouble for trouble in self._troubles()}
        self._since = {issue_id: self._since.get(issue_id, now) for issue_id in troubles}
        for issue_id in self._raised - troubles.keys():
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        self._raised &= troubles.keys()
        for issue_id, trouble in troubles.items():
            if issue_id not in self._raised and now - self._since[issue_id] >= trouble.patience:
                self._raise(trouble)

    def _troubles(self) -> Iterator[_Trouble]:
        data = self._coordinator.data
        if problem := data.gateway.config_problem:
            # Another fault is another issue: who ignored the first one sees the second.
            issue_id = f"{CONFIG_PROBLEM}_{self._entry.entry_id}_{sha256(problem.encode()).hexdigest()[:8]}"
            yield _Trouble(issue_id, CONFIG_PROBLEM, problem, (), timedelta())
        for budget in data.budgets.values():
            if budget.scope is BudgetScope.GLOBAL and budget.state is BudgetState.EXCEEDED:
                yield self._trouble(BUDGET_EXCEEDED, budget, (), BUDGET_EXCEEDED_FOR)
        for provider in data.providers.values():
            if provider.reason is not None and _UNAUTHORIZED.match(provider.reason):
                yield self._trouble(PROVIDER_AUTH, provider, ("providers", provider.id), PROVIDER_AUTH_FOR)
        in_use_for_long = dt_util.utcnow() - self._entry.created_at >= KEY_UNLIMITED_FOR
        for key in data.keys.values():
            if key.managed and key.limit is None and key.requests > 0 and in_use_for_long:
                yield self._trouble(HA_KEY_UNLIMITED, key, ("keys", key.id), timedelta())

    def _trouble(self, key: str, item: Budget | Provider | Key, page: tuple[str, ...], patience: timedelta) -> _Trouble:
        return _Trouble(f"{key}_{self._entry.entry_id}_{item.id}", key, item.name, page, patience)

    def _raise(self, trouble: _Trouble) -> None:
        self._raised.add(trouble.issue_id)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            trouble.issue_id,
            data={"entry_id": self._entry.entry_id},
            is_fixable=False,
            learn_more_url=panel_url(self._entry, *trouble.page),
            severity=ir.IssueSeverity.ERROR if trouble.key in _ERRORS else ir.IssueSeverity.WARNING,
            translation_key=trouble.key,
            translation_placeholders={"name": self._entry.title, "subject": trouble.subject},
        )
