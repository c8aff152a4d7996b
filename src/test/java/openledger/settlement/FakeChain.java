package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import openledger.commitment.evm.Keccak256;
import openledger.inference.Timekeeper;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.Ledger;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/**
 * A chain of one account and one registry that a test can break: blocks, a pool of pending transactions, nonces, reorgs. It
 * checks what the real registry checks of order. Confined to one thread. Long because a chain has many ways to fail.
 */
public final class FakeChain implements Ledger {
    public static final Address ACCOUNT = Address.parse("0x" + "a1".repeat(20));
    public static final Address SIGNER = Address.parse("0x" + "51".repeat(20));
    private static final Wei CAP = Wei.of(1_000_000);
    private static final int WAITS_FOR_A_RECEIPT = 100;

    /** What a transaction would do. */
    private record Known(LedgerCall call, SignedTransaction signed) {}

    /** A block and what is after it. */
    private record Block(BlockRef ref, Map<Hash32, Inclusion> receipts, long nonce, FakeRegistry registry) {}

    private final Timekeeper time;
    private final Map<Hash32, Known> known = new HashMap<>();
    private final Map<Long, Hash32> pool = new TreeMap<>();
    private final List<Block> blocks = new ArrayList<>();
    /** How often it was looked at. */
    int views;

    private final List<Runnable> told = new ArrayList<>();
    private long fork;
    /** Batches ever seen in a block, to find any that is committed under another head. */
    final Map<Long, Set<Hash32>> heads = new HashMap<>();

    Wei baseFee = Wei.of(100);
    boolean registry = true;
    Address owner = ACCOUNT;
    boolean reachable = true;
    boolean answersLost;
    boolean dropsWhatItIsSent;
    /** Does not keep what pays less than the base fee. */
    boolean refusesCheap;
    /** Answers with a receipt before there is a block. */
    boolean preconfirms;
    /** Answers what it is sent with its receipt, once there is one, as a synchronous sending does. */
    boolean answersWithReceipts;
    /** Tells the nonce of its newest block whatever block it is asked for. */
    boolean tornViews;
    /** How many blocks the node that answers has not seen yet. */
    int lag;

    Effect commits = Effect.DONE;
    /** The lane's gate says that there is too little at stake. */
    boolean stakeShort;

    Duration latency = Duration.ofMillis(2);
    int finality = 12;
    int reverted;
    /** How often something was sent behind a gap. */
    int gaps;

    FakeChain(Timekeeper time) {
        this.time = time;
        blocks.add(genesis());
    }

    private Block genesis() {
        return new Block(new BlockRef(0, hash("genesis" + fork)), Map.of(), 0, FakeRegistry.EMPTY);
    }

