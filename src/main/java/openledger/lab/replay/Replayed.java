package openledger.lab.replay;

/**
 * The result of a logged request in a replay.
 *
 * @param tier that would have served it, {@link LoggedRequest#NO_TIER} if none
 * @param latencyMillis until the first content of its answer, or until it was given up
 */
record Replayed(int tier, double latencyMillis) {
    boolean isBest() {
        return tier == 0;
    }
}
