package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafPromise;
import openledger.commitment.RegistryDomain;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.BatchPaths;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent.Challenged;
import openledger.settlement.cut.ReplayEncoding;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Batches.Leaves;
import openledger.settlement.receipt.Batches.Located;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;

/**
 * Makes the answers to games from what the router keeps: batches, their leaves and records, those that were exported included. Whether an
 * answer holds is the contract's to say. Long because each game asks for something else. Thread-safe.
 */
public final class AnswerFinder {
    /** A promise is signed while its request is under way, and again whenever somebody asks for it, for as long as there are receipts. */
    private static final long BEFORE_SECONDS = 60;

    private final Batches batches;
    private final Court court;
    private final RegistryDomain domain;
    private final LaneId lane;
    private final long anchorSeconds;
    private final Executor worker;

    /**
     * Makes answers for a lane.
     *
     * @param court has the transactions that ask
     * @param domain of the promises
     * @param anchorSeconds from a promise to what it promises, as this router promises now
     * @param worker takes searches of some seconds
     */
    public AnswerFinder(
            Batches batches, Court court, RegistryDomain domain, LaneId lane, long anchorSeconds, Executor worker) {
        this.batches = batches;
        this.court = court;
        this.domain = domain;
        this.lane = lane;
        this.anchorSeconds = anchorSeconds;
        this.worker = worker;
    }

    /** What came of a search. */
    public sealed interface Finding {
        /** This answers it. */
        record Found(VaultCall.Answer answer) implements Finding {}

        /**
         * There is no answer now.
         *
         * @param reason for the operator
         */
        record NotFound(String reason) implements Finding {}
    }

    /**
     * The answer to a game; fails if database or node do not answer.
     *
     * @param opening the transaction that opened it
     */
    public Uni<Finding> find(Challenged asked, Game game, Hash32 opening) {
        return switch (asked.fault()) {
            case WITHHELD -> leafOf(game.sequence(), number(asked.subject()));
            case RECORD_WITHHELD -> recordOf(game.sequence(), number(asked.subject()));
            case PLAN_MISSING ->
                leaves(number(asked.subject()))
                        .map(found -> shown(found.plan(), "the plan")
                                .then(plan -> new VaultCall.AnswerPlanMissing(plan, asked.subject())));
            case OUTCOME_MISSING ->
                leaves(number(asked.subject()))
                        .map(found -> shown(found.outcome(), "the outcome")
                                .then(outcome -> new VaultCall.AnswerOutcomeMissing(
                                        outcome, number(asked.subject()), game.sequence())));
            case OMITTED -> promised(asked, opening);
            default -> none("this router knows no game about " + asked.fault());
        };
    }

    private Uni<Finding> leafOf(long sequence, long index) {
        return batches.batch(lane, sequence)
                .chain(found -> committed(
                        found,
                        sequence,
                        index,
                        batch -> batches.leaves(lane, sequence)
                                .chain(leaves -> batches.trees(
                                                lane, batch.header().firstIndex())
                                        .map(trees -> leaves.<Finding>map(bytes -> leaf(batch, trees, bytes, index))
                                                .orElseGet(() -> new Finding.NotFound(
                                                        "the leaves of batch " + sequence + " are not there"))))));
    }

    private Uni<Finding> recordOf(long sequence, long index) {
        return batches.batch(lane, sequence)
                .chain(found -> committed(
                        found,
                        sequence,
                        index,
                        batch -> batches.records(lane, sequence)
                                .map(records -> records.<Finding>map(bytes -> record(batch, bytes, index))
                                        .orElseGet(() -> new Finding.NotFound(
                                                "the records of batch " + sequence + " are not there")))));
    }

    private Uni<Finding> committed(
            Optional<SettledBatch> found, long sequence, long index, Function<SettledBatch, Uni<Finding>> then) {
        if (found.isEmpty()) {
            return none("there is no batch " + sequence);
        }
        BatchHeader header = found.get().header();
        if (found.get().inclusion().isEmpty()) {
            return none("batch " + sequence + " is in no block");
        }
        return index < header.firstIndex() || index >= header.size()
                ? none("entry " + index + " is not of batch " + sequence)
                : then.apply(found.get());
    }

    private static Finding leaf(SettledBatch batch, List<Hash32> trees, byte[] bytes, long index) {
        BatchHeader header = batch.header();
        List<byte[]> leaves = new ArrayList<>();
        for (int at = 0; at + LeafEncoding.BYTES <= bytes.length; at += LeafEncoding.BYTES) {
            leaves.add(Arrays.copyOfRange(bytes, at, at + LeafEncoding.BYTES));
        }
        return checked(
                header,
                () -> new BatchPaths(header, committedAt(batch), trees, leaves),
                paths -> new VaultCall.AnswerWithheld(paths.shown((int) (index - header.firstIndex()))));
    }

