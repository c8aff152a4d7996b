package openledger.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.OptionalInt;
import openledger.access.KeyLimits;
import openledger.access.KeyRegister;
import openledger.routing.RoutingMode;
import org.jspecify.annotations.Nullable;

/** A key as an administrator reads it. {@code key} itself is shown once, when it has just been created. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record KeyJson(
        String id,
        @Nullable String key,
        String prefix,
        String tenant,
        String label,
        String created,
        @Nullable String expires,
        @Nullable String revoked,
        Limits limits,
        @JsonProperty("default_mode") @Nullable String defaultMode) {

    static KeyJson of(KeyRegister.Issued issued) {
        return of(issued.entry(), issued.key().text());
    }

    static KeyJson of(KeyRegister.Entry entry) {
        return of(entry, null);
    }

    private static KeyJson of(KeyRegister.Entry entry, @Nullable String key) {
        return new KeyJson(
                Long.toString(entry.id()),
                key,
                entry.prefix(),
                entry.grant().tenant(),
                entry.grant().label(),
                entry.created().toString(),
                entry.grant().expires().map(Object::toString).orElse(null),
                entry.revoked().map(Object::toString).orElse(null),
                Limits.of(entry.grant().limits()),
                entry.grant().defaultMode().map(RoutingMode::word).orElse(null));
    }

    /** What the key may ask; an absent member is no limit. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    public record Limits(
            @JsonProperty("requests_per_minute") @Nullable Integer requestsPerMinute,
            @JsonProperty("concurrent_requests") @Nullable Integer concurrentRequests,
            @JsonProperty("tokens_per_minute") @Nullable Integer tokensPerMinute) {
        static Limits of(KeyLimits limits) {
            return new Limits(
                    boxed(limits.requestsPerMinute()),
                    boxed(limits.concurrentRequests()),
                    boxed(limits.tokensPerMinute()));
        }

        private static @Nullable Integer boxed(OptionalInt limit) {
            return limit.isPresent() ? limit.getAsInt() : null;
        }
    }
}
