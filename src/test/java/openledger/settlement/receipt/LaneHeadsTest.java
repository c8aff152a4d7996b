package openledger.settlement.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.HeaderVectors;
import openledger.commitment.LaneHead;
import openledger.commitment.RegistryDomain;
import openledger.commitment.SignedHead;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.DigestSigner;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;

/** Which heads are signed, how often, and what happens where one cannot be. */
final class LaneHeadsTest {
    private static final BatchHeader HEADER = HeaderVectors.ordinary();
    private static final Address SIGNER = Address.parse("0x" + "cd".repeat(Address.BYTES));

    private final List<Hash32> signed = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private boolean signs = true;
    private Uni<LedgerView> view = view(SigningKey.SIGNS);
    private int views;

    private LaneHeads heads(RegistryDomain domain, LaneId lane) {
        DigestSigner signer = new DigestSigner() {
            @Override
            public Address address() {
                return SIGNER;
            }

            @Override
            public Uni<byte[]> sign(Hash32 digest) {
                return Uni.createFrom().item(() -> {
                    signed.add(digest);
                    if (!signs) {
                        throw new IllegalStateException("no key");
                    }
                    return new byte[65];
                });
            }
        };
        return new LaneHeads(
                signer,
                domain,
                lane,
                () -> {
                    views++;
                    return view;
                },
                now::get);
    }

    private static Uni<LedgerView> view(SigningKey ours) {
        BlockRef block = new BlockRef(1, Hash32.ZERO);
        Lane lane = new Lane.Open(SIGNER, SIGNER, SIGNER, ours, 1, Hash32.ZERO);
        return Uni.createFrom().item(new LedgerView(block, block, block, 0, lane, Duration.ZERO));
    }

    private LaneHeads ours() {
        return heads(new RegistryDomain(HEADER.chainId(), HEADER.registry()), HEADER.lane());
    }

    private static Optional<SignedHead> of(LaneHeads heads) {
        return of(heads, Optional.of(Inclusion.Effect.DONE));
    }

    private static Optional<SignedHead> of(LaneHeads heads, Optional<Inclusion.Effect> effect) {
        return heads.of(batch(effect)).await().atMost(Duration.ofSeconds(5));
    }

    private static SettledBatch batch(Optional<Inclusion.Effect> effect) {
        return new SettledBatch(
                HEADER,
                HEADER.head(),
                ConfirmationLevel.SEQUENCED,
                Optional.empty(),
                effect.map(
                        made -> new Inclusion(Hash32.ZERO, new BlockRef(1, Hash32.ZERO), 1, made, 85_000, Wei.of(1))),
                List.of());
    }

    @Test
    void signsAHeadOnce() {
        LaneHeads heads = ours();

        SignedHead first = of(heads).orElseThrow();

        assertThat(first.head()).isEqualTo(LaneHead.of(HEADER));
        assertThat(first.signer()).isEqualTo(SIGNER);
        assertThat(of(heads).orElseThrow()).isSameAs(first);
        assertThat(signed).containsExactly(first.digest());
        assertThat(views).isOne();
    }

    @Test
    void signsNothingOfAnotherLaneChainOrRegistry() {
        RegistryDomain here = new RegistryDomain(HEADER.chainId(), HEADER.registry());

        assertThat(of(heads(here, new LaneId(HEADER.lane().value() + 1)))).isEmpty();
        assertThat(of(heads(new RegistryDomain(HEADER.chainId() + 1, HEADER.registry()), HEADER.lane())))
                .isEmpty();
        assertThat(of(heads(new RegistryDomain(HEADER.chainId(), SIGNER), HEADER.lane())))
                .isEmpty();
        assertThat(signed).isEmpty();
    }

    @Test
    void signsNothingThatIsNotOnChain() {
        LaneHeads heads = ours();

        assertThat(of(heads, Optional.empty())).isEmpty();
        for (Inclusion.Effect effect : Inclusion.Effect.values()) {
            assertThat(of(heads, Optional.of(effect)).isPresent()).isEqualTo(effect == Inclusion.Effect.DONE);
        }
    }

    @Test
    void signsNothingUntilTheRegistryHasTheKey() {
        LaneHeads heads = ours();
        view = view(SigningKey.UNKNOWN);
        assertThat(of(heads)).isEmpty();
        view = view(SigningKey.SIGNS);
        // It is not asked for each receipt.
        assertThat(of(heads)).isEmpty();
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(of(heads)).isPresent();

        assertThat(views).isEqualTo(2);
        assertThat(signed).hasSize(1);
    }

    @Test
    void aNodeThatFailsCostsTheSignatureOnly() {
        LaneHeads heads = ours();
        view = Uni.createFrom().failure(new IllegalStateException("away"));

        assertThat(of(heads)).isEmpty();
    }

    @Test
    void aNodeThatWasSilentIsHeardWhenItAnswers() {
        LaneHeads heads = ours();
        view = Uni.createFrom().nothing();
        assertThat(of(heads)).isEmpty();
        CompletableFuture<LedgerView> late = new CompletableFuture<>();
        view = Uni.createFrom().completionStage(late);
        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(of(heads)).isEmpty();
        view(SigningKey.SIGNS).subscribe().with(late::complete);

        assertThat(of(heads)).isPresent();
        assertThat(views).isEqualTo(2);
    }

    @Test
    void aSignatureThatFailedIsTriedAgain() {
        LaneHeads heads = ours();
        signs = false;
        assertThat(of(heads)).isEmpty();
        signs = true;

        assertThat(of(heads)).isPresent();

        assertThat(signed).hasSize(2);
    }
}
