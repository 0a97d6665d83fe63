"""What a loaded entry has."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .coordinator import GatewayCoordinator
from .messages import Greeting


@dataclass(slots=True)
class Runtime:
    """Parts of one entry while it is loaded."""

    coordinator: GatewayCoordinator
    greeting: Greeting


type LlmGatewayConfigEntry = ConfigEntry[Runtime]