    private static Hash32 hash(String text) {
        return Hash32.of(Keccak256.digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private Block latest() {
        return blocks.getLast();
    }

    /** Makes a block of what is pending and pays enough. */
    void mine() {
        Block before = latest();
        BlockRef ref = new BlockRef(before.ref.number() + 1, hash("block" + fork + "/" + (before.ref.number() + 1)));
        Map<Hash32, Inclusion> receipts = new HashMap<>();
        FakeRegistry state = before.registry;
        long nonce = before.nonce;
        for (; pool.containsKey(nonce); nonce++) {
            Known next = java.util.Objects.requireNonNull(known.get(pool.get(nonce)));
            if (next.signed.maxFee().compareTo(baseFee) < 0) {
                break;
            }
            pool.remove(nonce);
            Optional<FakeRegistry> after = run(next.call, state);
            if (after.isEmpty()) {
                reverted++;
            }
            Effect effect = after.isPresent() ? Effect.DONE : Effect.REVERTED;
            receipts.put(
                    next.signed.hash(), new Inclusion(next.signed.hash(), ref, ref.number(), effect, 60_000, baseFee));
            state = after.orElse(state);
        }
        long free = nonce;
        pool.keySet().removeIf(used -> used < free);
        blocks.add(new Block(ref, receipts, free, state));
        told.forEach(Runnable::run);
    }

    @Override
    public Uni<Optional<String>> stakeShort(LedgerCall.Commit commit) {
        return answer(() -> stakeShort ? Optional.of("StakeShort(7, 1, 2)") : Optional.empty());
    }

    private Optional<FakeRegistry> run(LedgerCall call, FakeRegistry state) {
        boolean fails = !registry || ((commits == Effect.REVERTED || stakeShort) && call instanceof LedgerCall.Commit);
        Optional<FakeRegistry> after = fails ? Optional.empty() : state.after(call, owner);
        after.filter(next -> next.sequence() > state.sequence())
                .ifPresent(next -> heads.computeIfAbsent(next.sequence(), first -> new HashSet<>())
                        .add(next.head()));
        return after;
    }

    /** Takes the last blocks away and puts as many empty ones in their place; their transactions are forgotten. */
    void reorg(int depth) {
        fork++;
        int taken = Math.min(depth, blocks.size() - 1);
        for (int i = 0; i < taken; i++) {
            blocks.removeLast();
        }
        pool.clear();
        for (int i = 0; i < taken; i++) {
            mine();
        }
    }

    /** The chain begins anew, knowing nothing. */
    void forgetEverything() {
        fork++;
        blocks.clear();
        pool.clear();
        blocks.add(genesis());
        told.forEach(Runnable::run);
    }

    /** Something else uses the account's next nonce. */
    void useNonce() {
        Block before = latest();
        pool.remove(before.nonce);
        foreign("used", before.nonce + 1, before.registry);
    }

    /** Somebody else commits to the lane. */
    void commitByAnother() {
        foreign("other", latest().nonce, latest().registry.committed(hash("another")));
    }

    /** The lane's owner opens it, or lets another key sign. */
    void signs(Address signer) {
        foreign("signs", latest().nonce, latest().registry.signedBy(signer));
    }

    /** A block in which others changed something. */
    private void foreign(String what, long nonce, FakeRegistry state) {
        long number = latest().ref.number() + 1;
        blocks.add(new Block(new BlockRef(number, hash(what + fork + "/" + number)), Map.of(), nonce, state));
        told.forEach(Runnable::run);
    }

    /** All keys that ever signed for the lane, the present one last. */
    List<Address> signers() {
        return latest().registry.signers();
    }

    void dropPool() {
        pool.clear();
    }

    long sequence() {
        return latest().registry.sequence();
    }

    Hash32 head() {
        return latest().registry.head();
    }

    Hash32 blockHash(long number) {
        return blocks.get(Math.toIntExact(number)).ref.hash();
    }

    private <T> Uni<T> answer(Supplier<T> what) {
        return Uni.createFrom()
                .emitter(to -> time.after(latency, () -> {
                    if (reachable) {
                        to.complete(what.get());
                    } else {
                        to.fail(new LedgerUnavailable("nobody answers"));
                    }
                }));
    }

    @Override
    public Uni<LedgerView> view() {
        return answer(() -> {
            views++;
            Block at = blocks.get(Math.max(0, blocks.size() - 1 - lag));
            Lane lane = registry ? at.registry.lane(owner) : new Lane.NoRegistry();
            long nonce = tornViews ? latest().nonce : at.nonce;
            return new LedgerView(at.ref, back(lag + finality / 2), back(lag + finality), nonce, lane, Duration.ZERO);
        });
    }

    private BlockRef back(int count) {
        return blocks.get(Math.max(0, blocks.size() - 1 - count)).ref;
    }

    @Override
    public Uni<Published> published(Hash32 policyHash) {
        return answer(() -> latest().registry.policies().contains(policyHash) ? Published.YES : Published.NO);
    }

    @Override
    public Uni<Fees> fees() {
        return answer(() -> {
            Wei twice = baseFee.times(2);
            return new Fees(twice.compareTo(CAP) > 0 ? CAP : twice, Wei.of(10));
        });
    }

    @Override
    public Uni<SignedTransaction> sign(LedgerCall call, long nonce, Fees fees) {
        Hash32 hash = hash(name(call) + nonce + fees);
        SignedTransaction signed = new SignedTransaction(hash, hash.bytes(), nonce, fees.maxFee(), fees.priorityFee());
        known.put(hash, new Known(call, signed));
        return Uni.createFrom().item(signed);
    }

    private static String name(LedgerCall call) {
        return switch (call) {
            case LedgerCall.OpenLane _ -> "open";
            case LedgerCall.SetSigner set -> "signer" + set.signer();
            case LedgerCall.PublishPolicy policy ->
                "policy" + hash(new String(policy.canonical(), java.nio.charset.StandardCharsets.UTF_8));
            case LedgerCall.Commit commit -> "commit" + commit.header().head();
        };
    }

    @Override
    public Uni<Submission> submit(SignedTransaction transaction) {
        return Uni.createFrom()
                .emitter(to -> time.after(latency, () -> {
                    if (!reachable) {
                        to.complete(new Submission.Unknown("nobody answers"));
                        return;
                    }
                    Submission answer = accept(transaction);
                    if (answersLost) {
                        to.complete(new Submission.Unknown("the answer was lost"));
                    } else if (answersWithReceipts && answer instanceof Submission.Pending) {
                        whenIncluded(transaction, WAITS_FOR_A_RECEIPT, to::complete);
                    } else {
                        to.complete(answer);
                    }
                }));
    }

    private void whenIncluded(SignedTransaction transaction, int looks, Consumer<Submission> to) {
        Optional<Inclusion> receipt = included(transaction.hash());
        if (receipt.isPresent()) {
            to.accept(new Submission.Included(receipt.get()));
        } else if (looks == 0) {
            to.accept(new Submission.Pending());
        } else {
            time.after(Duration.ofMillis(20), () -> whenIncluded(transaction, looks - 1, to));
        }
    }

    private Optional<Inclusion> included(Hash32 transaction) {
        return blocks.stream()
                .flatMap(block -> Optional.ofNullable(block.receipts.get(transaction)).stream())
                .findFirst();
    }

    private Submission accept(SignedTransaction transaction) {
        if (transaction.nonce() < latest().nonce) {
            return new Submission.NonceUsed();
        }
        Hash32 pending = pool.get(transaction.nonce());
        if (pending != null && !pending.equals(transaction.hash())) {
            Wei least =
                    java.util.Objects.requireNonNull(known.get(pending)).signed.maxFee();
            if (transaction.maxFee().times(10).compareTo(least.times(11)) < 0) {
                return new Submission.Underpriced();
            }
        }
        if (refusesCheap && transaction.maxFee().compareTo(baseFee) < 0) {
            return new Submission.Underpriced();
        }
        if (!dropsWhatItIsSent) {
            pool.put(transaction.nonce(), transaction.hash());
        }
        for (long before = latest().nonce; before < transaction.nonce(); before++) {
            if (!pool.containsKey(before)) {
                gaps++;
                return new Submission.NonceGap();
            }
        }
        return preconfirmed(transaction.hash())
                .<Submission>map(Submission.Included::new)
                .orElseGet(Submission.Pending::new);
    }

    @Override
    public Uni<Optional<Inclusion>> inclusion(Hash32 transaction) {
        return answer(() -> included(transaction).or(() -> preconfirmed(transaction)));
    }

    /** In a block that is still being made, and whose hash is not its last. */
    private Optional<Inclusion> preconfirmed(Hash32 transaction) {
        long next = latest().ref.number() + 1;
        return preconfirms && pool.containsValue(transaction)
                ? Optional.of(new Inclusion(
                        transaction, new BlockRef(next, hash("part of " + next)), next, Effect.DONE, 60_000, baseFee))
                : Optional.empty();
    }

    @Override
    public Uni<List<Optional<Hash32>>> canonical(List<Long> numbers) {
        return answer(() -> numbers.stream()
                .map(number -> number < blocks.size() ? Optional.of(blockHash(number)) : Optional.<Hash32>empty())
                .toList());
    }

    @Override
    public void onNewHead(Runnable listener) {
        told.add(listener);
    }

    /** A started sequencer's process has ended: nobody listens. */
    void forgetListeners() {
        told.clear();
    }

    List<Long> committed() {
        return heads.keySet().stream().sorted().toList();
    }
}
