"""What happened at the gateway, once each: to the bus, and to the event entity while it is news."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import BUS_EVENT, DOMAIN, EVENTS_REMEMBERED, REPLAY_AFTER
from .messages import GatewayEvent

STORE_VERSION = 1
_LAST_TYPES = 20
_SAVE_DELAY = 5

type Listener = Callable[[GatewayEvent], None]


def store_for(hass: HomeAssistant, entry_id: str) -> Store[dict[str, str]]:
    """Give the file that remembers how far the events were read."""
    return Store(hass, STORE_VERSION, f"{DOMAIN}.{entry_id}")


class EventDesk:
    """Drops what was seen, and tells the rest to whom it concerns."""

    def __init__(self, hass: HomeAssistant, entry_id: str, gateway_id: str, device_of: Callable[[GatewayEvent], str | None]) -> None:
        """Take what finds the device that an event is about."""
        self._hass = hass
        self._gateway_id = gateway_id
        self._device_of = device_of
        self._store = store_for(hass, entry_id)
        self._order: deque[str] = deque(maxlen=EVENTS_REMEMBERED)
        self._listeners: list[Listener] = []
        self.last_types: deque[tuple[datetime, str]] = deque(maxlen=_LAST_TYPES)
        self.after: str | None = None

    async def load(self) -> None:
        """Find out how far the events were read before."""
        if (kept := await self._store.async_load()) is not None:
            self.after = kept.get("after")

    @callback
    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell news to a listener. Returns what ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            self._listeners.remove(listener)

        return stop

    @callback
    def take_list(self, events: Iterable[GatewayEvent]) -> None:
        """Take what was asked for. Without a mark from before, what is old was already there and is only marked."""
        first_time = self.after is None
        for event in events:
            if first_time and _is_old(event):
                self._mark(event)
            else:
                self.take(event)

    @callback
    def take(self, event: GatewayEvent) -> None:
        """Take one event, unless it was seen."""
        if event.id in self._order:
            return
        self._mark(event)
        self.last_types.append((event.at, event.type))
        replayed = _is_old(event)
        self._hass.bus.async_fire(BUS_EVENT, self._words(event) | ({"replayed": True} if replayed else {}))
        if not replayed:
            for listener in tuple(self._listeners):
                listener(event)

    def _mark(self, event: GatewayEvent) -> None:
        self._order.append(event.id)
        self.after = event.id
        self._store.async_delay_save(lambda: {"after": event.id}, _SAVE_DELAY)

    def _words(self, event: GatewayEvent) -> dict[str, Any]:
        return {
            "gateway_id": self._gateway_id,
            "device_id": self._device_of(event),
            "type": event.type.value,
            "at": event.at.isoformat(),
            "subject": {"kind": event.subject_kind.value, "id": event.subject_id, "name": event.subject_name},
            "data": dict(event.data),
        }


def _is_old(event: GatewayEvent) -> bool:
    return dt_util.utcnow() - event.at > REPLAY_AFTER
