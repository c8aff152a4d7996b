package openledger.cluster.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.cluster.orphan.OrphanWords.Left;
import openledger.cluster.orphan.OrphanWords.Ours;
import openledger.cluster.orphan.OrphanWords.Told;
import openledger.cluster.orphan.OrphanWords.Unknown;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;

/** What is told is heard by the others, and nothing else is. */
final class OrphanWordsTest {
    private static final OrphanName NAME = new OrphanName("00112233445566778899aabbccddeeff");
    private static final LaneId LANE = new LaneId(7);

    private final OrphanWords ours = new OrphanWords("00000000000000aa");
    private final OrphanWords others = new OrphanWords("00000000000000bb");

    @Test
    void whatIsToldIsHeardByOthersAndNotByWhoSaidIt() {
        List<Left> left = List.of(new Left(NAME, Duration.ofSeconds(60)), new Left(name(1), Duration.ofMillis(1)));

        String said = ours.say(LANE, 3, left);

        assertThat(others.read(said)).isEqualTo(new Told(LANE, 3, left));
        assertThat(ours.read(said)).isEqualTo(new Ours());
        // A time that is over, or longer than any, is the nearest that may be told.
        String bounded = ours.say(
                LANE, 0, List.of(new Left(NAME, Duration.ofMillis(-5)), new Left(name(1), Duration.ofDays(9))));
        assertThat(others.read(bounded))
                .isEqualTo(new Told(
                        LANE,
                        0,
                        List.of(new Left(NAME, Duration.ofMillis(1)), new Left(name(1), OrphanWords.LONGEST))));
    }

    @Test
    void theLongestMessageIsOneThatTheDatabaseTakes() {
        List<Left> most = IntStream.range(0, OrphanWords.MOST)
                .mapToObj(i -> new Left(name(i), OrphanWords.LONGEST))
                .toList();

        String said = ours.say(new LaneId(999_999_999_999_999_999L), 999_999_999_999_999_999L, most);

        assertThat(said.length()).isLessThan(8_000);
        assertThat(((Told) others.read(said)).orphans()).isEqualTo(most);
    }

    @Test
    void whatNoRouterSaysIsNothing() {
        String name = NAME.hex();
        for (String said : List.of(
                "",
                "orphans",
                "orphans ",
                "orphans 00000000000000aa 7 3",
                "orphans 00000000000000aa 7 3 ",
                "orphans 00000000000000aa 7 3 " + name,
                "orphans 00000000000000aa 7 3 " + name + ":",
                "orphans 00000000000000aa 7 3 " + name + ":0",
                "orphans 00000000000000aa 7 3 " + name + ":-1",
                "orphans 00000000000000aa 7 3 " + name + ":600001",
                "orphans 00000000000000aa 7 3 " + name + ":9999999",
                "orphans 00000000000000aa 7 3 " + name + ":1,",
                "orphans 00000000000000aa 7 3 ," + name + ":1",
                "orphans 00000000000000aa 7 3 " + name + ":1," + name,
                "orphans 00000000000000aa 7 3 " + name.substring(1) + ":1",
                "orphans 00000000000000aa 7 3 " + name.toUpperCase(Locale.ROOT) + ":1",
                "orphans 00000000000000aa 0 3 " + name + ":1",
                "orphans 00000000000000aa 9223372036854775808 3 " + name + ":1",
                "orphans 00000000000000aa 7 9999999999999999999 " + name + ":1",
                "orphans 00000000000000AA 7 3 " + name + ":1",
                "orphans aa 7 3 " + name + ":1",
                "orphans 00000000000000aa 7 3 " + name + ":1 more",
                "orphans 00000000000000aa 7 3 " + (name + ":1,").repeat(OrphanWords.MOST) + name + ":1",
                "orphans 00000000000000aa 7 3 " + ":".repeat(7_900),
                "orphans 00000000000000aa 7 3 " + ",".repeat(7_900),
                "orphans 00000000000000aa 7 3 " + "a".repeat(1_000_000))) {
            assertThat(others.read(said)).as(said).isEqualTo(new Unknown());
        }
    }

    @Test
    void noSingleChangeMakesItThrow() {
        String good = ours.say(LANE, 3, List.of(new Left(NAME, Duration.ofSeconds(60))));
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder changed = new StringBuilder(good);
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, (char) random.nextInt(0x250));
                case 1 -> changed.deleteCharAt(at);
                default -> changed.insert(at, (char) random.nextInt(0x250));
            }
            assertThat(others.read(changed.toString())).isNotNull();
        }
    }

    private static OrphanName name(int number) {
        return new OrphanName("%032x".formatted(number));
    }
}
