"""Ways to fix a repair issue."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .issues import APP_UNINSTALLED, RESTART_REQUIRED
from .schema import vol


class _Fix(RepairsFlow):
    """A flow that asks once, with the words and placeholders of the issue."""

    def _ask(self, step_id: str) -> RepairsFlowResult:
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        placeholders = None if issue is None else issue.translation_placeholders
        return self.async_show_form(step_id=step_id, data_schema=vol.Schema({}), description_placeholders=placeholders)


class RestartFix(_Fix):
    """Restart Core, so that it loads the new code."""

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Go to the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Restart after a yes."""
        if user_input is None:
            return self._ask("confirm")
        await self.hass.services.async_call(HOMEASSISTANT_DOMAIN, "restart")
        return self.async_create_entry(data={})


class AppNotRunningFix(_Fix):
    """Try the app again."""

    def __init__(self, entry_id: str) -> None:
        """Take the entry of the app."""
        self._entry_id = entry_id

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Go to the question."""
        return await self.async_step_confirm()

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Load the entry anew; the issue stays when the app does not answer."""
        if user_input is None:
            return self._ask("confirm")
        await self.hass.config_entries.async_reload(self._entry_id)
        entry = self.hass.config_entries.async_get_known_entry(self._entry_id)
        if entry.state is ConfigEntryState.LOADED:
            return self.async_create_entry(data={})
        return self.async_abort(reason="no_answer")


class AppUninstalledFix(_Fix):
    """Remove the entry of an app that is gone, or keep it."""

    def __init__(self, entry_id: str) -> None:
        """Take the entry of the app."""
        self._entry_id = entry_id

    async def async_step_init(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask what is wanted."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        placeholders = None if issue is None else issue.translation_placeholders
        return self.async_show_menu(step_id="init", menu_options=["remove", "keep"], description_placeholders=placeholders)

    async def async_step_remove(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Remove the entry with its devices."""
        await self.hass.config_entries.async_remove(self._entry_id)
        return self.async_create_entry(data={})

    async def async_step_keep(self, _user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Keep the entry and its history, and do not ask again."""
        ir.async_ignore_issue(self.hass, DOMAIN, self.issue_id, ignore=True)
        return self.async_abort(reason="kept")


async def async_create_fix_flow(_hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None) -> RepairsFlow:
    """Give the flow for one of the issues that can be fixed."""
    if issue_id == RESTART_REQUIRED:
        return RestartFix()
    entry_id = str((data or {})["entry_id"])
    return AppUninstalledFix(entry_id) if issue_id.startswith(APP_UNINSTALLED) else AppNotRunningFix(entry_id)
