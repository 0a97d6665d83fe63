"""The schema library of this Core: probatio since 2026.9, which answers to the old name too."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import probatio as vol
else:
    import voluptuous as vol

__all__ = ["vol"]
