"""Names and numbers that several modules share."""

from datetime import timedelta
from typing import Final

from homeassistant.const import Platform

DOMAIN: Final = "llm_gateway"
MANUFACTURER: Final = "LLM Gateway"
PLATFORMS: Final = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.NUMBER, Platform.SENSOR, Platform.SWITCH]

BUS_EVENT: Final = "llm_gateway_event"

# Wire schemas that this integration speaks.
SCHEMA_MIN: Final = 1
SCHEMA_MAX: Final = 1

CONF_GATEWAY_ID: Final = "gateway_id"
CONF_MANAGED: Final = "managed"
CONF_SLUG: Final = "slug"
MANAGED_BY_SUPERVISOR: Final = "supervisor"
MANAGED_BY_HAND: Final = "manual"

OPT_INTERVAL: Final = "interval_s"
OPT_KEYS: Final = "keys"
OPT_PROVIDERS: Final = "providers"
OPT_MODELS: Final = "models"
OPT_BUDGETS: Final = "budgets"
KEYS_ALL: Final = "all"
KEYS_NONE: Final = "none"
KEYS_CHOSEN: Final = "chosen"
INTERVAL_DEFAULT: Final = 30
INTERVAL_MIN: Final = 10
INTERVAL_MAX: Final = 3600

HTTP_TIMEOUT: Final = 10
REPLY_TIMEOUT: Final = 10
SLOW_REPLY_TIMEOUT: Final = 30
SLOW_ACTIONS: Final = frozenset({"test_provider"})

# Without a push for this long the data are too old to be shown.
STALE_AFTER: Final = 90
# What a gateway gets that said it would be back.
RETURN_GRACE: Final = 180
# Without a push for this long the gateway is asked instead.
POLL_AFTER: Final = 300
POLL_AT_LEAST: Final = 30

# An event that took longer to arrive is history: it goes to the bus alone.
REPLAY_AFTER: Final = timedelta(minutes=5)
EVENTS_REMEMBERED: Final = 500

# Full snapshots in a row that must lack an item before it is taken away.
FULL_SNAPSHOTS_BEFORE_REMOVAL: Final = 2

# How long a trouble must last before it becomes a repair issue.
BUDGET_EXCEEDED_FOR: Final = timedelta(hours=1)
PROVIDER_AUTH_FOR: Final = timedelta(minutes=10)
NO_CONTACT_FOR: Final = timedelta(minutes=15)
NAME_UNKNOWN_FOR: Final = timedelta(hours=1)
KEY_UNLIMITED_FOR: Final = timedelta(days=30)
