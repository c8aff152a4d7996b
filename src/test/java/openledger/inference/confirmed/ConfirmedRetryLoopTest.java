package openledger.inference.confirmed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import openledger.inference.confirmed.WalkedLoop.Event;
import openledger.inference.confirmed.WalkedLoop.Impossible;
import openledger.inference.confirmed.WalkedLoop.Kind;
import openledger.support.EventWalk;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every event in every stage of a confirmed request's attempts, and every two that follow each other. */
final class ConfirmedRetryLoopTest {
    /**
     * Where each event leads to, and where that leads once both event loops have heard of it: Held, Leaving, Showing, Confirming,
     * Following, Resting; {@code -} if it cannot happen. Events by their first three letters.
     */
    private static final String TABLE = """
                                  sta tur epo fai fil rec wit con lat mis ans bug poi sto res can go_ ove
            NEW                   H   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   -   -
            ENTERING              -   H   H   H   H   H   -   H   H   -   -   -   H   -   H   LR  -   -
            HELD                  -   H   HC  HR  H   H   -   H   HC  -   -   -   HC  -   H   LR  -   -
            HELD_WITHOUT_ROOM     -   H   H   HR  H   H   -   H   HR  -   -   -   H   -   H   LR  -   -
            LEAVING               -   R   LR  LR  LR  LR  -   LR  LR  -   -   -   LR  -   -   -   LH  LR
            LEAVING_PINNED        -   R   LR  LR  LR  LR  -   LR  LR  -   -   -   LR  -   -   -   LC  LR
            RETURNING             -   H   LC  LR  LH  LH  -   LH  LC  -   -   -   LC  -   LH  LR  -   -
            RETURNING_PINNED      -   C   LC  LC  LC  LC  -   LF  LR  -   -   -   LC  -   LC  LR  -   -
            CONFIRMING            -   C   C   C   C   C   -   F   R   -   -   -   C   -   C   R   -   -
            SHOWING               -   S   S   S   S   S   -   S   S   -   -   -   S   -   S   R   -   -
            SHOWING_RECORDED      -   S   S   S   S   S   C   S   S   -   -   -   S   -   S   R   -   -
            SHOWING_CONFIRMED     -   S   S   S   S   S   F   S   S   -   -   -   S   -   S   R   -   -
            CONFIRMING_SHOWN      -   C   C   C   C   C   C   F   F   -   -   -   C   -   C   R   -   -
            CALLING               -   F   F   F   F   F   -   F   F   F   R   R   F   F   F   R   -   -
            CALLING_UNCONFIRMED   -   F   F   F   F   F   -   F   R   F   R   R   F   F   F   R   -   -
            CALLING_RELEASED      -   F   F   F   F   F   -   F   F   F   R   R   F   F   F   R   -   -
            CALLING_PAUSED        -   F   F   F   F   F   -   F   F   F   R   R   F   F   F   R   -   -
            WAITING               -   F   F   F   F   F   -   F   F   -   -   -   F   -   F   R   -   -
            WAITING_PAUSED        -   F   F   F   F   F   -   F   F   -   -   -   F   -   F   R   -   -
            WAITING_WITHOUT_ROOM  -   F   F   F   F   F   -   F   F   -   -   -   F   -   F   R   -   -
            LAST_CALL             -   F   F   F   F   F   -   F   F   R   R   R   F   F   F   R   -   -
            RESTING_UNPLANNED     -   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   H   R
            RESTING_PLANNED       -   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   F   R
            RESTING_ANSWERED      -   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   F   R
            RESTING_EXHAUSTED     -   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   R   R
            RESTING_UNCONFIRMED   -   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   R   R
            OVER                  -   R   R   R   R   R   -   R   R   -   -   -   R   -   -   -   -   -
            """;

    private static final int MOST_FOLLOWING = 2;

    /** A stage, and what leads to it; some are one stage with something else that differs. */
    @SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes
    enum State {
        NEW(Kind.DISPATCH),
        ENTERING(NEW, Event.START),
        HELD(ENTERING, Event.TURN),
        HELD_WITHOUT_ROOM(HELD, Event.FILL),
        LEAVING(HELD, Event.CANCEL),
        LEAVING_PINNED(HELD, Event.EPOCH_ENDS, Event.CANCEL),
        RETURNING(LEAVING, Event.GO_ON),
        RETURNING_PINNED(LEAVING_PINNED, Event.GO_ON),
        CONFIRMING(HELD, Event.EPOCH_ENDS, Event.TURN),
        SHOWING(Kind.SHOWN, Event.START, Event.TURN, Event.EPOCH_ENDS, Event.TURN),
        SHOWING_RECORDED(SHOWING, Event.RECORDED),
        SHOWING_CONFIRMED(SHOWING_RECORDED, Event.CONFIRMED),
        CONFIRMING_SHOWN(SHOWING_RECORDED, Event.WITNESSED),
        CALLING(CONFIRMING, Event.CONFIRMED),
        CALLING_UNCONFIRMED(Kind.RESPONSE, Event.START, Event.TURN, Event.EPOCH_ENDS, Event.TURN),
        CALLING_RELEASED(Kind.RELEASED, Event.START, Event.TURN, Event.EPOCH_ENDS, Event.TURN),
        CALLING_PAUSED(CALLING, Event.STOP_RETRYING),
        WAITING(CALLING, Event.MISS),
        WAITING_PAUSED(CALLING_PAUSED, Event.MISS),
        WAITING_WITHOUT_ROOM(WAITING, Event.FILL),
        LAST_CALL(WAITING, Event.POINT, Event.MISS, Event.POINT),
        RESTING_UNPLANNED(LEAVING, Event.TURN),
        RESTING_PLANNED(CALLING, Event.CANCEL),
        RESTING_ANSWERED(CALLING, Event.ANSWER),
        RESTING_EXHAUSTED(LAST_CALL, Event.MISS),
        RESTING_UNCONFIRMED(CONFIRMING, Event.LATE),
        OVER(RESTING_ANSWERED, Event.OVER);

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
    List<DynamicTest> everyEventInEveryStage() {
        return EventWalk.tests(TABLE, State.values(), Event.values(), ConfirmedRetryLoopTest::outcome);
    }

    private static String outcome(State state, Event event) {
        WalkedLoop loop = new WalkedLoop(state.kind);
        state.way.forEach(loop::play);
        loop.check();
        String left;
        try {
            loop.play(event);
            String first = loop.stage().substring(0, 1);
            loop.play(Event.TURN);
            String second = loop.stage().substring(0, 1);
            left = first.equals(second) ? first : first + second;
        } catch (Impossible impossible) {
            left = "-";
        }
        loop.conclude();
        return left;
    }

    /**
     * Whatever two events follow each other in whatever stage: attempts end once, each is recorded once, each slot is used or given back, and
     * nothing is left.
     */
    @ParameterizedTest
    @EnumSource
    void whateverHappensEndsOnce(State state) throws Exception {
        assertThat(EventWalk.deeper(Event.values(), state.way, MOST_FOLLOWING, way -> happens(state.kind, way)))
                .isPositive();
    }

    private static boolean happens(Kind kind, List<Event> way) {
        WalkedLoop loop = new WalkedLoop(kind);
        try {
            for (Event each : way) {
                loop.play(each);
                loop.check();
            }
            loop.conclude();
            return true;
        } catch (Impossible no) {
            return false;
        } catch (AssertionError | RuntimeException wrong) {
            throw new AssertionError(way.toString(), wrong);
        }
    }
}
