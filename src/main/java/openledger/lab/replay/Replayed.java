package openledger.lab.replay;

/**
 * What would have become of a logged request.
 *
 * @param tier that would have served it, {@link LoggedRequest#NO_TIER} if none
 * @param latencyMillis until the first content of its answer, or until it was given up
 */
record Replayed(int tier, double latencyMillis) {
    boolean isBest() {
        return tier == 0;
    }
}
