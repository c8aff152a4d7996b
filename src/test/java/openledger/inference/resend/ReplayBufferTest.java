package openledger.inference.resend;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.inference.FakePorts;
import openledger.inference.RecordedSink;
import openledger.inference.record.TokenUsage;
import openledger.routing.Trigger;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every event in every state of the provider's side of an answer, with one reader or none. */
final class ReplayBufferTest implements ReplayBuffer.Listener, ReplayBuffer.Memory {
    private final FakePorts.Answer call = new FakePorts.Answer();
    private final RecordedSink client = new RecordedSink();
    private final List<String> owner = new ArrayList<>();
    private final ReplayBuffer buffer = new ReplayBuffer(call, this, this);

    private enum State {
        READY,
        FLOWING,
        FLOWING_UNREAD,
        WHOLE,
        BROKEN,
        GIVEN_UP
    }

    private enum Event {
        CHUNK,
        END,
        BREAK,
        GIVE_UP,
        BREAK_OFF,
        FLOW_UNREAD,
        READ
    }

    /** What an event leads to, and what owner and client hear of it. */
    private static String expected(State state, Event event) {
        return switch (state) {
            case READY ->
                switch (event) {
                    case CHUNK, END, BREAK -> "refused";
                    case GIVE_UP -> "over, cancelled";
                    case BREAK_OFF -> "over, cancelled, owner [broke TOTAL_TIMEOUT]";
                    case FLOW_UNREAD, READ -> "flows";
                };
            case FLOWING ->
                switch (event) {
                    case CHUNK -> "flows, client [b]";
                    case END -> "over, complete, owner [ended, read], client [end]";
                    case BREAK -> "over, owner [broke CONNECTION_LOST, read], client [broken CONNECTION_LOST]";
                    case GIVE_UP -> "over, cancelled";
                    case BREAK_OFF ->
                        "over, cancelled, owner [broke TOTAL_TIMEOUT, read], client [broken TOTAL_TIMEOUT]";
                    case FLOW_UNREAD -> "flows";
                    case READ -> "flows, client [a]";
                };
            case FLOWING_UNREAD ->
                switch (event) {
                    case CHUNK, FLOW_UNREAD -> "flows";
                    case END -> "over, complete, owner [ended]";
                    case BREAK -> "over, owner [broke CONNECTION_LOST]";
                    case GIVE_UP -> "over, cancelled";
                    case BREAK_OFF -> "over, cancelled, owner [broke TOTAL_TIMEOUT]";
                    case READ -> "flows, client [a]";
                };
            case WHOLE ->
                switch (event) {
                    case CHUNK, END, BREAK -> "refused";
                    case GIVE_UP, BREAK_OFF, FLOW_UNREAD -> "over, complete";
                    case READ -> "over, complete, owner [read], client [a, end]";
                };
            case BROKEN ->
                switch (event) {
                    case CHUNK, END, BREAK -> "refused";
                    case GIVE_UP, BREAK_OFF, FLOW_UNREAD -> "over";
                    case READ -> "over, owner [read], client [a, broken CONNECTION_LOST]";
                };
            case GIVEN_UP ->
                switch (event) {
                    case CHUNK, END, BREAK -> "refused";
                    case GIVE_UP, BREAK_OFF, FLOW_UNREAD -> "over, cancelled";
                    case READ -> "over, cancelled, owner [read], client [a, broken NONE]";
                };
        };
    }

    @TestFactory
    List<DynamicTest> everyEventInEveryState() {
        List<DynamicTest> all = new ArrayList<>();
        for (State state : State.values()) {
            for (Event event : Event.values()) {
                all.add(DynamicTest.dynamicTest(
                        event + " in " + state,
                        () -> assertThat(new ReplayBufferTest().walk(state, event))
                                .isEqualTo(expected(state, event))));
            }
        }
        return all;
    }

    private String walk(State from, Event event) {
        reach(from);
        owner.clear();
        client.heard.clear();
        try {
            play(event);
        } catch (IllegalStateException refused) {
            return "refused";
        }
        List<String> seen = new ArrayList<>();
        seen.add(buffer.isOver() ? "over" : "flows");
        if (buffer.isComplete()) {
            seen.add("complete");
        }
        if (call.cancelled) {
            seen.add("cancelled");
        }
        if (!owner.isEmpty()) {
            seen.add("owner " + owner);
        }
        if (!client.heard.isEmpty()) {
            seen.add("client " + client.heard);
        }
        return String.join(", ", seen);
    }

    private void reach(State state) {
        switch (state) {
            case READY -> {}
            case FLOWING -> {
                buffer.reader().drainTo(client);
                buffer.chunk(Buffer.buffer("a"));
            }
            case FLOWING_UNREAD, WHOLE, BROKEN, GIVEN_UP -> {
                buffer.flowUnread();
                buffer.chunk(Buffer.buffer("a"));
                switch (state) {
                    case WHOLE -> buffer.end();
                    case BROKEN -> buffer.broken(Trigger.CONNECTION_LOST);
                    case GIVEN_UP -> buffer.giveUp();
                    case READY, FLOWING, FLOWING_UNREAD -> {}
                }
            }
        }
    }

    private void play(Event event) {
        switch (event) {
            case CHUNK -> buffer.chunk(Buffer.buffer("b"));
            case END -> buffer.end();
            case BREAK -> buffer.broken(Trigger.CONNECTION_LOST);
            case GIVE_UP -> buffer.giveUp();
            case BREAK_OFF -> buffer.breakOff(Trigger.TOTAL_TIMEOUT);
            case FLOW_UNREAD -> buffer.flowUnread();
            case READ -> buffer.reader().drainTo(client);
        }
    }

    @Override
    public boolean keep(long length, int more) {
        return true;
    }

    @Override
    public void letGo(int bytes) {
        owner.add("let go");
    }

    @Override
    public void answerEnded(ReplayBuffer of, Optional<TokenUsage> usage) {
        owner.add("ended");
    }

    @Override
    public void answerBroke(ReplayBuffer of, Trigger why) {
        owner.add("broke " + why);
    }

    @Override
    public void readToTheEnd(ReplayBuffer of) {
        owner.add("read");
    }

    @Override
    public void readersLeft(ReplayBuffer of) {
        owner.add("left");
    }
}
