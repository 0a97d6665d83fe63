"""How a gateway is set up, changed and authorized, and what its owner may choose."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from .address import normal_url
from .client import GatewayClient, KeyRefusedError, NoContactError
from .const import (
    CONF_GATEWAY_ID,
    CONF_MANAGED,
    CONF_SLUG,
    DOMAIN,
    INTERVAL_MAX,
    INTERVAL_MIN,
    KEYS_ALL,
    KEYS_CHOSEN,
    KEYS_NONE,
    MANAGED_BY_HAND,
    MANAGED_BY_SUPERVISOR,
    OPT_BUDGETS,
    OPT_INTERVAL,
    OPT_KEYS,
    OPT_MODELS,
    OPT_PROVIDERS,
)
from .messages import Discovery, Greeting
from .runtime import LlmGatewayConfigEntry
from .schema import vol
from .wanted import Wanted
from .wire import Reader, WireError

_KEY_FIELD = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off"))
_URL_FIELD = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
_ADDRESS = vol.Schema(
    {
        vol.Required(CONF_URL): _URL_FIELD,
        vol.Required(CONF_TOKEN): _KEY_FIELD,
        vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
    }
)
_KEY = vol.Schema({vol.Required(CONF_TOKEN): _KEY_FIELD})


class LlmGatewayConfigFlow(ConfigFlow, domain=DOMAIN):
    """Sets up one gateway."""

    VERSION = 1
    MINOR_VERSION = 1

    def __init__(self) -> None:
        """Begin without knowing anything."""
        self._found: dict[str, Any] = {}
        self._app_name = ""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: LlmGatewayConfigEntry) -> OptionsFlow:
        """Give the flow for the options."""
        return LlmGatewayOptionsFlow()

    @override
    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take an app that Supervisor found. One that is known gets its new address and key without a question."""
        try:
            found = Discovery.read(Reader(discovery_info.config, "discovery"))
        except WireError:
            return self.async_abort(reason="invalid_discovery")
        self._app_name = discovery_info.name
        # The certificate is for the name that people use, not for the one inside Supervisor's network.
        self._found = {
            CONF_GATEWAY_ID: found.gateway_id,
            CONF_MANAGED: MANAGED_BY_SUPERVISOR,
            CONF_URL: found.url,
            CONF_TOKEN: found.token,
            CONF_VERIFY_SSL: not found.ssl,
            CONF_SLUG: discovery_info.slug,
        }
        if (known := await self.async_set_unique_id(found.gateway_id)) is not None:
            self._renew(known)
            return self.async_abort(reason="already_configured")
        self.context["title_placeholders"] = {"name": discovery_info.name}
        return await self.async_step_hassio_confirm()

    async def async_step_hassio_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask whether to set up the app that was found."""
        errors: dict[str, str] = {}
        if user_input is not None:
            greeting, errors = await self._try(self._found)
            if greeting is not None and greeting.gateway_id != self.unique_id:
                errors = {"base": "wrong_gateway"}
            if greeting is not None and not errors:
                return self.async_create_entry(title=self._app_name, data=self._found)
        return self.async_show_form(
            step_id="hassio_confirm", data_schema=vol.Schema({}), errors=errors, description_placeholders={"app": self._app_name}
        )

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address of a gateway that is no app here."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data, greeting, errors = await self._try_address(user_input)
            if greeting is not None:
                await self.async_set_unique_id(greeting.gateway_id)
                self._abort_if_unique_id_configured()
                identity = {CONF_GATEWAY_ID: greeting.gateway_id, CONF_MANAGED: MANAGED_BY_HAND}
                return self.async_create_entry(title=greeting.name, data={**identity, **data})
        return self.async_show_form(
            step_id="user", data_schema=self.add_suggested_values_to_schema(_ADDRESS, _without_key(user_input)), errors=errors
        )

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin after the gateway refused the key."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a new key."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            greeting, errors = await self._try({**entry.data, **user_input})
            if greeting is not None:
                await self.async_set_unique_id(greeting.gateway_id)
                self._abort_if_unique_id_mismatch(reason="wrong_gateway")
                return self.async_update_reload_and_abort(entry, data_updates=user_input)
        managed = entry.data[CONF_MANAGED] == MANAGED_BY_SUPERVISOR
        return self.async_show_form(
            step_id="reauth_confirm_app" if managed else "reauth_confirm",
            data_schema=_KEY,
            errors=errors,
            description_placeholders={"name": entry.title},
        )

    async def async_step_reauth_confirm_app(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask the same of an app, which renews its key by itself."""
        return await self.async_step_reauth_confirm(user_input)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change address and key of the same gateway."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data, greeting, errors = await self._try_address(user_input)
            if greeting is not None:
                await self.async_set_unique_id(greeting.gateway_id)
                self._abort_if_unique_id_mismatch(reason="wrong_gateway")
                return self.async_update_reload_and_abort(entry, data_updates=data)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(_ADDRESS, _without_key(user_input or entry.data)),
            errors=errors,
            description_placeholders={"name": entry.title},
        )

    def _renew(self, known: ConfigEntry[Any]) -> None:
        """Give a known app its new address and key, and load it anew when that may help."""
        if known.source == SOURCE_IGNORE:
            return
        changed = self.hass.config_entries.async_update_entry(known, data={**known.data, **self._found})
        failed = known.state is ConfigEntryState.SETUP_RETRY
        if failed or (changed and known.state in (ConfigEntryState.LOADED, ConfigEntryState.SETUP_ERROR)):
            self.hass.config_entries.async_schedule_reload(known.entry_id)

    async def _try_address(self, user_input: Mapping[str, Any]) -> tuple[dict[str, Any], Greeting | None, dict[str, str]]:
        """Bring what a person typed into form, and try it."""
        if (url := normal_url(user_input[CONF_URL])) is None:
            return {}, None, {CONF_URL: "invalid_url"}
        data = {CONF_URL: url, CONF_TOKEN: user_input[CONF_TOKEN].strip(), CONF_VERIFY_SSL: user_input[CONF_VERIFY_SSL]}
        greeting, errors = await self._try(data)
        return data, greeting, errors

    async def _try(self, data: Mapping[str, Any]) -> tuple[Greeting | None, dict[str, str]]:
        """Ask the gateway who it is. Gives that, or what is wrong."""
        session = async_get_clientsession(self.hass, data[CONF_VERIFY_SSL])
        try:
            greeting = await GatewayClient(session, data[CONF_URL], data[CONF_TOKEN]).hello()
        except KeyRefusedError:
            return None, {"base": "invalid_auth"}
        except NoContactError:
            return None, {"base": "cannot_connect"}
        if greeting.schema is None:
            return None, {"base": "incompatible"}
        return greeting, {}


