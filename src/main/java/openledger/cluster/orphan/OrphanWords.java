package openledger.cluster.orphan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.unit.LaneId;

/**
 * The words in which a router says whose clients have left: {@code orphans <router> <lane> <fence> <name>:<ms>,…}, with how long each may
 * still be joined. Anybody who may use the database can say something, so what is not exactly that is nothing. Thread-safe.
 */
public final class OrphanWords {
    /** What all of them begin with. */
    public static final String FIRST = "orphans ";
    /** Of one message, which is shorter than the 8,000 bytes that PostgreSQL allows. */
    public static final int MOST = 100;

    /** As long as the longest window of resends. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    private static final long MOST_MILLIS = LONGEST.toMillis();
    private static final int LONGEST_TEXT = 8_000;
    private static final Pattern HEAD =
            Pattern.compile(FIRST + "([0-9a-f]{16}) ([1-9][0-9]{0,17}) (0|[1-9][0-9]{0,17}) ([0-9a-f:,]{34,})");
    private static final Pattern LEFT = Pattern.compile("([0-9a-f]{" + OrphanName.DIGITS + "}):([1-9][0-9]{0,5})");

    private final String ourselves;

    /** Words of a router that is called {@code ourselves}: 16 hexadecimal digits. */
    public OrphanWords(String ourselves) {
        this.ourselves = ourselves;
    }

    /**
     * A request whose client has left.
     *
     * @param left for how long it may be joined: 1 ms to {@link #LONGEST}
     */
    public record Left(OrphanName name, Duration left) {}

    /** What is made of words. */
    public sealed interface Heard permits Told, Ours, Unknown {}

    /**
     * Another router has these.
     *
     * @param lane of that router
     * @param fence of its hold on it
     * @param orphans 1 to {@link #MOST}
     */
    public record Told(LaneId lane, long fence, List<Left> orphans) implements Heard {
        public Told {
            orphans = List.copyOf(orphans);
        }
    }

    /** We have said that. */
    public record Ours() implements Heard {}

    /** Nobody of us says such a thing; it is to be passed over. */
    public record Unknown() implements Heard {}

    /** The words for 1 to {@link #MOST} requests, which are those of a hold on a lane. */
    public String say(LaneId lane, long fence, List<Left> orphans) {
        StringBuilder words = new StringBuilder(FIRST)
                .append(ourselves)
                .append(' ')
                .append(lane.value())
                .append(' ')
                .append(fence);
        char before = ' ';
        for (Left orphan : orphans) {
            words.append(before)
                    .append(orphan.name().hex())
                    .append(':')
                    .append(Math.clamp(orphan.left().toMillis(), 1, MOST_MILLIS));
            before = ',';
        }
        return words.toString();
    }

    /** What was heard. */
    public Heard read(String words) {
        if (words.length() > LONGEST_TEXT) {
            return new Unknown();
        }
        Matcher said = HEAD.matcher(words);
        if (!said.matches()) {
            return new Unknown();
        }
        String[] items = said.group(4).split(",", -1);
        if (items.length > MOST) {
            return new Unknown();
        }
        List<Left> orphans = new ArrayList<>(items.length);
        for (String item : items) {
            Matcher one = LEFT.matcher(item);
            if (!one.matches()) {
                return new Unknown();
            }
            Duration left = Duration.ofMillis(Long.parseLong(one.group(2)));
            if (left.compareTo(LONGEST) > 0) {
                return new Unknown();
            }
            orphans.add(new Left(new OrphanName(one.group(1)), left));
        }
        return said.group(1).equals(ourselves)
                ? new Ours()
                : new Told(new LaneId(Long.parseLong(said.group(2))), Long.parseLong(said.group(3)), orphans);
    }
}
