package openledger.provider.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.Permit;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.anthropic.MessagesDocument;
import openledger.provider.anthropic.MessagesStream;
import openledger.provider.anthropic.NativeMessagesStream;
import openledger.provider.openai.ChatStream;
import openledger.provider.openai.ResponsesStream;
import openledger.provider.translation.Translation;
import openledger.provider.translation.Translation.UsageChunk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a provider sends and nobody may see yet is paid for by the tenant whose request it is. */
final class HeldMemoryTest {
    private static final int POOL = 1 << 20;
    private static final Buffer PIECE = Buffer.buffer("x".repeat(10_000));

    private final FairPool pool = new FairPool(POOL);
    private final Permit place = new Permit(pool.share("tenant"), () -> {});

    /** Each kind of answer that keeps what may be long: a document to be translated, a line, an event. */
    static List<Supplier<ResponseDecoder>> keepers() {
        return List.of(
                () -> new MessagesDocument(Instant.EPOCH),
                () -> new MessagesStream(Instant.EPOCH, UsageChunk.SENT),
                () -> new ChatStream(Translation.UsageChunk.SENT),
                () -> new ResponsesStream(name -> {}),
                NativeMessagesStream::new);
    }

    @ParameterizedTest
    @MethodSource("keepers")
    void anAnswerThatDoesNotEndHasHalfOfTheMemoryAndNoMore(Supplier<ResponseDecoder> kind) {
        ResponseDecoder answer = kind.get();
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
    void aShortAnswerTakesLittle(Supplier<ResponseDecoder> kind) {
        ResponseDecoder answer = kind.get();
        answer.hold(Buffer.buffer("data: {}"));

        assertThat(new HeldMemory(place).isTooSmallFor(answer)).isFalse();
        assertThat(pool.taken()).isLessThan(100);
    }
}
