"""Reads JSON of the gateway member by member: strict about what is known, blind to what is not."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
import math
import re
from typing import Any, Protocol
from uuid import UUID

_IDENT = re.compile(r"[a-z0-9_-]{1,40}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z")


class WireError(ValueError):
    """A message breaks a rule; the text names the member."""


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


class Reader:
    """One JSON object."""

    def __init__(self, value: object, path: str = "message") -> None:
        """Take the object, and the words that name it in an error."""
        if not isinstance(value, Mapping):
            raise WireError(f"{path} must be an object")
        self._members: Mapping[str, Any] = value
        self._path = path

    def has(self, name: str) -> bool:
        """Tell whether an optional member is there."""
        return name in self._members

    def maybe[T](self, read: Callable[[str], T], name: str) -> T | None:
        """Read a member that must be there and may be null."""
        return None if self._take(name) is None else read(name)

    def optional[T](self, read: Callable[[str], T], name: str) -> T | None:
        """Read a member that may be missing or null."""
        return self.maybe(read, name) if self.has(name) else None

    def text(self, name: str) -> str:
        """Read text that is not empty."""
        value = self._take(name)
        if not isinstance(value, str) or value == "":
            raise self._error(name, "must be text")
        return value

    def flag(self, name: str) -> bool:
        """Read a boolean."""
        value = self._take(name)
        if not isinstance(value, bool):
            raise self._error(name, "must be true or false")
        return value

    def number(self, name: str) -> float:
        """Read a number of any sign."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._error(name, "must be a number")
        return value

    def amount(self, name: str) -> float:
        """Read a number that cannot be below zero, such as money that was spent."""
        value = self.number(name)
        if value < 0:
            raise self._error(name, "must not be below zero")
        return value

    def count(self, name: str) -> int:
        """Read a whole number from zero."""
        return self.whole(name, 0)

    def positive(self, name: str) -> int:
        """Read a whole number from one."""
        return self.whole(name, 1)

    def whole(self, name: str, least: int, most: int | None = None) -> int:
        """Read a whole number within bounds."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
            bounds = f"from {least}" if most is None else f"from {least} to {most}"
            raise self._error(name, f"must be a whole number {bounds}")
        return value

    def moment(self, name: str) -> datetime:
        """Read a time in UTC."""
        value = self._take(name)
        if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
            raise self._error(name, "must be a time such as 2026-01-31T12:00:00Z")
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:
            raise self._error(name, "must be a time that the calendar has") from error

    def ident(self, name: str) -> str:
        """Read an id of the gateway's."""
        value = self._take(name)
        if not isinstance(value, str) or _IDENT.fullmatch(value) is None:
            raise self._error(name, "must be 1 to 40 of a-z, 0-9, _ and -")
        return value

    def uuid(self, name: str) -> str:
        """Read a UUID."""
        value = self.text(name)
        try:
            return str(UUID(value))
        except ValueError as error:
            raise self._error(name, "must be a UUID") from error

    def one_of[E: StrEnum](self, name: str, words: type[E]) -> E:
        """Read one of the words of an enumeration."""
        value = self._take(name)
        if not isinstance(value, str) or value not in words:
            raise self._error(name, f"must be one of {', '.join(words)}")
        return words(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self._list(name)
        if not all(isinstance(item, str) for item in value):
            raise self._error(name, "must be a list of texts")
        return tuple(value)

    def inner(self, name: str) -> Reader:
        """Read an object."""
        return Reader(self._take(name), f"{self._path}.{name}")

    def plain(self, name: str) -> dict[str, Any]:
        """Read an object whose members are passed on as they are."""
        value = self._take(name)
        if not isinstance(value, dict):
            raise self._error(name, "must be an object")
        return value

    def items[T](self, name: str, read: Callable[[Reader], T], most: int | None = None) -> tuple[T, ...]:
        """Read a list of objects."""
        value = self._list(name)
        if most is not None and len(value) > most:
            raise self._error(name, f"must not have more than {most} entries")
        return tuple(read(Reader(item, f"{self._path}.{name}.{index}")) for index, item in enumerate(value))

    def rows[T: _HasId](self, name: str, read: Callable[[Reader], T], most: int) -> dict[str, T]:
        """Read a list of objects that each have an id of their own, in the gateway's order."""
        items = self.items(name, read, most)
        rows = {item.id: item for item in items}
        if len(rows) < len(items):
            raise self._error(name, "must not have an id twice")
        return rows

    def _list(self, name: str) -> list[Any]:
        value = self._take(name)
        if not isinstance(value, list):
            raise self._error(name, "must be a list")
        return value

    def _take(self, name: str) -> Any:
        if name not in self._members:
            raise self._error(name, "is missing")
        return self._members[name]

    def _error(self, name: str, rule: str) -> WireError:
        return WireError(f"{self._path}.{name} {rule}")
