package openledger.unit;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers that the routers of one database share: each takes one of them at its start. Written as numbers and ranges, {@code 1-16} or
 * {@code 1-4,7}. Immutable.
 *
 * @param numbers in order, each once; 1 to {@value #MOST} of them, each 1 or more
 */
public record LaneNumbers(List<Long> numbers) {
    /** More than routers that one database serves. */
    public static final int MOST = 256;

    private static final Pattern PART = Pattern.compile("\\s*([0-9]{1,12})\\s*(?:-\\s*([0-9]{1,12})\\s*)?");
    private static final int TO = 2;

    public LaneNumbers {
        numbers = List.copyOf(numbers);
        if (numbers.isEmpty() || numbers.size() > MOST) {
            throw new IllegalArgumentException("must have 1 to " + MOST + " numbers: " + numbers.size());
        }
        if (numbers.stream().anyMatch(number -> number < 1)) {
            throw new IllegalArgumentException("must have positive numbers: " + numbers);
        }
    }

    /** A pool of one. */
    public static LaneNumbers of(long number) {
        return new LaneNumbers(List.of(number));
    }

    /**
     * Reads numbers and ranges.
     *
     * @throws IllegalArgumentException saying what is wrong with them
     */
    public static LaneNumbers parse(String text) {
        TreeSet<Long> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = PART.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException("must be numbers and ranges, as 1-16 or 1-4,7: " + text);
            }
            long from = Long.parseLong(range.group(1));
            long to = range.group(TO) == null ? from : Long.parseLong(range.group(TO));
            if (to < from) {
                throw new IllegalArgumentException("must name the smaller number of a range first: " + part.strip());
            }
            if (to - from >= MOST) {
                throw new IllegalArgumentException("must have 1 to " + MOST + " numbers in a range: " + part.strip());
            }
            for (long number = from; number <= to; number++) {
                if (!numbers.add(number)) {
                    throw new IllegalArgumentException("has " + number + " twice");
                }
            }
        }
        return new LaneNumbers(List.copyOf(numbers));
    }

    public long first() {
        return numbers.getFirst();
    }

    /** True if there is a choice. */
    public boolean isShared() {
        return numbers.size() > 1;
    }
}
