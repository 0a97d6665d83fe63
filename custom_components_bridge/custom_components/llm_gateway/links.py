"""Where the gateway's panel is."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_URL

from .const import CONF_SLUG


def panel_url(entry: ConfigEntry[Any], *below: str) -> str:
    """Give the address of a page of the panel: in the sidebar for an app, else at the gateway's own address."""
    slug = entry.data.get(CONF_SLUG)
    base = f"{entry.data[CONF_URL]}/ui" if slug is None else f"homeassistant://app/{slug}"
    return "/".join((base, *below))
