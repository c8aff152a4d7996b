package openledger.lab.world;

/**
 * The exposure of a call to congestion.
 *
 * @param millis from a call to the first of its answer
 * @param hard share of the calls to a target that has become congested meanwhile which fail, and are not only slow, 0 to 1
 */
public record Exposure(LogNormal millis, double hard) {
    public static final Exposure REFERENCE = new Exposure(new LogNormal(1_000, 0.8), 0.17);
}
