"""Keeps what is known of one gateway: pushed through Core, or asked for when no push comes."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
import logging
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .client import GatewayClient, KeyRefusedError, NoContactError
from .const import (
    CONF_GATEWAY_ID,
    CONF_MANAGED,
    DOMAIN,
    MANAGED_BY_SUPERVISOR,
    POLL_AFTER,
    POLL_AT_LEAST,
    RETURN_GRACE,
    STALE_AFTER,
)
from .contact import Contact
from .events import EventDesk
from .link import Actor, Link, NoReplyError
from .messages import ByeReason, Greeting, Push, PushKind
from .models import Snapshot
from .roster import Roster
from .wanted import Wanted

_LOGGER = logging.getLogger(__name__)


class Mode(StrEnum):
    """How the data come."""

    PUSH = "push"
    POLL = "poll"


class GatewayCoordinator(DataUpdateCoordinator[Snapshot]):
    """The data of one loaded entry, and how fresh they are."""

    config_entry: ConfigEntry[Any]

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], client: GatewayClient, contact: Contact, events: EventDesk, roster: Roster
    ) -> None:
        """Take the parts; nothing runs before `begin`."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=entry.title, update_interval=None, always_update=False)
        self.client = client
        self.contact = contact
        self.events = events
        self.roster = roster
        self.link = Link()
        self.gateway_id: str = entry.data[CONF_GATEWAY_ID]
        self.managed: bool = entry.data[CONF_MANAGED] == MANAGED_BY_SUPERVISOR
        self.wanted = Wanted.of(entry.options)
        self.mode = Mode.PUSH
        self.key_names: Mapping[str, str] = {}
        self.pushes = 0
        self.last_push_at: datetime | None = None
        self._timers: list[Callable[[], None]] = []

    @callback
    def begin(self, snapshot: Snapshot) -> None:
        """Start from what the gateway answered at setup. One that is not Supervisor's may never push, so it is asked."""
        self.data = self._wanted_of(snapshot)
        self.roster.see(self.data, full=True)
        self.contact.heard()
        if self.managed:
            self._wait_for_push(STALE_AFTER)
        else:
            self._poll_from_now_on()

    @override
    async def async_shutdown(self) -> None:
        """End the timers, and answer what waits."""
        self._stop_waiting()
        self.link.close("The integration is being unloaded.")
        await super().async_shutdown()

    @callback
    def greeted(self, greeting: Greeting) -> None:
        """Begin a connection of the gateway's."""
        self.link.greeted(greeting)
        self.contact.heard()

    @callback
    def take_push(self, push: Push) -> bool:
        """Take a push. Refused when one before it is missing."""
        self.contact.heard()
        if not self.link.takes(push):
            return False
        self.pushes += 1
        self.last_push_at = dt_util.utcnow()
        self.mode = Mode.PUSH
        self.update_interval = None
        self._async_unsub_refresh()
        full = push.kind is PushKind.FULL
        self._show(self._wanted_of(Snapshot.of(push.blocks) if full else self.data.plus(push.blocks)), full=full)
        self._wait_for_push(STALE_AFTER)
        return True

    @callback
    def said_bye(self, reason: ByeReason) -> None:
        """Forget the connection. One that comes back soon keeps its entities."""
        self.link.close("The gateway has gone away.")
        if reason is ByeReason.STOPPING:
            self._wait_for_push(0)
        else:
            self._wait_for_push(RETURN_GRACE)

    @callback
    def changed(self, snapshot: Snapshot) -> None:
        """Show what an action changed, ahead of the next push."""
        if self.last_update_success:
            self._show(self._wanted_of(snapshot), full=False)

    async def act(self, action: str, data: Mapping[str, Any], actor: Actor | None) -> Mapping[str, Any]:
        """Have an action carried out: through the connection, or over HTTP when there is none."""
        if self.link.subscribed:
            return await self.link.act(action, data, actor)
        try:
            return await self.client.act(action, data)
        except NoContactError as error:
            raise NoReplyError from error

    @override
    async def _async_update_data(self) -> Snapshot:
        try:
            snapshot = await self.client.snapshot(self.hass.config.time_zone)
            events = await self.client.events(self.events.after)
        except KeyRefusedError as error:
            raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key="key_refused") from error
        except NoContactError as error:
            self.contact.lost(name_unknown=error.name_unknown)
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="no_contact", translation_placeholders={"reason": str(error)}
            ) from error
        self.contact.heard()
        self.data = self._wanted_of(snapshot)
        self.roster.see(self.data, full=True)
        self.events.take_list(events)
        return self.data

    def _wanted_of(self, snapshot: Snapshot) -> Snapshot:
        """Leave out what is not wanted, but keep the names of all keys for whoever chooses among them."""
        self.key_names = {**self.key_names, **{key.id: key.name for key in snapshot.keys.values()}}
        return self.wanted.of_snapshot(snapshot)

    def _show(self, snapshot: Snapshot, *, full: bool) -> None:
        if not self.last_update_success:
            _LOGGER.info("%s is back", self.name)
        same = self.last_update_success and snapshot == self.data
        self.data = snapshot
        self.roster.see(snapshot, full=full)
        if not same:
            self.async_set_updated_data(snapshot)

    def _wait_for_push(self, seconds: float) -> None:
        """Give the gateway this long before its data are no longer shown, and before it is asked."""
        self._stop_waiting()
        if seconds == 0:
            self._went_stale()
        elif self.managed:
            self._call_later(seconds, self._went_stale)
        self._call_later(POLL_AFTER if self.managed else max(seconds, STALE_AFTER), self._start_polling)

    def _call_later(self, seconds: float, action: Callable[[datetime], None]) -> None:
        job = HassJob(action, f"{DOMAIN} freshness of {self.name}", cancel_on_shutdown=True)
        self._timers.append(async_call_later(self.hass, seconds, job))

    def _stop_waiting(self) -> None:
        while self._timers:
            self._timers.pop()()

    @callback
    def _went_stale(self, _now: datetime | None = None) -> None:
        self.contact.lost()
        if not self.last_update_success:
            return
        _LOGGER.info("%s has gone quiet; its entities are unavailable", self.name)
        # Not by `async_set_update_error`, which would log an error.
        self.last_exception = UpdateFailed(translation_domain=DOMAIN, translation_key="silent")
        self.last_update_success = False
        self.async_update_listeners()

    @callback
    def _start_polling(self, _now: datetime) -> None:
        self._poll_from_now_on()
        self.config_entry.async_create_background_task(self.hass, self.async_refresh(), f"{DOMAIN} first poll of {self.name}")

    def _poll_from_now_on(self) -> None:
        self._stop_waiting()
        self.mode = Mode.POLL
        self.update_interval = timedelta(seconds=max(POLL_AT_LEAST, self.wanted.interval_s))
