package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import openledger.inference.WalkedSession.Event;
import openledger.inference.WalkedSession.Impossible;
import openledger.inference.WalkedSession.Kind;
import openledger.support.EventWalk;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every event in every phase of a session, and every two that follow each other. */
final class RequestSessionTest {
    /**
     * Where each event leads to: New, Attempting, eXpiring, answering (it is Read), aWay, Ended; {@code -} if it cannot happen. Events by
     * their first three letters.
     */
    private static final String TABLE = """
                                    arr lea ans exh bug com jou dra chu end bre rea gra win dea sti sea for
            NEW                     A   -   -   -   -   N   N   -   -   -   -   -   N   N   N   -   N   N
            ATTEMPTING              A   A   R   E   E   A   A   -   -   -   -   -   A   A   E   -   A   A
            ATTEMPTING_ALONE        A   -   R   E   E   A   A   -   -   -   -   -   W   W   E   -   E   A
            ATTEMPTING_UNRECORDED   A   A   -   -   -   R   E   -   -   -   -   -   A   A   E   -   A   A
            ATTEMPTING_UNKEYED      -   W   R   E   E   A   A   -   -   -   -   -   A   A   E   -   A   A
            EXPIRING                X   X   -   -   -   X   X   -   -   -   -   -   X   X   X   E   X   X
            ANSWERING_UNREAD        R   -   -   -   -   R   R   R   -   -   -   R   R   R   W   -   R   R
            ANSWERING               R   -   -   -   -   R   R   -   R   E   W   R   R   R   W   -   R   R
            ANSWERING_ALONE         R   -   -   -   -   R   R   -   R   E   W   -   W   W   E   -   E   R
            ANSWERING_UNTOUCHED     R   -   -   -   -   R   R   -   R   W   W   -   W   W   E   -   E   R
            ANSWERING_UNKEYED       -   -   -   -   -   R   R   -   R   E   E   W   R   R   E   -   R   R
            ANSWERING_UNKEYED_BEGUN -   -   -   -   -   R   R   -   R   E   E   E   R   R   E   -   R   R
            AWAY                    A   -   -   -   -   W   W   -   -   -   -   -   W   E   E   -   E   E
            AWAY_UNSTILL            A   -   -   -   -   W   W   -   -   -   -   -   W   W   W   W   W   E
            AWAY_KEPT               R   -   -   -   -   W   W   -   -   -   -   -   W   E   E   -   E   E
            AWAY_BROKEN             A   -   -   -   -   W   W   -   -   -   -   -   W   E   E   -   E   E
            AWAY_UNKEYED            A   -   -   -   -   W   W   -   -   -   -   -   W   E   E   -   E   E
            BACK_TO_KEPT            R   -   -   -   -   R   R   E   -   -   -   W   R   R   R   -   R   R
            ENDED_SERVED            E   -   -   -   -   E   E   -   -   -   -   -   E   E   E   -   E   E
            ENDED_TOLD              E   -   -   -   -   E   E   -   -   -   -   -   E   E   E   -   E   E
            ENDED_BUG               E   -   -   -   -   E   E   -   -   -   -   -   E   E   E   -   E   E
            ENDED_UNKEYED           -   -   -   -   -   E   E   -   -   -   -   -   E   E   E   -   E   E
            FORGOTTEN               E   -   -   -   -   E   E   -   -   -   -   -   E   E   E   -   E   E
            """;

    private static final int MOST_FOLLOWING = 2;

    /** A phase, and what leads to it; some are one phase with something else that differs. */
    @SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes
    enum State {
        NEW(Kind.KEYED),
        ATTEMPTING(NEW, Event.ARRIVE),
        ATTEMPTING_ALONE(ATTEMPTING, Event.LEAVE),
        ATTEMPTING_UNRECORDED(Kind.UNRECORDED, Event.ARRIVE, Event.ANSWER),
        ATTEMPTING_UNKEYED(Kind.UNKEYED, Event.ARRIVE),
        EXPIRING(Kind.UNSTILL, Event.ARRIVE, Event.DEADLINE_PASSES),
        ANSWERING_UNREAD(ATTEMPTING, Event.ANSWER),
        ANSWERING(ANSWERING_UNREAD, Event.DRAIN, Event.CHUNK),
        ANSWERING_ALONE(ANSWERING, Event.READER_LEAVES),
        ANSWERING_UNTOUCHED(ANSWERING_UNREAD, Event.READER_LEAVES),
        ANSWERING_UNKEYED(ATTEMPTING_UNKEYED, Event.ANSWER, Event.DRAIN),
        ANSWERING_UNKEYED_BEGUN(ANSWERING_UNKEYED, Event.CHUNK),
        AWAY(ATTEMPTING_ALONE, Event.GRACE_PASSES),
        AWAY_UNSTILL(Kind.UNSTILL, Event.ARRIVE, Event.LEAVE, Event.GRACE_PASSES),
        AWAY_KEPT(ANSWERING_UNTOUCHED, Event.END),
        AWAY_BROKEN(ANSWERING, Event.BREAK),
        AWAY_UNKEYED(ATTEMPTING_UNKEYED, Event.LEAVE),
        BACK_TO_KEPT(AWAY_KEPT, Event.ARRIVE),
        ENDED_SERVED(ANSWERING, Event.END),
        ENDED_TOLD(ATTEMPTING, Event.EXHAUST),
        ENDED_BUG(ATTEMPTING, Event.BUG),
        ENDED_UNKEYED(ANSWERING_UNKEYED, Event.END),
        FORGOTTEN(ENDED_SERVED, Event.WINDOW_PASSES);

        private final Kind kind;
        private final List<Event> way;

        State(Kind kind, Event... way) {
            this.kind = kind;
            this.way = List.of(way);
        }

        State(State from, Event... then) {
            this.kind = from.kind;
            this.way = Stream.concat(from.way.stream(), Stream.of(then)).toList();
        }
    }

    @TestFactory
    List<DynamicTest> everyEventInEveryPhase() {
        return EventWalk.tests(TABLE, State.values(), Event.values(), RequestSessionTest::outcome);
    }

    private static String outcome(State state, Event event) {
        WalkedSession session = new WalkedSession(state.kind);
        state.way.forEach(session::play);
        session.check();
        String left;
        try {
            session.play(event);
            left = letter(session.phase());
        } catch (Impossible impossible) {
            left = "-";
        }
        session.conclude();
        return left;
    }

    private static String letter(String phase) {
        return switch (phase) {
            case "Expiring" -> "X";
            case "Answering" -> "R";
            case "Away" -> "W";
            default -> phase.substring(0, 1);
        };
    }

    /** Whatever two events follow each other in whatever phase: one record, each client is told once, and nothing is left. */
    @ParameterizedTest
    @EnumSource
    void whateverHappensIsRecordedOnce(State state) throws Exception {
        assertThat(EventWalk.deeper(Event.values(), state.way, MOST_FOLLOWING, way -> happens(state.kind, way)))
                .isPositive();
    }

    private static boolean happens(Kind kind, List<Event> way) {
        WalkedSession session = new WalkedSession(kind);
        try {
            for (Event each : way) {
                session.play(each);
                session.check();
            }
            session.conclude();
            return true;
        } catch (Impossible no) {
            return false;
        } catch (AssertionError wrong) {
            throw new AssertionError(way.toString(), wrong);
        }
    }
}
