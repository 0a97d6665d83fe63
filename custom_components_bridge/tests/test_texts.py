"""Words, icons and pictures: all that is needed is there, and nothing else."""

import json
from pathlib import Path
import re
import struct
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.llm_gateway.messages import ErrorCode, EventType
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .support import FakeGateway, manual_entry, set_up

ROOT = Path(__file__).parents[1] / "custom_components" / "llm_gateway"
LANGUAGES = ("en", "de")


def _json(name: str) -> Any:
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def _code() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("*.py")))


ENGLISH, GERMAN = (_flat(_json(f"translations/{language}.json")) for language in LANGUAGES)


def test_german_is_whole_and_has_nothing_that_english_does_not_have() -> None:
    assert set(GERMAN) == set(ENGLISH)


def test_a_text_has_the_same_placeholders_in_both_languages() -> None:
    placeholders = re.compile(r"{\w+}")
    assert [key for key in ENGLISH if set(placeholders.findall(ENGLISH[key])) != set(placeholders.findall(GERMAN[key]))] == []


def test_texts_keep_to_the_house() -> None:
    for text in (*ENGLISH.values(), *GERMAN.values()):
        assert text.strip()
        assert not re.search(r"!|\bplease\b|\bbitte\b|\bclick\b|\badd-on\b", text, re.IGNORECASE), text


def test_each_exception_that_is_raised_has_words_and_no_words_are_left_over() -> None:
    raised = set(re.findall(r'(?:translation_key=|_invalid\()"(\w+)"', _code()))
    raised |= {f"refused_{code}" for code in ErrorCode} | {"device_is_no_key", "device_is_no_provider"}
    raised |= set(re.findall(r'_invalid\("(\w+)" if .* else "(\w+)"', _code())[0])
    words = {key.split(".")[1] for key in ENGLISH if key.startswith("exceptions.")}
    entities = {key.split(".")[2] for key in ENGLISH if key.startswith("entity.")}
    selectors = {key.split(".")[1] for key in ENGLISH if key.startswith("selector.")}
    assert words - raised == set()
    assert raised - words - entities - selectors == set()


@pytest.mark.usefixtures("all_enabled")
async def test_each_entity_has_a_name_and_an_icon_and_none_is_left_over(hass: HomeAssistant, gateway: FakeGateway) -> None:
    gateway.snapshot["budgets"].append({**gateway.snapshot["budgets"][0], "id": "b_2", "name": "Second"})
    entry = manual_entry(gateway.url, options={"models": True})
    assert await set_up(hass, entry)
    rows = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    used = {(row.domain, row.translation_key) for row in rows}
    named = {tuple(key.split(".")[1:3]) for key in ENGLISH if key.startswith("entity.") and key.count(".") >= 3}
    assert named == used
    icons = {(platform, key) for platform, keys in _json("icons.json")["entity"].items() for key in keys}
    # What has a device class that draws an icon of its own needs none here.
    drawn = {("binary_sensor", key) for key in ("connected", "problem")}
    assert icons == {pair for pair in used if pair not in drawn}


def test_each_state_of_an_enumeration_has_words() -> None:
    from custom_components.llm_gateway.models import GatewayState, KeyState, ProviderState  # noqa: PLC0415

    for subject, states in (("gateway", GatewayState), ("provider", ProviderState), ("key", KeyState)):
        words = {key.rsplit(".", 1)[1] for key in ENGLISH if key.startswith(f"entity.sensor.{subject}_status.state.")}
        assert words == set(states)
    prefix = "entity.event.activity.state_attributes.event_type.state."
    assert {key.removeprefix(prefix) for key in ENGLISH if key.startswith(prefix)} == set(EventType)


async def test_each_action_and_field_has_a_selector_words_and_an_icon(hass: HomeAssistant, supervised: MockConfigEntry) -> None:
    described = yaml.safe_load((ROOT / "services.yaml").read_text(encoding="utf-8"))
    registered = hass.services.async_services_for_domain("llm_gateway")
    assert set(described) == set(registered) == set(_json("icons.json")["services"])
    for name, service in registered.items():
        fields = {str(field) for field in service.schema.schema}  # type: ignore[union-attr]
        assert set(described[name]["fields"]) == fields
        for field in fields:
            for word in ("name", "description"):
                assert f"services.{name}.fields.{field}.{word}" in ENGLISH


@pytest.mark.parametrize(("name", "size"), [("icon", (256, 256)), ("logo", (None, 128))])
@pytest.mark.parametrize("dark", ["", "dark_"])
@pytest.mark.parametrize(("suffix", "factor"), [("", 1), ("@2x", 2)])
def test_pictures_have_the_sizes_that_are_asked_for(name: str, size: tuple[int | None, int], dark: str, suffix: str, factor: int) -> None:
    head = (ROOT / "brand" / f"{dark}{name}{suffix}.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    assert height == size[1] * factor
    assert size[0] is None or width == size[0] * factor


def test_the_quality_scale_names_each_rule_once_and_gives_reasons() -> None:
    rules = yaml.safe_load((ROOT / "quality_scale.yaml").read_text(encoding="utf-8"))["rules"]
    assert len(rules) == 54
    for name, rule in rules.items():
        status, comment = (rule, "") if isinstance(rule, str) else (rule["status"], rule["comment"])
        assert status in ("done", "exempt", "todo"), name
        assert status == "done" or comment, name


def test_the_manifest_is_in_order() -> None:
    manifest = _json("manifest.json")
    assert list(manifest)[:2] == ["domain", "name"]
    assert list(manifest)[2:] == sorted(list(manifest)[2:])
    assert manifest["requirements"] == []
