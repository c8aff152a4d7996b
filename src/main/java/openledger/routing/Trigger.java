package openledger.routing;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why an attempt did not serve. The code is the one in a leaf and never changes its meaning. */
public enum Trigger {
    /** It served. */
    NONE(0),
    /** The provider said it is at its limit (429, 529, or another status with a code that says so). */
    RATE_LIMITED(1),
    /** The provider failed or refused us for a reason the client cannot mend (5xx, 401 to 404, 408, our account). */
    SERVER_ERROR(2),
    /** No connection within the connect time-out. */
    CONNECT_TIMEOUT(3),
    /** Connected, but a stream was silent for the first-token time-out, or had no content within the first-content one. */
    FIRST_TOKEN_TIMEOUT(4),
    /** The answer began and then fell silent for the idle time-out. */
    IDLE_TIMEOUT(5),
    /** The call as a whole took longer than the total time-out. */
    TOTAL_TIMEOUT(6),
    /** Refused, reset or closed before the answer was whole. */
    CONNECTION_LOST(7),
    /** A success status whose body is an error or no answer at all. */
    IN_BAND_ERROR(8),
    /** We did not call: no free slot, circuit open, or closed by {@code Retry-After}. */
    NO_CAPACITY(9),
    /** We did not call: the route's retries were used up by its own storm. */
    STORM_GUARD(10),
    /** We did not call: the target's dialect has no word for a member of the request. */
    UNTRANSLATABLE(11),
    /** We did not call: what the request refers to was made by another provider, which alone can go on with it. */
    ORIGIN_ELSEWHERE(12);

    /** All names by code, with {@code ", "} between them. */
    public static final String NAMES = Stream.of(values()).map(Enum::name).collect(Collectors.joining(", "));

    private static final Trigger[] BY_CODE = values();
    private final int code;

    Trigger(int code) {
        this.code = code;
    }

    /** The byte that stands for this trigger in records and leaves. */
    public int code() {
        return code;
    }

    /** True if the slot was spent without a call to a provider. */
    public boolean isRefusal() {
        return this == NO_CAPACITY || this == STORM_GUARD || isClosure();
    }

    /** True if the target was closed to the request, whoever asks and however free it is. */
    public boolean isClosure() {
        return this == UNTRANSLATABLE || this == ORIGIN_ELSEWHERE;
    }

    /**
     * Inverse of {@link #code()}.
     *
     * @throws IllegalArgumentException if the code is not one of ours
     */
    public static Trigger ofCode(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no trigger has code " + code);
        }
        return BY_CODE[code];
    }
}