    private static Finding record(SettledBatch batch, byte[] bytes, long index) {
        BatchHeader header = batch.header();
        return checked(
                header,
                () -> BatchPaths.ofRecords(header, committedAt(batch), ReplayEncoding.each(bytes)),
                paths -> new VaultCall.AnswerRecordWithheld(paths.shown((int) (index - header.firstIndex()))));
    }

    /** What is kept could be damaged, and then there is no way to the root. */
    private static Finding checked(
            BatchHeader header, Supplier<BatchPaths> kept, Function<BatchPaths, VaultCall.Answer> answer) {
        try {
            BatchPaths paths = kept.get();
            return paths.leadToTheRoot()
                    ? new Finding.Found(answer.apply(paths))
                    : new Finding.NotFound("what is kept of batch " + header.sequence() + " is not what was committed");
        } catch (IllegalArgumentException damaged) {
            return new Finding.NotFound(
                    "what is kept of batch " + header.sequence() + " is damaged: " + damaged.getMessage());
        }
    }

    private static long committedAt(SettledBatch batch) {
        return batch.inclusion().orElseThrow().committedAt();
    }

    private Uni<Leaves> leaves(long counter) {
        return counter < 1 ? Uni.createFrom().item(Leaves.NONE) : batches.locate(new RequestId(lane.value(), counter));
    }

    private Uni<Finding> promised(Challenged asked, Hash32 opening) {
        RequestKey request = RequestKey.parse(asked.subject().toString());
        PromiseSearch search = new PromiseSearch(domain, lane, asked.id(), request);
        return court.callData(opening)
                .map(data -> data.flatMap(search::within))
                .chain(found -> leaves(request.counter())
                        .chain(leaves -> promise(search, found, asked, leaves)
                                .map(promise -> promise.map(known -> answer(asked.id(), known, leaves))
                                        .orElseGet(() -> new Finding.NotFound(
                                                "what was promised is not known: neither the transaction " + opening
                                                        + " nor a search tells it")))));
    }

    private Uni<Optional<LeafPromise>> promise(
            PromiseSearch search, Optional<LeafPromise> found, Challenged asked, Leaves leaves) {
        List<Located> there = new ArrayList<>();
        leaves.plan().ifPresent(there::add);
        leaves.outcome().ifPresent(there::add);
        if (found.isPresent() || there.isEmpty()) {
            return Uni.createFrom().item(found);
        }
        LogHasher hasher = new LogHasher();
        List<Hash32> hashes =
                there.stream().map(leaf -> hasher.entry(leaf.leaf())).toList();
        long first = there.stream()
                        .mapToLong(leaf -> leaf.batch().header().firstMillis())
                        .min()
                        .orElseThrow()
                / 1_000;
        List<Long> bounds = List.of(anchorSeconds, LeafPromise.LONGEST);
        return court.terms().chain(terms -> {
            // The vault took it then: the promise was over, and its window was not.
            long opened = asked.deadline() - terms.response().toSeconds();
            long oldest = opened - terms.window().toSeconds() - LeafPromise.LONGEST;
            return Uni.createFrom()
                    .item(() -> search.tried(hashes, Math.max(first - BEFORE_SECONDS, oldest), opened, bounds))
                    .runSubscriptionOn(worker);
        });
    }

    private static Finding answer(Hash32 game, LeafPromise promise, Leaves leaves) {
        return shown(
                        promise.kind() == LeafKind.PLAN ? leaves.plan() : leaves.outcome(),
                        "the promised " + promise.kind())
                .then(leaf -> new VaultCall.AnswerOmitted(game, promise, leaf));
    }

    private static Shown shown(Optional<Located> located, String what) {
        if (located.isEmpty()) {
            return new Shown(Optional.empty(), what + " is in no batch");
        }
        Located there = located.get();
        return there.batch().inclusion().isEmpty()
                ? new Shown(Optional.empty(), what + " is in a batch that is in no block")
                : new Shown(
                        Optional.of(new ShownLeaf(
                                there.batch().header(),
                                committedAt(there.batch()),
                                there.leaf(),
                                there.proof().index(),
                                there.proof().path())),
                        "");
    }

    /** A number as a subject has it: its last bytes. The counter is there in a request's key, too. */
    private static long number(Hash32 subject) {
        byte[] bytes = subject.bytes();
        long value = 0;
        for (int i = bytes.length - Long.BYTES; i < bytes.length; i++) {
            value = (value << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return value;
    }

    private static Uni<Finding> none(String reason) {
        return Uni.createFrom().item(new Finding.NotFound(reason));
    }

    /** A leaf to be shown, or why there is none. */
    private record Shown(Optional<ShownLeaf> leaf, String lacking) {
        Finding then(Function<ShownLeaf, VaultCall.Answer> answer) {
            return leaf.<Finding>map(there -> new Finding.Found(answer.apply(there)))
                    .orElseGet(() -> new Finding.NotFound(lacking));
        }
    }
}
