package openledger.cluster.orphan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.cluster.ClusterMember;
import openledger.cluster.HopSeal;
import openledger.cluster.RangeMap;
import openledger.cluster.orphan.AnnouncedOrphans.Announced;
import openledger.cluster.orphan.OrphanQueue.Waiting;
import openledger.cluster.orphan.OrphanWords.Left;
import openledger.cluster.orphan.OrphanWords.Told;
import openledger.routing.Operation;

/**
 * Orphans of a router of a cluster: what is to be told, in words for whoever sends them, and what others have told. Thread-safe.
 */
public final class ClusterOrphans implements Orphans {
    /** As many as a router keeps ledgers by default. */
    private static final int MOST_ANNOUNCED = 20_000;
    /** More than leave within any second that a router survives. */
    private static final int MOST_WAITING = 4_000;

    private final HopSeal seal;
    private final Supplier<RangeMap> map;
    private final LongSupplier nanos;
    private final OrphanWords words;
    private final OrphanQueue waiting = new OrphanQueue(MOST_WAITING);
    private final AnnouncedOrphans announced = new AnnouncedOrphans(MOST_ANNOUNCED);
    private final LongAdder told = new LongAdder();
    private final LongAdder untold = new LongAdder();
    private final LongAdder heard = new LongAdder();
    private final LongAdder passedOver = new LongAdder();
    private volatile Runnable wake = () -> {};

    /**
     * None yet.
     *
     * @param seal names requests
     * @param ourselves 16 hexadecimal digits that no other router has
     * @param map of routers, with our own hold
     * @param nanos monotonic
     */
    public ClusterOrphans(HopSeal seal, String ourselves, Supplier<RangeMap> map, LongSupplier nanos) {
        this.seal = seal;
        this.words = new OrphanWords(ourselves);
        this.map = map;
        this.nanos = nanos;
    }

    /** What is called, on any thread, when there is something to be told. */
    public void whenWaiting(Runnable what) {
        wake = what;
    }

    @Override
    public void left(String tenant, Operation operation, byte[] digest, Duration joinable) {
        Waiting next =
                new Waiting(tenant, seal.orphan(tenant, operation, digest), nanos.getAsLong() + joinable.toNanos());
        if (waiting.add(next)) {
            wake.run();
        } else {
            untold.increment();
        }
    }

    /**
     * What is to be told in one message.
     *
     * @param words for a channel that all routers hear
     */
    public record Message(String words, List<Waiting> orphans) {
        public Message {
            orphans = List.copyOf(orphans);
        }
    }

    /** The next message; empty if there is nothing to be told, or nobody could reach us because we hold no lane. */
    public Optional<Message> next() {
        long now = nanos.getAsLong();
        Optional<ClusterMember> self = map.get().self();
        if (self.isEmpty() || waiting.isEmpty()) {
            return Optional.empty();
        }
        List<Waiting> next = waiting.take(OrphanWords.MOST, now);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        List<Left> left = next.stream()
                .map(one -> new Left(one.name(), Duration.ofNanos(one.until() - now)))
                .toList();
        return Optional.of(new Message(words.say(self.get().lane(), self.get().fence(), left), next));
    }

    /** A message has reached the others. */
    public void told(Message message) {
        told.add(message.orphans.size());
    }

    /** A message may have reached nobody: it is to be told once more, behind what has come since. */
    public void untold(Message message) {
        message.orphans.stream().filter(one -> !waiting.add(one)).forEach(lost -> untold.increment());
    }

    /** Something was said on the channel that begins like our words; false if no router says that. */
    public boolean hear(String said) {
        return switch (words.read(said)) {
            case OrphanWords.Ours ours -> true;
            case OrphanWords.Unknown nothing -> false;
            case Told(var lane, var fence, var orphans) -> {
                long now = nanos.getAsLong();
                for (Left orphan : orphans) {
                    boolean kept = announced.add(
                            orphan.name(), lane, fence, now + orphan.left().toNanos(), now);
                    (kept ? heard : passedOver).increment();
                }
                yield true;
            }
        };
    }

    @Override
    public Elsewhere find(String tenant, Operation operation, byte[] digest) {
        if (announced.isEmpty()) {
            return new Elsewhere.Unknown();
        }
        Optional<Announced> found = announced.find(seal.orphan(tenant, operation, digest), nanos.getAsLong());
        if (found.isEmpty()) {
            return new Elsewhere.Unknown();
        }
        Announced by = found.get();
        RangeMap now = map.get();
        return now.member(by.lane(), by.fence())
                .<Elsewhere>map(holder -> new Elsewhere.At(holder, by, now.version()))
                .orElseGet(() -> new Elsewhere.Lost(by));
    }

    @Override
    public void gone(Announced one) {
        announced.remove(one);
    }

    /** Those that the others were told of. */
    public long told() {
        return told.sum();
    }

    /** Those that nobody was told of, because too many were to be told. */
    public long untold() {
        return untold.sum();
    }

    /** Those that others have told us of. */
    public long heard() {
        return heard.sum();
    }

    /** Those that others have told us of, and that found no place. */
    public long passedOver() {
        return passedOver.sum();
    }
}
