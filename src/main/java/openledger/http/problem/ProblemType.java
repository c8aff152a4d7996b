package openledger.http.problem;

/**
 * The kinds of errors that the router answers. The slug is stable: clients may switch on it. {@code docs/reference/problems.md} explains
 * each.
 */
public enum ProblemType {
    UNAUTHENTICATED(401, "unauthenticated", "No valid key", "authentication_error", "invalid_api_key"),
    RATE_LIMITED(429, "rate-limited", "Too many requests", "rate_limit_error", "rate_limit_exceeded"),
    INVALID_BODY(400, "invalid-body", "The request body cannot be routed", "invalid_request_error", "invalid_body"),
    INVALID_PARAMETER(
            400, "invalid-parameter", "A parameter is not valid", "invalid_request_error", "invalid_parameter"),
    UNKNOWN_ROUTE(404, "unknown-route", "There is no such route", "invalid_request_error", "model_not_found"),
    OPERATION_NOT_OFFERED(
            400,
            "operation-not-offered",
            "The route does not offer this",
            "invalid_request_error",
            "operation_not_offered"),
    UNTRANSLATABLE(
            400,
            "untranslatable",
            "A target of the route does not support this",
            "invalid_request_error",
            "untranslatable"),
    ORIGIN_UNKNOWN(
            400, "origin-unknown", "The origin of a reference is unknown", "invalid_request_error", "origin_unknown"),
    ORIGIN_ELSEWHERE(
            400,
            "origin-elsewhere",
            "A reference belongs to another provider",
            "invalid_request_error",
            "origin_elsewhere"),
    SETTLEMENT_OFF(400, "settlement-off", "This router does not settle", "invalid_request_error", "settlement_off"),
    UNKNOWN_MODE(400, "unknown-mode", "There is no such mode", "invalid_request_error", "unknown_mode"),
    MODE_NOT_OFFERED(
            400, "mode-not-offered", "The route does not offer this mode", "invalid_request_error", "mode_not_offered"),
    BODY_TOO_LARGE(413, "body-too-large", "The request body is too large", "invalid_request_error", "body_too_large"),
    INVALID_HEAD(400, "invalid-head", "The head of the request is not valid", "invalid_request_error", "invalid_head"),
    HEAD_TOO_LARGE(
            431, "head-too-large", "The head of the request is too large", "invalid_request_error", "head_too_large"),
    HEAD_TIMEOUT(
            408,
            "head-timeout",
            "The head of the request did not arrive in time",
            "invalid_request_error",
            "head_timeout"),
    BODY_TIMEOUT(
            408, "body-timeout", "The request body did not arrive in time", "invalid_request_error", "body_timeout"),
    NOT_FOUND(404, "not-found", "There is no such thing", "invalid_request_error", "not_found"),
    METHOD_NOT_ALLOWED(
            405, "method-not-allowed", "Not with this method", "invalid_request_error", "method_not_allowed"),
    NOT_ACCEPTABLE(406, "not-acceptable", "No answer of an accepted type", "invalid_request_error", "not_acceptable"),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "unsupported-media-type",
            "The media type of the body is not supported",
            "invalid_request_error",
            "unsupported_media_type"),
    REJECTED_BY_PROVIDER(
            400, "rejected-by-provider", "The provider refuses the request", "invalid_request_error", "rejected"),
    UNUSABLE_POLICY(422, "unusable-policy", "The policy cannot be used", "invalid_request_error", "unusable_policy"),
    POLICY_NOT_EVERYWHERE(
            502,
            "policy-not-everywhere",
            "The policy is not in force at every router",
            "server_error",
            "policy_not_everywhere"),
    BUDGET_EXHAUSTED(503, "budget-exhausted", "The retry budget is spent", "server_error", "budget_exhausted"),
    IDEMPOTENCY_KEY_REUSED(
            422,
            "idempotency-key-reused",
            "The idempotency key belongs to another request",
            "invalid_request_error",
            "idempotency_key_reused"),
    ANSWER_NOT_KEPT(409, "answer-not-kept", "The answer was not kept", "invalid_request_error", "answer_not_kept"),
    OVERLOADED(503, "overloaded", "No more requests are accepted now", "server_error", "overloaded"),
    WAITS_FOR_LANE(503, "waits-for-lane", "Another router holds the lane", "server_error", "waits_for_lane"),
    OWNER_UNREACHABLE(
            503,
            "owner-unreachable",
            "The router of the idempotency key cannot be reached",
            "server_error",
            "owner_unreachable"),
    OWNER_REFUSED(
            503,
            "owner-refused",
            "The router of the idempotency key refused this one",
            "server_error",
            "owner_refused"),
    OWNER_LOST(503, "owner-lost", "The router that works for the request was lost", "server_error", "owner_lost"),
    HOLD_FULL(503, "hold-full", "Too many confirmed requests wait for a slot", "server_error", "hold_full"),
    CHAIN_LAGS(503, "chain-lags", "The chain confirms nothing now", "server_error", "chain_lags"),
    WITNESSES_LAG(503, "witnesses-lag", "Too few witnesses cosign the log now", "server_error", "witnesses_lag"),
    UNCONFIRMED(504, "unconfirmed", "The plan was not confirmed in time", "server_error", "unconfirmed"),
    DEADLINE_PASSED(504, "deadline-passed", "The request took too long", "server_error", "deadline_passed"),
    NOT_RECORDED(503, "not-recorded", "The decision could not be recorded", "server_error", "not_recorded"),
    STREAM_BROKEN(502, "stream-broken", "The answer broke off", "server_error", "stream_broken"),
    INTERNAL(500, "internal", "Internal error", "server_error", "internal");

    private final int status;
    private final String slug;
    private final String title;
    private final String errorType;
    private final String errorCode;

    ProblemType(int status, String slug, String title, String errorType, String errorCode) {
        this.status = status;
        this.slug = slug;
        this.title = title;
        this.errorType = errorType;
        this.errorCode = errorCode;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Stable name, the last part of {@link #uri()}. */
    public String slug() {
        return slug;
    }

    /** The {@code type} member of RFC 9457. */
    public String uri() {
        return "urn:openledger:problem:" + slug;
    }

    /** The {@code title} member of RFC 9457. */
    public String title() {
        return title;
    }

    /** The {@code error.type} member of OpenAI's errors. */
    public String errorType() {
        return errorType;
    }

    /** The {@code error.code} member of OpenAI's errors. */
    public String errorCode() {
        return errorCode;
    }
}
