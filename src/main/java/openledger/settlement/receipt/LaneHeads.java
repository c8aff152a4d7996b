package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.commitment.BatchHeader;
import openledger.commitment.LaneHead;
import openledger.commitment.RegistryDomain;
import openledger.commitment.SignedHead;
import openledger.settlement.ledger.DigestSigner;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jboss.logging.Logger;

/**
 * Signs the heads of a lane, each once, on demand. It signs none until the registry has our key as the lane's: a head of any other key would
 * refute the receipt that it is in. Thread-safe.
 */
public final class LaneHeads implements SignedHeads {
    private static final Logger LOG = Logger.getLogger(LaneHeads.class);
    /** A receipt waits no longer for a signature that it can do without. */
    private static final Duration LONGEST = Duration.ofSeconds(2);
    /** From one question about our key to the next; a receipt waits no longer for its answer. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final Duration BRIEFLY = Duration.ofMillis(1);
    /** Signed heads that are kept, about 500 bytes each. */
    private static final int MOST_KEPT = 1_024;

    private final DigestSigner signer;
    private final RegistryDomain domain;
    private final LaneId lane;
    private final Supplier<Uni<LedgerView>> chain;
    private final LongSupplier nanoTime;
    private final AtomicBoolean isTrouble = new AtomicBoolean();
    private final Map<Hash32, Uni<SignedHead>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash32, Uni<SignedHead>> eldest) {
            return size() > MOST_KEPT;
        }
    };
    private volatile boolean isKeyOfLane;
    private volatile boolean isNodeSilent;
    private Optional<Uni<Boolean>> question = Optional.empty();
    private long askedAt;

    /**
     * A signer.
     *
     * @param domain where the lane settles
     * @param lane the only one that it signs for
     * @param chain the chain as it is now, with our key in it
     * @param nanoTime of a clock that never goes back
     */
    public LaneHeads(
            DigestSigner signer,
            RegistryDomain domain,
            LaneId lane,
            Supplier<Uni<LedgerView>> chain,
            LongSupplier nanoTime) {
        this.signer = signer;
        this.domain = domain;
        this.lane = lane;
        this.chain = chain;
        this.nanoTime = nanoTime;
    }

    @Override
    public Uni<Optional<SignedHead>> of(SettledBatch batch) {
        BatchHeader header = batch.header();
        boolean isOurs = header.lane().equals(lane)
                && header.chainId() == domain.chainId()
                && header.registry().equals(domain.registry());
        if (!isOurs || !isOnChain(batch)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return isKeyOfLane()
                .chain(is ->
                        is ? once(header).map(Optional::of) : Uni.createFrom().item(Optional.<SignedHead>empty()))
                .ifNoItem()
                .after(LONGEST)
                .fail()
                .invoke(() -> isTrouble.set(false))
                .onFailure()
                .recoverWithItem(this::leftOut);
    }

    /** A batch that a database loses before that may be cut anew, and nobody may hold its first head against the lane. */
    private static boolean isOnChain(SettledBatch batch) {
        return batch.inclusion()
                .filter(inclusion -> inclusion.effect() == Inclusion.Effect.DONE)
                .isPresent();
    }

    /**
     * A key that signs now signs for ever what was signed with it, so it is asked for until it is known. After a node was silent once hardly
     * anybody waits for it: it is asked all the same, and what it says is for those who come later.
     */
    private Uni<Boolean> isKeyOfLane() {
        if (isKeyOfLane) {
            return Uni.createFrom().item(true);
        }
        return answer().ifNoItem()
                .after(isNodeSilent ? BRIEFLY : BETWEEN)
                .fail()
                .onFailure()
                .invoke(() -> isNodeSilent = true);
    }

    private synchronized Uni<Boolean> answer() {
        long now = nanoTime.getAsLong();
        if (question.isEmpty() || now - askedAt >= BETWEEN.toNanos()) {
            askedAt = now;
            question = Optional.of(chain.get()
                    .map(LaneHeads::isKeyOfLane)
                    .invoke(is -> {
                        isKeyOfLane |= is;
                        isNodeSilent = false;
                    })
                    .memoize()
                    .indefinitely());
        }
        return question.get();
    }

    private static boolean isKeyOfLane(LedgerView view) {
        return view.lane() instanceof Lane.Open open && open.ours() == SigningKey.SIGNS;
    }

    private Uni<SignedHead> once(BatchHeader header) {
        Hash32 head = header.head();
        synchronized (kept) {
            return kept.computeIfAbsent(head, absent -> sign(header, head));
        }
    }

    private Uni<SignedHead> sign(BatchHeader header, Hash32 head) {
        return signer.sign(LaneHead.of(header).digest(domain.chainId(), domain.registry()))
                .map(signature -> SignedHead.of(header, signature, signer.address()))
                // The next who asks tries again.
                .onFailure()
                .invoke(() -> forget(head))
                .memoize()
                .indefinitely();
    }

    private void forget(Hash32 head) {
        synchronized (kept) {
            kept.remove(head);
        }
    }

    /** Logged once for a trouble, however many ask meanwhile. */
    private Optional<SignedHead> leftOut(Throwable cause) {
        if (!isTrouble.getAndSet(true)) {
            LOG.warnf(
                    "heads of batches are not signed, reason=%s",
                    cause.getClass().getName());
        }
        return Optional.empty();
    }
}
