package openledger.lab.engine;

/**
 * A request that comes in.
 *
 * @param number its place in the order of arrival, from 0
 * @param millis when, ms from the beginning
 * @param tenant from 0
 * @param luck seed of everything random about it: the same in every mode and under every rule
 * @param twin a number it shares with the request it was sent together with, and nobody else; {@link #ALONE} for most
 */
public record Arrival(int number, double millis, int tenant, long luck, int twin) {
    public static final int ALONE = -1;

    /** The same at another place. */
    public Arrival numbered(int place) {
        return new Arrival(place, millis, tenant, luck, twin);
    }
}
