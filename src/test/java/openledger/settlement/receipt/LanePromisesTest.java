package openledger.settlement.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.SignedPromise;
import openledger.settlement.ledger.DigestSigner;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import org.junit.jupiter.api.Test;

/** What a promise says, and for whom it is made. */
final class LanePromisesTest {
    private static final Address REGISTRY = Address.parse("0x" + "ab".repeat(Address.BYTES));
    private static final Hash32 COMMITMENT = Hash32.parse("0x" + "01".repeat(Hash32.BYTES));
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.900Z");

    private final List<Hash32> signed = new ArrayList<>();
    private final Promises promises = new LanePromises(
            new DigestSigner() {
                @Override
                public Address address() {
                    return REGISTRY;
                }

                @Override
                public Uni<byte[]> sign(Hash32 digest) {
                    signed.add(digest);
                    return Uni.createFrom().item(new byte[65]);
                }
            },
            901,
            REGISTRY,
            new LaneId(7),
            () -> NOW,
            Duration.ofSeconds(60));

    @Test
    void signsWhatIsPromisedByWhen() {
        RequestId request = new RequestId(7, 3);

        SignedReceipt promise =
                promises.promise(request, COMMITMENT, Optional.empty()).await().atMost(Duration.ofSeconds(5));

        assertThat(promise.anchorBy()).isEqualTo(Instant.parse("2026-01-31T12:01:00Z"));
        assertThat(signed)
                .containsExactly(new SignedPromise(
                                request,
                                COMMITMENT,
                                Hash32.ZERO,
                                promise.anchorBy().getEpochSecond())
                        .digest(901, REGISTRY));
    }

    @Test
    void promisesNothingForAnotherLane() {
        assertThatThrownBy(() -> promises.promise(new RequestId(8, 3), COMMITMENT, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(signed).isEmpty();
    }
}