class LlmGatewayOptionsFlow(OptionsFlowWithReload):
    """What to show, and how often."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for all options at once, in two sections."""
        errors: dict[str, str] = {}
        if user_input is not None:
            updates, show = user_input["updates"], user_input["show"]
            keys = show["key_ids"] if show[OPT_KEYS] == KEYS_CHOSEN else show[OPT_KEYS]
            if keys:
                return self.async_create_entry(
                    data={
                        OPT_INTERVAL: int(updates[OPT_INTERVAL]),
                        OPT_KEYS: keys,
                        **{name: show[name] for name in (OPT_PROVIDERS, OPT_MODELS, OPT_BUDGETS)},
                    }
                )
            errors = {"base": "no_key_chosen"}
        return self.async_show_form(step_id="init", data_schema=self._form(), errors=errors)

    def _form(self) -> vol.Schema:
        wanted = Wanted.of(self.config_entry.options)
        chosen = [] if isinstance(wanted.keys, str) else list(wanted.keys)
        interval = NumberSelector(
            NumberSelectorConfig(min=INTERVAL_MIN, max=INTERVAL_MAX, step=1, mode=NumberSelectorMode.BOX, unit_of_measurement="s")
        )
        modes = SelectSelectorConfig(options=[KEYS_ALL, KEYS_CHOSEN, KEYS_NONE], translation_key="keys", mode=SelectSelectorMode.LIST)
        ids = SelectSelectorConfig(options=self._keys(chosen), multiple=True, mode=SelectSelectorMode.DROPDOWN)
        updates = {vol.Required(OPT_INTERVAL, default=wanted.interval_s): interval}
        show = {
            vol.Required(OPT_KEYS, default=KEYS_CHOSEN if chosen else wanted.keys): SelectSelector(modes),
            vol.Optional("key_ids", default=chosen): SelectSelector(ids),
            vol.Required(OPT_PROVIDERS, default=wanted.providers): BooleanSelector(),
            vol.Required(OPT_BUDGETS, default=wanted.budgets): BooleanSelector(),
            vol.Required(OPT_MODELS, default=wanted.models): BooleanSelector(),
        }
        return vol.Schema({vol.Required("updates"): section(vol.Schema(updates)), vol.Required("show"): section(vol.Schema(show))})

    def _keys(self, chosen: list[str]) -> list[SelectOptionDict]:
        """List all keys of the gateway by name, and chosen ones that it no longer has by id."""
        names = dict.fromkeys(chosen, "")
        if self.config_entry.state is ConfigEntryState.LOADED:
            names |= self.config_entry.runtime_data.coordinator.key_names
        return [SelectOptionDict(value=key_id, label=name or key_id) for key_id, name in sorted(names.items(), key=lambda item: item[1])]


def _without_key(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give what was typed before, but never a key."""
    return {name: value for name, value in (values or {}).items() if name in (CONF_URL, CONF_VERIFY_SSL)}
