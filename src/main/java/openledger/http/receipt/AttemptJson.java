package openledger.http.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import openledger.inference.Catalog.Names;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.AttemptRecord;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.ConnectionFault;
import openledger.routing.Trigger;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/** One attempt of a decision, as JSON. Members without a meaning for it are absent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record AttemptJson(
        int number,
        @Nullable String tier,
        @Nullable String target,
        String trigger,
        @JsonProperty("http_status") @Nullable Integer httpStatus,
        @JsonProperty("start_ms") double start,
        @JsonProperty("duration_ms") double duration,
        @JsonProperty("upstream_request_id") @Nullable String upstreamRequestId,
        @Nullable String connection,
        @JsonProperty("sent_again") @Nullable Boolean isSentAgain,
        @Nullable String model,
        @Nullable TokensJson tokens,
        @JsonProperty("left_out") @Nullable List<String> leftOut) {
    private static final int LEAST_OF_SERVER = 500;

    static AttemptJson of(AttemptRecord attempt, LaneId lane, Optional<RouteEntry> route, Names names) {
        AttemptDetail detail = attempt.detail();
        return new AttemptJson(
                attempt.number(),
                DecisionJson.tierName(route, attempt.tier()),
                DecisionJson.targetName(names, lane, attempt.target()),
                attempt.trigger().name(),
                isOperatorsAffair(attempt) || attempt.httpStatus() == 0 ? null : attempt.httpStatus(),
                DecisionJson.millis(attempt.startMicros()),
                DecisionJson.millis(attempt.micros()),
                attempt.upstreamRequestId().isEmpty() ? null : attempt.upstreamRequestId(),
                detail.connection() == ConnectionFault.NONE
                        ? null
                        : detail.connection().name(),
                detail.isSentAgain() ? true : null,
                detail.model().isEmpty() ? null : detail.model(),
                detail.usage().map(TokensJson::of).orElse(null),
                detail.leftOut().isEmpty() ? null : detail.leftOut());
    }

    /** A 4xx that is not the client's fault tells of the operator's key, account or bill, which is no tenant's to read. */
    private static boolean isOperatorsAffair(AttemptRecord attempt) {
        return attempt.trigger() == Trigger.SERVER_ERROR && attempt.httpStatus() < LEAST_OF_SERVER;
    }

    /** What an answer took, as its provider counts. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    record TokensJson(
            @Nullable Long input,
            @Nullable Long cached,
            @JsonProperty("cache_written") @Nullable Long cacheWritten,
            @Nullable Long output,
            @Nullable Long reasoning) {
        static TokensJson of(TokenUsage usage) {
            return new TokensJson(
                    ifKnown(usage.input()),
                    ifKnown(usage.cached()),
                    ifKnown(usage.cacheWritten()),
                    ifKnown(usage.output()),
                    ifKnown(usage.reasoning()));
        }

        private static @Nullable Long ifKnown(long tokens) {
            return tokens == TokenUsage.UNKNOWN ? null : tokens;
        }
    }
}
