package openledger.store.cluster;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.SlotLimit;
import openledger.cluster.slot.TargetSlots;
import openledger.routing.SlotBounds;

/** A router, as far as slots of targets are concerned. Confined to one thread. */
final class SlottedRouter extends LeasingRouter<Question, List<Grant>> {
    final TargetSlots slots;
    final SlotLimit limit;
    /** Of what others lack, as it was told. */
    final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private final StoredSlots engine;

    SlottedRouter(Vertx vertx, String url, TargetKey target, SlotBounds bounds) {
        this(vertx, url, target, bounds, new TargetSlots(System::nanoTime, () -> {}));
    }

    private SlottedRouter(Vertx vertx, String url, TargetKey target, SlotBounds bounds, TargetSlots slots) {
        super(vertx, slots);
        this.slots = slots;
        this.limit = slots.of(target, bounds);
        slots.follow(Set.of(target));
        this.engine = new StoredSlots(vertx, database(url), lacked -> {
            heard.add(lacked);
            slots.heard(lacked);
        });
        begin(() -> engine.open(() -> {}));
    }

    @Override
    Uni<List<Grant>> asked(Question question) {
        return engine.ask(question);
    }

    @Override
    void ended() {
        engine.close();
    }
}
