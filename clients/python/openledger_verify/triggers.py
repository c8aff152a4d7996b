"""The names of openledger.routing.Trigger by code. Written by `make generate`."""

TRIGGERS = (
    "NONE",
    "RATE_LIMITED",
    "SERVER_ERROR",
    "CONNECT_TIMEOUT",
    "FIRST_TOKEN_TIMEOUT",
    "IDLE_TIMEOUT",
    "TOTAL_TIMEOUT",
    "CONNECTION_LOST",
    "IN_BAND_ERROR",
    "NO_CAPACITY",
    "STORM_GUARD",
    "UNTRANSLATABLE",
    "ORIGIN_ELSEWHERE",
)
