package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import openledger.inference.Place;
import openledger.inference.SharedPool;
import openledger.provider.Translation.UsageChunk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider sends and nobody may see yet is paid for by the tenant whose request it is. */
final class HeldMemoryTest {
    private static final int POOL = 1 << 20;
    private static final Buffer PIECE = Buffer.buffer("x".repeat(10_000));

    private final SharedPool pool = new SharedPool(POOL);
    private final Place place = new Place(pool.share("tenant"), () -> {});

    /** Each kind of answer that keeps what may be long: a document to be translated, a line, an event. */
    static List<Supplier<HeldAnswer>> keepers() {
        return List.of(
                () -> new MessagesDocument(Instant.EPOCH),
                () -> new MessagesStream(Instant.EPOCH, UsageChunk.SENT),
                () -> new HeldStream(Translation.UsageChunk.SENT),
                () -> new ResponsesStream(name -> {}),
                NativeMessagesStream::new);
    }

    @ParameterizedTest
    @MethodSource("keepers")
    void anAnswerThatDoesNotEndHasHalfOfTheMemoryAndNoMore(Supplier<HeldAnswer> kind) {
        HeldAnswer answer = kind.get();
        HeldMemory memory = new HeldMemory(place);
        answer.hold(Buffer.buffer("data: "));

        long held = Stream.generate(() -> PIECE)
                .limit(POOL / PIECE.length())
                .takeWhile(piece -> {
                    answer.hold(piece);
                    return !memory.isTooSmallFor(answer);
                })
                .count();

        assertThat(held).isBetween(5L, POOL / 2L / PIECE.length());
        assertThat(pool.taken()).isBetween(1L, POOL / 2L);
        place.letGo();
        assertThat(pool.taken()).isZero();
    }

    @ParameterizedTest
    @MethodSource("keepers")
    void aShortAnswerTakesLittle(Supplier<HeldAnswer> kind) {
        HeldAnswer answer = kind.get();
        answer.hold(Buffer.buffer("data: {}"));

        assertThat(new HeldMemory(place).isTooSmallFor(answer)).isFalse();
        assertThat(pool.taken()).isLessThan(100);
    }
}
