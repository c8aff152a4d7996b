package openledger.unit;

/** Number of one version of a route in records and leaves, 0 to 65_535; append-only per lane. */
public record RouteId(int value) {
    private static final int MAX = 0xffff;

    public RouteId {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("a route id is 0..65535: " + value);
        }
    }
}
