"""The integration's dialog: it asks what is counted, or is told by an app."""

from typing import Any

import voluptuous as vol
from homeassistant.config_entries import HANDLERS, ConfigFlow, ConfigFlowResult
from homeassistant.helpers.service_info.hassio import HassioServiceInfo


@HANDLERS.register("counting")
class CountingFlow(ConfigFlow):
    """One entry for each thing that is counted."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask until something is given."""
        if user_input and user_input["what"]:
            return self.async_create_entry(title=user_input["what"], data=user_input)
        errors = {"what": "empty"} if user_input else {}
        return self.async_show_form(step_id="user", data_schema=vol.Schema({vol.Required("what"): str}), errors=errors)

    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take an app's announcement; a later one changes what is waiting."""
        await self.async_set_unique_id(discovery_info.config["what"])
        self._abort_if_unique_id_configured()
        self.context["title_placeholders"] = {"name": f"{discovery_info.config['what']} of {discovery_info.name}"}
        return await self.async_step_user()
