package openledger.inference.origin;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import openledger.inference.EventLoops;
import openledger.inference.OriginStore;
import openledger.inference.Timekeeper;
import openledger.inference.admission.FairPermits;
import openledger.inference.admission.RequestBody;
import openledger.inference.origin.OriginReferences.Reference;
import openledger.inference.record.RecordsUnavailable;
import openledger.inference.upstream.MadeNames;
import openledger.routing.Operation;
import openledger.routing.Route;

/**
 * Finds which provider made the objects that requests refer to: responses, conversations, encrypted reasoning. Used only for requests that
 * refer to something, on routes with targets of several providers; those of one have one account, where any target will do. Names that are
 * not in memory are looked up in the store. Thread-safe.
 */
public final class Origins implements MadeNames {
    /** Questions to the store that are under way at once. */
    private static final int MOST_QUESTIONS = 256;
    /** Another router may just be writing down what it has answered. */
    private static final Duration UNTIL_WRITTEN = Duration.ofMillis(200);

    private static final Duration WHEN_BUSY = Duration.ofSeconds(1);

    private final OriginStore store;
    private final Timekeeper time;
    private final RecentOrigins recent = new RecentOrigins(RecentOrigins.MOST);
    private final FairPermits questions = new FairPermits(MOST_QUESTIONS);

    /** Origins that are known for as long as the store keeps them. */
    public Origins(OriginStore store, Timekeeper time) {
        this.store = store;
        this.time = time;
    }

    /** Who made what a request refers to. */
    public sealed interface Answer {
        /** One provider made all of it; {@code member} is the first that refers to it. */
        record MadeBy(String provider, String member) implements Answer {}

        /** Nobody knows who made what {@code member} refers to. */
        record Unknown(String member) implements Answer {}

        /** Two providers made it; {@code member} is the first that refers to the second's. */
        record MadeByTwo(String one, String other, String member) implements Answer {}

        /** It is not known now. */
        record NotNow(Duration retryAfter) implements Answer {}
    }

    @Override
    public void made(String tenant, String provider, String name) {
        UUID key = OriginName.of(tenant, name);
        recent.put(tenant, key, provider, time.nanoTime());
        store.keep(tenant, key, provider);
    }

    /** What a request refers to; nothing if any target of its route will do. */
    public static List<Reference> references(Route route, Operation operation, RequestBody body) {
        return operation == Operation.RESPONSES && hasSeveralProviders(route)
                ? OriginReferences.of(body).all()
                : List.of();
    }

    private static boolean hasSeveralProviders(Route route) {
        String first = route.tiers().getFirst().targets().getFirst().provider();
        return route.tiers().stream()
                .flatMap(tier -> tier.targets().stream())
                .anyMatch(target -> !target.provider().equals(first));
    }

    /**
     * Who made what a tenant refers to. Completes at once if that is remembered, else on the given loop.
     *
     * @param references at least one
     */
    public Uni<Answer> of(String tenant, List<Reference> references, EventLoops.Loop home) {
        Map<Reference, UUID> keys = new LinkedHashMap<>();
        Map<UUID, String> known = new HashMap<>();
        for (Reference reference : references) {
            UUID name = OriginName.of(tenant, reference.name());
            keys.put(reference, name);
            recent.get(tenant, name).ifPresent(provider -> known.put(name, provider));
        }
        Set<UUID> missing = missing(keys, known);
        if (missing.isEmpty()) {
            return Uni.createFrom().item(answer(keys, known));
        }
        if (!questions.take(tenant)) {
            return Uni.createFrom().item(new Answer.NotNow(WHEN_BUSY));
        }
        return ask(tenant, missing, known, home)
                .chain(first -> {
                    Set<UUID> still = missing(keys, known);
                    return still.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : later().chain(due -> ask(tenant, still, known, home));
                })
                .map(asked -> answer(keys, known))
                .onFailure(RecordsUnavailable.class)
                .recoverWithItem(new Answer.NotNow(WHEN_BUSY))
                .onTermination()
                .invoke(() -> questions.giveBack(tenant));
    }

    private Uni<Void> ask(String tenant, Set<UUID> names, Map<UUID, String> known, EventLoops.Loop home) {
        return store.find(names)
                .emitOn(home)
                .invoke(found -> {
                    known.putAll(found);
                    found.forEach((name, provider) -> recent.put(tenant, name, provider, time.nanoTime()));
                })
                .replaceWithVoid();
    }

    private Uni<Void> later() {
        return Uni.createFrom().emitter(to -> {
            Timekeeper.Timer timer = time.after(UNTIL_WRITTEN, () -> to.complete(null));
            to.onTermination(timer::cancel);
        });
    }

    /** The names of what nobody is known to have made. */
    private static Set<UUID> missing(Map<Reference, UUID> keys, Map<UUID, String> known) {
        Set<UUID> missing = new HashSet<>(keys.values());
        missing.removeAll(known.keySet());
        return missing;
    }

    private static Answer answer(Map<Reference, UUID> keys, Map<UUID, String> known) {
        String provider = "";
        String member = "";
        for (Map.Entry<Reference, UUID> reference : keys.entrySet()) {
            String maker = known.getOrDefault(reference.getValue(), "");
            String here = reference.getKey().member();
            if (maker.isEmpty()) {
                return new Answer.Unknown(here);
            }
            if (provider.isEmpty()) {
                provider = maker;
                member = here;
            } else if (!provider.equals(maker)) {
                return new Answer.MadeByTwo(provider, maker, here);
            }
        }
        return new Answer.MadeBy(provider, member);
    }
}
