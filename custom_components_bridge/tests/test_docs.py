"""The page for people: its examples work, and what it lists is there."""

from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.llm_gateway.messages import EventType
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

PAGE = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
EXAMPLES = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["alias"])
async def test_an_example_is_an_automation_that_core_accepts(
    hass: HomeAssistant, supervised: MockConfigEntry, example: dict[str, Any]
) -> None:
    assert await async_setup_component(hass, "automation", {"automation": [{"id": "example", **example}]})
    await hass.async_block_till_done()
    (state,) = hass.states.async_all("automation")
    assert state.state != STATE_UNAVAILABLE
    # Ends its timers.
    await hass.services.async_call("automation", "turn_off", {"entity_id": state.entity_id}, blocking=True)


async def test_the_examples_name_entities_and_actions_that_there_are(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    named = set(re.findall(r"\b(?:sensor|event)\.llm_gateway_\w+", PAGE))
    assert named
    assert {entity_id for entity_id in named if hass.states.get(entity_id) is None} == set()
    actions = set(re.findall(r"`llm_gateway\.(\w+)`", PAGE))
    assert actions == set(hass.services.async_services_for_domain("llm_gateway"))


def test_each_type_of_event_is_listed() -> None:
    assert {event_type for event_type in EventType if f"`{event_type}`" not in PAGE} == set()
