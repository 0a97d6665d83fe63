"""Prints what must be installed beside Home Assistant Core, one requirement a line.

Core sets up dozens of integrations whatever its configuration says and installs what they need when it starts. Tests start it
without that, so the same list is read here from Core's own files: the integrations that bootstrap.py names, the platforms that
every integration may have, those named on the command line, and all that they depend on.

Usage: requirements.py SITE_PACKAGES WITHOUT[,WITHOUT…] [INTEGRATION…]
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

SETS = ("CORE_INTEGRATIONS", "FRONTEND_INTEGRATIONS", "DEFAULT_INTEGRATIONS", "DEFAULT_INTEGRATIONS_SUPERVISOR")
"""The sets of bootstrap.py that are set up always; the others need a line of configuration."""

ALWAYS = ("http", "network", "recorder", "system_log")
"""Imported or set up by bootstrap.py itself."""


def named(file: Path, names: tuple[str, ...]) -> Iterator[str]:
    """Every text inside the assignments or classes of these names."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.ClassDef):
            name = node.name
        else:
            continue
        if name in names:
            yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def main(site_packages: str, without: str, *integrations: str) -> None:
    core = Path(site_packages) / "homeassistant"
    wanted = [
        *named(core / "bootstrap.py", SETS),
        *named(core / "generated" / "entity_platforms.py", ("EntityPlatforms",)),
        *ALWAYS,
        *integrations,
    ]
    seen = set(without.split(","))
    requirements: set[str] = set()
    while wanted:
        domain = wanted.pop()
        manifest = core / "components" / domain / "manifest.json"
        if domain in seen or not manifest.exists():
            continue
        seen.add(domain)
        facts = json.loads(manifest.read_text())
        requirements.update(facts.get("requirements", []))
        wanted.extend(facts.get("dependencies", []))
    print("\n".join(sorted(requirements)))


main(*sys.argv[1:])
