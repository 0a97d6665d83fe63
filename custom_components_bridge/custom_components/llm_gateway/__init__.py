"""LLM Gateway: spend, budgets and health of the gateway as devices, events and actions."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.typing import ConfigType

from . import issues, services, websocket
from .client import GatewayClient, KeyRefusedError, NoContactError
from .const import CONF_GATEWAY_ID, DOMAIN, MANUFACTURER, PLATFORMS
from .contact import CONTACTS, Contact
from .coordinator import GatewayCoordinator
from .events import EventDesk, store_for
from .links import panel_url
from .messages import GatewayEvent, Greeting
from .models import Snapshot
from .roster import Kind, Roster
from .runtime import LlmGatewayConfigEntry, Runtime

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register what is there once for all entries: the gateway's commands and the actions."""
    hass.data[CONTACTS] = {}
    websocket.async_register(hass)
    services.async_register(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: LlmGatewayConfigEntry) -> bool:
    """Ask the gateway who it is and what there is, then keep both up to date."""
    client = GatewayClient(async_get_clientsession(hass, entry.data[CONF_VERIFY_SSL]), entry.data[CONF_URL], entry.data[CONF_TOKEN])
    contact = hass.data[CONTACTS].setdefault(entry.entry_id, Contact())
    greeting, snapshot = await _first_answers(hass, entry, client, contact)
    device = _gateway_device(hass, entry, greeting.app_version)
    roster = Roster(hass, entry.entry_id, entry.data[CONF_GATEWAY_ID], device.id)
    events = EventDesk(hass, entry.entry_id, entry.data[CONF_GATEWAY_ID], _device_finder(roster, device.id))
    await events.load()
    coordinator = GatewayCoordinator(hass, entry, client, contact, events, roster)
    coordinator.begin(snapshot)
    entry.runtime_data = Runtime(coordinator, greeting)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(_version_keeper(hass, entry, coordinator))
    entry.async_on_unload(issues.Watch(hass, entry, coordinator).start())
    return True


async def async_unload_entry(hass: HomeAssistant, entry: LlmGatewayConfigEntry) -> bool:
    """Take the entities away; the coordinator ends its timers by itself."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Leave nothing behind. A disabled entry can be removed before the integration was ever set up."""
    hass.data.get(CONTACTS, {}).pop(entry.entry_id, None)
    issues.forget_entry(hass, entry.entry_id)
    await store_for(hass, entry.entry_id).async_remove()


async def async_remove_config_entry_device(_hass: HomeAssistant, entry: LlmGatewayConfigEntry, device: dr.DeviceEntry) -> bool:
    """Let a person remove the device of an item that the gateway no longer has."""
    coordinator = entry.runtime_data.coordinator
    identifiers = [identifier for domain, identifier in device.identifiers if domain == DOMAIN]
    if coordinator.gateway_id in identifiers:
        return False
    if any(coordinator.roster.item_of(identifier, coordinator.data) for identifier in identifiers):
        return False
    for identifier in identifiers:
        coordinator.roster.forget(identifier)
    return True


async def _first_answers(
    hass: HomeAssistant, entry: LlmGatewayConfigEntry, client: GatewayClient, contact: Contact
) -> tuple[Greeting, Snapshot]:
    try:
        greeting = await client.hello()
        if greeting.schema is None:
            issues.raise_incompatible(hass, entry, greeting)
            raise ConfigEntryError(translation_domain=DOMAIN, translation_key="incompatible")
        if greeting.gateway_id != entry.data[CONF_GATEWAY_ID]:
            raise ConfigEntryError(translation_domain=DOMAIN, translation_key="wrong_gateway")
        snapshot = await client.snapshot(hass.config.time_zone)
    except KeyRefusedError as error:
        raise ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key="key_refused") from error
    except NoContactError as error:
        contact.lost(name_unknown=error.name_unknown)
        issues.check_contact(hass, entry, contact)
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="no_contact", translation_placeholders={"reason": str(error)}
        ) from error
    issues.drop_incompatible(hass, entry)
    return greeting, snapshot


def _gateway_device(hass: HomeAssistant, entry: LlmGatewayConfigEntry, version: str) -> dr.DeviceEntry:
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.data[CONF_GATEWAY_ID])},
        name=entry.title,
        manufacturer=MANUFACTURER,
        model="Gateway",
        sw_version=version,
        entry_type=dr.DeviceEntryType.SERVICE,
        configuration_url=panel_url(entry),
    )


def _version_keeper(hass: HomeAssistant, entry: LlmGatewayConfigEntry, coordinator: GatewayCoordinator) -> Any:
    """Keep the device's version that of the running gateway. Returns what ends it."""
    shown = entry.runtime_data.greeting.app_version

    def keep() -> None:
        nonlocal shown
        if coordinator.data.gateway.version != shown:
            shown = coordinator.data.gateway.version
            _gateway_device(hass, entry, shown)

    return coordinator.async_add_listener(keep)


def _device_finder(roster: Roster, gateway_device_id: str) -> Any:
    def find(event: GatewayEvent) -> str | None:
        device = roster.device_id(Kind(event.subject_kind.value), event.subject_id) if event.subject_kind in ("key", "provider") else None
        return device or gateway_device_id

    return find
