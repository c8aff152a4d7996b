package openledger.routing;

/**
 * Bounds of a target's adaptive slot limit: how many calls may be in flight there at once.
 *
 * @param min never fewer, at least 1
 * @param initial where the limit starts
 * @param max never more, at most 10_000
 */
public record SlotBounds(int min, int initial, int max) {
    public static final int LARGEST = 10_000;

    public SlotBounds {
        if (min < 1 || initial < min || max < initial || max > LARGEST) {
            throw new IllegalArgumentException(
                    "slots need 1 <= min <= initial <= max <= 10000: " + min + ", " + initial + ", " + max);
        }
    }
}
