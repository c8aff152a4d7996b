package openledger.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;

/** Every event in every state of something, and all that may follow. */
public final class EventWalk {
    private static final int SHORT = 3;

    private EventWalk() {}

    /**
     * A test for each state and event.
     *
     * @param table a column for each event, by its first three letters, and a row for each state, by its name
     * @param outcome what an event leads to in a state, as the table says it
     */
    public static <S extends Enum<S>, E extends Enum<E>> List<DynamicTest> tests(
            String table, S[] states, E[] events, BiFunction<S, E, String> outcome) {
        List<List<String>> lines =
                table.lines().map(line -> List.of(line.strip().split(" +"))).toList();
        List<String> columns = lines.getFirst();
        Map<String, List<String>> rows =
                lines.stream().skip(1).collect(Collectors.toMap(List::getFirst, line -> line.subList(1, line.size())));
        assertThat(columns).hasSameSizeAs(events);
        assertThat(rows).hasSameSizeAs(states);
        List<DynamicTest> all = new ArrayList<>();
        for (S state : states) {
            for (E event : events) {
                int column = columns.indexOf(event.name().substring(0, SHORT).toLowerCase(Locale.ROOT));
                String expected = Objects.requireNonNull(rows.get(state.name())).get(column);
                all.add(DynamicTest.dynamicTest(
                        event + " in " + state,
                        () -> assertThat(outcome.apply(state, event)).isEqualTo(expected)));
            }
        }
        return all;
    }

    /** Plays a way from its start, and holds that all is as it must be. */
    @FunctionalInterface
    public interface Player<E> {
        /** False if the last event cannot happen there. */
        boolean happens(List<E> way) throws Exception;
    }

    /** Plays every way that goes on from one by so many events at most; tells how many of them can be gone. */
    public static <E> int deeper(E[] events, List<E> from, int most, Player<E> player) throws Exception {
        int walked = 0;
        for (E event : most == 0 ? List.<E>of() : List.of(events)) {
            List<E> way = new ArrayList<>(from);
            way.add(event);
            if (player.happens(way)) {
                walked += 1 + deeper(events, way, most - 1, player);
            }
        }
        return walked;
    }
}
