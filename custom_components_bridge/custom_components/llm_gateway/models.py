"""What the gateway tells of itself: the snapshot and its parts. Money is US dollars, times are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from .wire import Reader, WireError

MAX_BUDGETS = 100
MAX_PROVIDERS = 50
MAX_KEYS = 200
MAX_MODELS = 300
MAX_PEOPLE = 100


class GatewayState(StrEnum):
    """How the gateway is."""

    OK = "ok"
    DEGRADED = "degraded"
    NO_DATABASE = "no_database"
    STARTING = "starting"


class ProviderState(StrEnum):
    """How a provider is."""

    OK = "ok"
    DEGRADED = "degraded"
    COOLDOWN = "cooldown"
    DOWN = "down"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


class KeyState(StrEnum):
    """Whether a key may call."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    BUDGET_EXCEEDED = "budget_exceeded"


class BudgetScope(StrEnum):
    """Whose budget it is."""

    GLOBAL = "global"
    TEAM = "team"
    USER = "user"
    KEY = "key"
    PROVIDER = "provider"
    MODEL = "model"
    TAG = "tag"


class BudgetPeriod(StrEnum):
    """How long a budget runs."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"
    CUSTOM = "custom"


class BudgetState(StrEnum):
    """How much of a budget is used."""

    OK = "ok"
    WARNING = "warning"
    EXCEEDED = "exceeded"


class ModelMode(StrEnum):
    """What a model does."""

    CHAT = "chat"
    EMBEDDING = "embedding"
    IMAGE = "image"
    TTS = "tts"
    STT = "stt"
    RERANK = "rerank"
    MODERATION = "moderation"
    RESPONSES = "responses"
    VIDEO = "video"


class ModelState(StrEnum):
    """How a model is."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The gateway itself, and where the windows of its sums begin."""

    state: GatewayState
    version: str
    database: str
    uptime_s: int = field(compare=False)
    update_available: str | None
    config_problem: str | None
    day_start: datetime
    week_start: datetime
    month_start: datetime

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read the block `gateway`."""
        return cls(
            state=wire.one_of("state", GatewayState),
            version=wire.text("version"),
            database=wire.text("database"),
            uptime_s=wire.count("uptime_s"),
            update_available=wire.maybe(wire.text, "update_available"),
            config_problem=wire.optional(wire.text, "config_problem"),
            day_start=wire.moment("day_start"),
            week_start=wire.moment("week_start"),
            month_start=wire.moment("month_start"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over everything."""

    spend: float
    spend_day: float
    spend_week: float
    spend_month: float
    saved_by_cache_month: float
    projected_month: float | None
    requests: int
    requests_day: int
    errors: int
    errors_day: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    in_flight: int
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    last_request_at: datetime | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read the block `totals`."""
        return cls(
            spend=wire.amount("spend"),
            spend_day=wire.amount("spend_day"),
            spend_week=wire.amount("spend_week"),
            spend_month=wire.amount("spend_month"),
            saved_by_cache_month=wire.number("saved_by_cache_month"),
            projected_month=wire.maybe(wire.number, "projected_month"),
            requests=wire.count("requests"),
            requests_day=wire.count("requests_day"),
            errors=wire.count("errors"),
            errors_day=wire.count("errors_day"),
            input_tokens=wire.count("input_tokens"),
            output_tokens=wire.count("output_tokens"),
            cached_tokens=wire.count("cached_tokens"),
            in_flight=wire.count("in_flight"),
            latency_p50_ms=wire.maybe(wire.amount, "latency_p50_ms"),
            latency_p95_ms=wire.maybe(wire.amount, "latency_p95_ms"),
            last_request_at=wire.maybe(wire.moment, "last_request_at"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A budget and what is left of it. Without a limit it only counts."""

    id: str
    name: str
    scope: BudgetScope
    scope_id: str | None
    limit: float | None
    spent: float
    remaining: float | None
    used_percent: float | None
    soft_limit: float | None
    period: BudgetPeriod
    resets_at: datetime | None
    state: BudgetState

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read one of `budgets`."""
        return cls(
            id=wire.ident("id"),
            name=wire.text("name"),
            scope=wire.one_of("scope", BudgetScope),
            scope_id=wire.maybe(wire.ident, "scope_id"),
            limit=wire.maybe(wire.amount, "limit"),
            spent=wire.amount("spent"),
            remaining=wire.maybe(wire.number, "remaining"),
            used_percent=wire.maybe(wire.amount, "used_percent"),
            soft_limit=wire.maybe(wire.amount, "soft_limit"),
            period=wire.one_of("period", BudgetPeriod),
            resets_at=wire.maybe(wire.moment, "resets_at"),
            state=wire.one_of("state", BudgetState),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A company or server with models. `reason` begins with the HTTP status where there was one."""

    id: str
    name: str
    kind: str
    state: ProviderState
    reason: str | None
    cooldown_until: datetime | None
    spend: float
    spend_day: float
    spend_month: float
    requests: int
    errors: int
    latency_p50_ms: float | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read one of `providers`."""
        return cls(
            id=wire.ident("id"),
            name=wire.text("name"),
            kind=wire.text("kind"),
            state=wire.one_of("state", ProviderState),
            reason=wire.maybe(wire.text, "reason"),
            cooldown_until=wire.maybe(wire.moment, "cooldown_until"),
            spend=wire.amount("spend"),
            spend_day=wire.amount("spend_day"),
            spend_month=wire.amount("spend_month"),
            requests=wire.count("requests"),
            errors=wire.count("errors"),
            latency_p50_ms=wire.maybe(wire.amount, "latency_p50_ms"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a program calls with. `managed` marks the one that the gateway made for Home Assistant."""

    id: str
    name: str
    state: KeyState
    owner: str | None
    managed: bool
    spend: float
    spend_day: float
    spend_month: float
    limit: float | None
    remaining: float | None
    resets_at: datetime | None
    requests: int
    tokens: int
    last_used_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read one of `keys`."""
        return cls(
            id=wire.ident("id"),
            name=wire.text("name"),
            state=wire.one_of("state", KeyState),
            owner=wire.optional(wire.text, "owner"),
            managed=wire.flag("managed") if wire.has("managed") else False,
            spend=wire.amount("spend"),
            spend_day=wire.amount("spend_day"),
            spend_month=wire.amount("spend_month"),
            limit=wire.maybe(wire.amount, "limit"),
            remaining=wire.maybe(wire.number, "remaining"),
            resets_at=wire.maybe(wire.moment, "resets_at"),
            requests=wire.count("requests"),
            tokens=wire.count("tokens"),
            last_used_at=wire.maybe(wire.moment, "last_used_at"),
            expires_at=wire.maybe(wire.moment, "expires_at"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model by its public name."""

    id: str
    name: str
    mode: ModelMode
    providers: tuple[str, ...]
    state: ModelState
    spend_month: float
    supports: tuple[str, ...]
    context: int | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read one of `models`."""
        return cls(
            id=wire.ident("id"),
            name=wire.text("name"),
            mode=wire.one_of("mode", ModelMode),
            providers=wire.texts("providers"),
            state=wire.one_of("state", ModelState),
            spend_month=wire.amount("spend_month"),
            supports=wire.texts("supports"),
            context=wire.maybe(wire.count, "context"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of Home Assistant that calls were made for."""

    id: str
    name: str
    spend: float
    spend_day: float
    spend_month: float
    requests: int

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read one of `people`."""
        return cls(
            id=wire.ident("id"),
            name=wire.text("name"),
            spend=wire.amount("spend"),
            spend_day=wire.amount("spend_day"),
            spend_month=wire.amount("spend_month"),
            requests=wire.count("requests"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """What one message brings. None stands for a block that did not come."""

    at: datetime
    gateway: Gateway | None
    totals: Totals | None
    budgets: Mapping[str, Budget] | None
    providers: Mapping[str, Provider] | None
    keys: Mapping[str, Key] | None
    models: Mapping[str, Model] | None
    people: Mapping[str, Person] | None
    truncated: bool | None

    @classmethod
    def read(cls, wire: Reader) -> Self:
        """Read `data` of a push, or the answer of the snapshot route."""
        return cls(
            at=wire.moment("at"),
            gateway=Gateway.read(wire.inner("gateway")) if wire.has("gateway") else None,
            totals=Totals.read(wire.inner("totals")) if wire.has("totals") else None,
            budgets=wire.rows("budgets", Budget.read, MAX_BUDGETS) if wire.has("budgets") else None,
            providers=wire.rows("providers", Provider.read, MAX_PROVIDERS) if wire.has("providers") else None,
            keys=wire.rows("keys", Key.read, MAX_KEYS) if wire.has("keys") else None,
            models=wire.rows("models", Model.read, MAX_MODELS) if wire.has("models") else None,
            people=wire.rows("people", Person.read, MAX_PEOPLE) if wire.has("people") else None,
            truncated=wire.flag("truncated") if wire.has("truncated") else None,
        )


def _needed[T](block: T | None, name: str) -> T:
    if block is None:
        raise WireError(f"a full snapshot must have {name}")
    return block


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is known of a gateway at one time. Two are equal when no entity would show a difference."""

    at: datetime = field(compare=False)
    gateway: Gateway
    totals: Totals
    budgets: Mapping[str, Budget]
    providers: Mapping[str, Provider]
    keys: Mapping[str, Key]
    models: Mapping[str, Model]
    people: Mapping[str, Person]
    truncated: bool

    @classmethod
    def of(cls, blocks: Blocks) -> Self:
        """Make a snapshot of a full message."""
        return cls(
            at=blocks.at,
            gateway=_needed(blocks.gateway, "gateway"),
            totals=_needed(blocks.totals, "totals"),
            budgets=_needed(blocks.budgets, "budgets"),
            providers=_needed(blocks.providers, "providers"),
            keys=_needed(blocks.keys, "keys"),
            models=_needed(blocks.models, "models"),
            people=blocks.people or {},
            truncated=blocks.truncated or False,
        )

    def plus(self, blocks: Blocks) -> Self:
        """Put the blocks of a delta in the place of the old ones."""
        return replace(
            self,
            at=blocks.at,
            gateway=blocks.gateway or self.gateway,
            totals=blocks.totals or self.totals,
            budgets=self.budgets if blocks.budgets is None else blocks.budgets,
            providers=self.providers if blocks.providers is None else blocks.providers,
            keys=self.keys if blocks.keys is None else blocks.keys,
            models=self.models if blocks.models is None else blocks.models,
            people=self.people if blocks.people is None else blocks.people,
            truncated=self.truncated if blocks.truncated is None else blocks.truncated,
        )
