package openledger.lab.lies;

/**
 * How an endpoint treats the second twin of each pair otherwise than the first.
 *
 * @param words what it does
 * @param refusals by how much more often it is refused, 0 to 1
 * @param slower by how much longer its answers take, 0 or more
 * @param otherModel share of its answers that are of another model, 0 to 1
 */
public record Treatment(String words, double refusals, double slower, double otherModel) {
    /** None. */
    public static final Treatment EQUAL = new Treatment("treated alike", 0, 0, 0);
}
