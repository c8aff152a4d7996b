package openledger.settlement.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.settlement.ledger.DigestSigner;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestKey;
import org.junit.jupiter.api.Test;

/** What a promise says, and for whom it is made. */
final class LanePromisesTest {
    private static final Address REGISTRY = Address.parse("0x" + "ab".repeat(Address.BYTES));
    private static final RequestKey KEY = RequestKey.parse("0x" + "01".repeat(RequestKey.BYTES));
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
            Duration.ofSeconds(60),
            () -> false);

    @Test
    void signsWhatIsPromisedByWhen() {
        SignedPromise promise = promises.promise(KEY, LeafKind.OUTCOME, Optional.empty())
                .await()
                .atMost(Duration.ofSeconds(5));

        long now = NOW.getEpochSecond();
        assertThat(promise.promise()).isEqualTo(new LeafPromise(7, KEY, LeafKind.OUTCOME, Hash32.ZERO, now, now + 60));
        assertThat(signed).containsExactly(promise.promise().digest(901, REGISTRY));
    }
}
