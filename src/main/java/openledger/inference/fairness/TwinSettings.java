package openledger.inference.fairness;

/**
 * How often twins are sent. Each is a call of a provider and costs what that costs, so there is a cap.
 *
 * @param pairsPerMinute 0 for none, to 600; over all routes and modes together
 * @param pairsPerDay no more than these in a day, UTC; 1 or more
 */
public record TwinSettings(int pairsPerMinute, int pairsPerDay) {
    private static final int MOST_A_MINUTE = 600;

    public TwinSettings {
        if (pairsPerMinute < 0 || pairsPerMinute > MOST_A_MINUTE) {
            throw new IllegalArgumentException("pairs of twins a minute must be 0 to 600: " + pairsPerMinute);
        }
        if (pairsPerDay < 1) {
            throw new IllegalArgumentException("pairs of twins a day must be 1 or more: " + pairsPerDay);
        }
    }
}
