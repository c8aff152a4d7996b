package openledger.audit.usage;

import openledger.routing.Trigger;

/** How a log says that a call to a provider ended, as far as the provider's own record can confirm or contradict it. */
public enum ClaimedEnd {
    /** The provider answered, and the answer was used. Its record must have the call, as a success. */
    SERVED,
    /** The provider refused or failed, with a status of its own. Its record must not have the call as a success. */
    REFUSED,
    /** Time-outs, broken connections, errors within an answer, calls given up: the provider may have a success, a failure or nothing. */
    UNCERTAIN;

    private static final int LEAST_OF_ERRORS = 400;

    /**
     * The end of an attempt that was a call. One that the router ended itself, because another was faster or the client left, has neither a
     * trigger nor a status.
     *
     * @param trigger why it did not serve; no refusal of the router's own, which calls nobody
     * @param status of the provider's answer, 0 if there was none or it is not told
     */
    public static ClaimedEnd of(Trigger trigger, int status) {
        return switch (trigger) {
            case NONE -> status == 0 ? UNCERTAIN : status >= LEAST_OF_ERRORS ? REFUSED : SERVED;
            case RATE_LIMITED, SERVER_ERROR -> REFUSED;
            case CONNECT_TIMEOUT, FIRST_TOKEN_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT, CONNECTION_LOST, IN_BAND_ERROR ->
                UNCERTAIN;
            case NO_CAPACITY, STORM_GUARD, UNTRANSLATABLE, ORIGIN_ELSEWHERE ->
                throw new IllegalArgumentException("no call was made: " + trigger);
        };
    }
}
