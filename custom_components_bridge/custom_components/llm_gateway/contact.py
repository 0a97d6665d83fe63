"""When a gateway was last heard of. Outlives the loading and unloading of its entry."""

from dataclasses import dataclass
from datetime import datetime

from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN


@dataclass(slots=True)
class Contact:
    """One gateway. Nothing is known before the first try."""

    heard_at: datetime | None = None
    lost_since: datetime | None = None
    name_unknown_since: datetime | None = None

    def heard(self) -> None:
        """Note that the gateway spoke or answered."""
        self.heard_at = dt_util.utcnow()
        self.lost_since = None
        self.name_unknown_since = None

    def lost(self, *, name_unknown: bool = False) -> None:
        """Note that it did not answer, or has been silent for too long."""
        now = dt_util.utcnow()
        self.lost_since = self.lost_since or self.heard_at or now
        self.name_unknown_since = (self.name_unknown_since or now) if name_unknown else None


CONTACTS: HassKey[dict[str, Contact]] = HassKey(f"{DOMAIN}_contacts")
