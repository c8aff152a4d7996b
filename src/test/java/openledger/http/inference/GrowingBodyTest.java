package openledger.http.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Random;
import openledger.http.inference.GrowingBody.Added;
import openledger.inference.admission.FairPool;
import openledger.inference.admission.Permit;
import org.junit.jupiter.api.Test;

final class GrowingBodyTest {
    private static final int LARGEST = 1 << 20;

    private final FairPool pool = new FairPool(64 << 20);
    private final Permit place = new Permit(pool.share("tenant"), () -> {});

    @Test
    void whatIsOnlyAnnouncedTakesNothing() {
        GrowingBody body = new GrowingBody(place, LARGEST, LARGEST);
        assertThat(pool.taken()).isZero();

        body.add(Buffer.buffer("{}"));

        assertThat(pool.taken()).isEqualTo(2);
    }

    @Test
    void takesAtMostTwiceWhatHasArrivedAndKeepsEveryByte() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] sent = new byte[1 + random.nextInt(LARGEST)];
            random.nextBytes(sent);
            FairPool bytes = new FairPool(64 << 20);
            long announced = random.nextBoolean() ? sent.length : 0;
            GrowingBody body = new GrowingBody(new Permit(bytes.share("tenant"), () -> {}), LARGEST, announced);
            for (int at = 0; at < sent.length; ) {
                int end = Math.min(sent.length, at + 1 + random.nextInt(16_384));
                assertThat(body.add(Buffer.buffer().appendBytes(sent, at, end - at)))
                        .isEqualTo(Added.TAKEN);
                at = end;
                assertThat(bytes.taken()).isBetween((long) at, 2L * at);
            }
            if (announced > 0) {
                assertThat(bytes.taken()).isEqualTo(announced);
            }

            assertThat(body.take()).isEqualTo(sent);
        }
    }

    @Test
    void aBodyForWhichThereIsNoRoomSaysSo() {
        GrowingBody body = new GrowingBody(new Permit(new FairPool(100).share("tenant"), () -> {}), LARGEST, 0);

        assertThat(body.add(Buffer.buffer("x".repeat(20)))).isEqualTo(Added.TAKEN);
        assertThat(body.add(Buffer.buffer("x".repeat(20)))).isEqualTo(Added.TAKEN);
        assertThat(body.add(Buffer.buffer("x".repeat(20)))).isEqualTo(Added.NO_ROOM);
    }

    @Test
    void aBodyMayHaveExactlyAsMuchAsIsAllowed() {
        GrowingBody body = new GrowingBody(place, 30, 0);

        assertThat(body.add(Buffer.buffer("x".repeat(20)))).isEqualTo(Added.TAKEN);
        assertThat(body.add(Buffer.buffer("x".repeat(10)))).isEqualTo(Added.TAKEN);
        assertThat(body.add(Buffer.buffer("x"))).isEqualTo(Added.TOO_LARGE);
    }
}
