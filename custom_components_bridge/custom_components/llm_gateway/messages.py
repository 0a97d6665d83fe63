"""The messages of the gateway around the snapshot: greeting, push, event, reply, discovery."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from .const import SCHEMA_MAX, SCHEMA_MIN
from .models import Blocks, Snapshot
from .wire import Reader, WireError


class PushKind(StrEnum):
    """Whether a push brings everything or what changed."""

    FULL = "full"
    DELTA = "delta"


class ByeReason(StrEnum):
    """Why the gateway goes."""

    STOPPING = "stopping"
    RESTARTING = "restarting"
    UPDATING = "updating"


class EventType(StrEnum):
    """What can happen at a gateway."""

    BUDGET_WARNING = "budget_warning"
    BUDGET_EXCEEDED = "budget_exceeded"
    BUDGET_RESET = "budget_reset"
    PROVIDER_DOWN = "provider_down"
    PROVIDER_RECOVERED = "provider_recovered"
    FALLBACK_USED = "fallback_used"
    KEY_CREATED = "key_created"
    KEY_BLOCKED = "key_blocked"
    KEY_EXPIRING = "key_expiring"
    KEY_EXPIRED = "key_expired"
    SPEND_ANOMALY = "spend_anomaly"
    CONFIG_ERROR = "config_error"
    GATEWAY_STARTED = "gateway_started"
    GATEWAY_STOPPING = "gateway_stopping"
    UPDATE_AVAILABLE = "update_available"


class SubjectKind(StrEnum):
    """What an event is about."""

    GATEWAY = "gateway"
    PROVIDER = "provider"
    KEY = "key"
    BUDGET = "budget"
    MODEL = "model"


class ErrorCode(StrEnum):
    """Why the gateway refused an action."""

    NOT_FOUND = "not_found"
    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """Who the gateway is and which schemas it speaks. `panel_path` is known when Supervisor runs it."""

    gateway_id: str
    name: str
    app_version: str
    schema_min: int
    schema_max: int
    panel_path: str | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read the answer of the hello route."""
        schema_min, schema_max = wire.positive("schema_min"), wire.positive("schema_max")
        if schema_min > schema_max:
            raise WireError("schema_min must not be above schema_max")
        panel_path = wire.optional(wire.text, "panel_path")
        if panel_path is not None and not panel_path.startswith("/"):
            raise WireError("panel_path must begin with /")
        return cls(
            gateway_id=wire.ident("gateway_id"),
            name=wire.text("name"),
            app_version=wire.text("app_version"),
            schema_min=schema_min,
            schema_max=schema_max,
            panel_path=panel_path,
        )

    @classmethod
    def read_command(cls, wire: Reader) -> Self:
        """Read the command hello, which also tells since when the gateway runs."""
        wire.moment("started_at")
        return cls.read(wire)

    @property
    def schema(self) -> int | None:
        """The highest schema that both sides speak."""
        highest = min(self.schema_max, SCHEMA_MAX)
        return highest if highest >= max(self.schema_min, SCHEMA_MIN) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A snapshot, or what changed of it."""

    gateway_id: str
    seq: int
    kind: PushKind
    blocks: Blocks

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read the command push."""
        push = cls(
            gateway_id=wire.ident("gateway_id"),
            seq=wire.positive("seq"),
            kind=wire.one_of("kind", PushKind),
            blocks=Blocks.read(wire.inner("data")),
        )
        if push.kind is PushKind.FULL:
            Snapshot.of(push.blocks)
        return push


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayEvent:
    """Something that happened."""

    id: str
    type: EventType
    at: datetime
    subject_kind: SubjectKind
    subject_id: str
    subject_name: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read one event."""
        subject = wire.inner("subject")
        return cls(
            id=wire.uuid("id"),
            type=wire.one_of("type", EventType),
            at=wire.moment("at"),
            subject_kind=subject.one_of("kind", SubjectKind),
            subject_id=subject.ident("id"),
            subject_name=subject.text("name"),
            data=wire.plain("data"),
        )


class ActionRefusedError(Exception):
    """The gateway refused an action, in words for people."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        """Take why and the gateway's words."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an action ended: a result, or an error."""

    result: Mapping[str, Any] | None
    error: ActionRefusedError | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read what replies and answers of the action route share."""
        if wire.flag("ok"):
            return cls(result=wire.plain("result"), error=None)
        error = wire.inner("error")
        return cls(result=None, error=ActionRefusedError(error.one_of("code", ErrorCode), error.text("message")))

    def unwrap(self) -> Mapping[str, Any]:
        """Give the result or raise the error."""
        if self.error is not None:
            raise self.error
        return self.result or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What the app tells Supervisor for this integration."""

    gateway_id: str
    host: str
    port: int
    ssl: bool
    token: str
    name: str

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read `config` of a discovery message."""
        wire.positive("schema")
        wire.text("version")
        return cls(
            gateway_id=wire.ident("gateway_id"),
            host=wire.text("host"),
            port=wire.whole("port", 1, 65535),
            ssl=wire.flag("ssl"),
            token=wire.text("token"),
            name=wire.text("name"),
        )

    @property
    def url(self) -> str:
        """Where the app listens on the internal network."""
        return f"{'https' if self.ssl else 'http'}://{self.host}:{self.port}"
