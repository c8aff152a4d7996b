package openledger.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words in which closures are told, and how often: not the short ones, which are over before they are heard, and of a target once in
 * 100 ms. Times are monotonic nanoseconds. Thread-safe.
 */
public final class ClosureNews {
    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long BETWEEN_NANOS = Duration.ofMillis(100).toNanos();
    private static final Pattern WORDS = Pattern.compile("closed ([0-9a-f]{32}) ([1-9][0-9]{2,7}) ([0-9a-f]{16})");
    /** More targets than any policy has, so that what is kept is bounded. */
    private static final int MOST_TARGETS = 10_000;

    private final String ourselves;
    private final Map<TargetKey, Told> told = new ConcurrentHashMap<>();

    /** News of a router that is called {@code ourselves}: 16 hexadecimal digits. */
    public ClosureNews(String ourselves) {
        this.ourselves = ourselves;
    }

    /** What was told of a target last. */
    private record Told(long at, long until) {}

    /** What is to be told of a closure; empty if it is too short, was told already, or too much was told just now. */
    public Optional<String> tell(TargetKey target, Duration left, long nowNanos) {
        Duration bounded = left.compareTo(LONGEST) > 0 ? LONGEST : left;
        if (bounded.compareTo(SHORTEST) < 0 || (told.size() >= MOST_TARGETS && !told.containsKey(target))) {
            return Optional.empty();
        }
        long until = nowNanos + bounded.toNanos();
        Told now = new Told(nowNanos, until);
        Told known = told.merge(target, now, (before, next) -> isWorthTelling(before, next) ? next : before);
        return known.equals(now)
                ? Optional.of("closed %s %d %s".formatted(target.hex(), bounded.toMillis(), ourselves))
                : Optional.empty();
    }

    private static boolean isWorthTelling(Told before, Told next) {
        return next.at - before.at >= BETWEEN_NANOS && next.until - before.until >= BETWEEN_NANOS;
    }

    /** What was heard. */
    public Heard read(String words) {
        Matcher said = WORDS.matcher(words);
        if (!said.matches()) {
            return new Unknown();
        }
        Duration left = Duration.ofMillis(Long.parseLong(said.group(2)));
        if (left.compareTo(SHORTEST) < 0 || left.compareTo(LONGEST) > 0) {
            return new Unknown();
        }
        return said.group(3).equals(ourselves) ? new Ours() : new Closed(new TargetKey(said.group(1)), left);
    }

    /** What is made of words. */
    public sealed interface Heard permits Closed, Ours, Unknown {}

    /** Another router's provider has closed a target for so long: 200 ms to a day. */
    public record Closed(TargetKey target, Duration left) implements Heard {}

    /** We have said that. */
    public record Ours() implements Heard {}

    /** Nobody of us says such a thing; it is to be passed over. */
    public record Unknown() implements Heard {}
}
