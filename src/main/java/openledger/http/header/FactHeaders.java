package openledger.http.header;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import openledger.commitment.leaf.LeafMode;
import openledger.inference.RequestFacts;
import openledger.inference.record.Decision;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.routing.Route;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import openledger.unit.RouteId;

/**
 * The {@code openledger-*} headers of an answer. Names and all values that the policy fixes are encoded once. Thread-safe.
 */
public final class FactHeaders {
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence REQUEST = HttpHeaders.createOptimized("openledger-request");
    private static final CharSequence MODE = HttpHeaders.createOptimized("openledger-mode");
    private static final CharSequence ROUTE = HttpHeaders.createOptimized("openledger-route");
    private static final CharSequence TIER = HttpHeaders.createOptimized("openledger-tier");
    private static final CharSequence TARGET = HttpHeaders.createOptimized("openledger-target");
    private static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("openledger-attempts");
    private static final CharSequence BUDGET = HttpHeaders.createOptimized("openledger-budget");
    private static final CharSequence FALLBACK_REASON = HttpHeaders.createOptimized("openledger-fallback-reason");
    private static final CharSequence CLOSED_TIERS = HttpHeaders.createOptimized("openledger-closed-tiers");
    private static final CharSequence CLOSED_BY = HttpHeaders.createOptimized("openledger-closed-by");
    private static final CharSequence ATTRIBUTION = HttpHeaders.createOptimized("openledger-attribution");
    private static final CharSequence RESENDS = HttpHeaders.createOptimized("openledger-resends");
    private static final CharSequence RECEIPT = HttpHeaders.createOptimized("openledger-receipt");
    private static final CharSequence OVERHEAD = HttpHeaders.createOptimized("openledger-overhead-ms");
    private static final CharSequence GATE = HttpHeaders.createOptimized("openledger-gate");
    private static final CharSequence LEVEL = HttpHeaders.createOptimized("openledger-level");
    private static final CharSequence SNAPSHOT = HttpHeaders.createOptimized("openledger-snapshot");
    private static final CharSequence TURN = HttpHeaders.createOptimized("openledger-turn");
    private static final CharSequence HOLD = HttpHeaders.createOptimized("openledger-hold-ms");
    private static final CharSequence CONFIRM = HttpHeaders.createOptimized("openledger-confirm-ms");
    private static final CharSequence RELEASED = HttpHeaders.createOptimized("openledger-released");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence NONE = HttpHeaders.createOptimized("none");
    private static final int LONGEST_NAME = 128;
    private static final CharSequence[] NUMBERS = numbers();

    private final Map<RouteId, RouteWords> words = new ConcurrentHashMap<>();

    /** Sets the facts; {@code clientRequestId} is echoed if the client sent one. */
    public void set(MultiMap headers, RequestFacts facts, String clientRequestId) {
        String id = facts.id().toString();
        RouteWords route = words.computeIfAbsent(facts.route().id(), key -> RouteWords.of(facts.route()));
        boolean served = facts.servedTier() != Decision.NO_TIER;
        if (facts.mode() != LeafMode.FAST) {
            confirmed(headers, facts);
        }
        facts.closed().why().ifPresent(why -> closed(headers, facts, why));
        if (facts.resends() > 0) {
            headers.set(RESENDS, Integer.toString(facts.resends()));
        }
        headers.set(REQUEST, id)
                .set(REQUEST_ID, clientRequestId.isEmpty() ? id : clientRequestId)
                .set(MODE, facts.mode().routing().word())
                .set(ROUTE, route.name)
                .set(TIER, served ? route.tiers.get(facts.servedTier()) : NONE)
                .set(TARGET, served ? route.targets.get(facts.servedTier()).get(facts.servedTarget()) : NONE)
                .set(ATTEMPTS, NUMBERS[facts.attempts()])
                .set(BUDGET, NUMBERS[facts.route().budget()])
                .set(
                        FALLBACK_REASON,
                        facts.trigger() == Trigger.NONE ? NONE : facts.trigger().name())
                .set(ATTRIBUTION, facts.attribution().name())
                .set(RECEIPT, "/v1/receipts/" + id)
                .set(OVERHEAD, milliseconds(facts.overheadMicros()));
    }

    /** Names a request of which nothing else is known here. */
    public static void set(MultiMap headers, RequestId request, String clientRequestId) {
        String id = request.toString();
        headers.set(REQUEST, id)
                .set(REQUEST_ID, clientRequestId.isEmpty() ? id : clientRequestId)
                .set(RECEIPT, "/v1/receipts/" + id);
    }

    /** The tiers that the request could not be put to, and the member that was in the way; none of either may be there. */
    private static void closed(MultiMap headers, RequestFacts facts, Objection why) {
        List<String> tiers = facts.closed().tiers(facts.route());
        if (!tiers.isEmpty()) {
            headers.set(CLOSED_TIERS, String.join(",", tiers));
        }
        headers.set(CLOSED_BY, why.member().isEmpty() ? "body" : printable(why.member()));
    }

    private static void confirmed(MultiMap headers, RequestFacts facts) {
        facts.mode().gate().ifPresent(gate -> headers.set(GATE, gate.word()));
        if (facts.mode().isReleased()) {
            headers.set(RELEASED, TRUE);
        }
        facts.confirmed()
                .ifPresent(known -> headers.set(LEVEL, known.level())
                        .set(SNAPSHOT, Long.toString(known.plan().snapshot()))
                        .set(TURN, Long.toString(known.plan().turn()))
                        .set(HOLD, milliseconds(known.holdMicros()))
                        .set(CONFIRM, milliseconds(known.confirmMicros())));
    }

    /** A name out of a request, as a header may have it. */
    private static String printable(String name) {
        String ascii = name.replaceAll("[^\\x20-\\x7e]", "?").strip();
        return ascii.length() <= LONGEST_NAME ? ascii : ascii.substring(0, LONGEST_NAME);
    }

    private static String milliseconds(long micros) {
        String fraction = Long.toString(1_000 + micros % 1_000);
        return micros / 1_000 + "." + fraction.substring(1);
    }

    private static CharSequence[] numbers() {
        CharSequence[] numbers = new CharSequence[Route.LARGEST_BUDGET + 1];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = HttpHeaders.createOptimized(Integer.toString(i));
        }
        return numbers;
    }

    /** The names of a route, encoded. */
    private record RouteWords(CharSequence name, List<CharSequence> tiers, List<List<CharSequence>> targets) {
        static RouteWords of(Route route) {
            return new RouteWords(
                    HttpHeaders.createOptimized(route.name()),
                    route.tiers().stream()
                            .map(tier -> HttpHeaders.createOptimized(tier.name()))
                            .toList(),
                    route.tiers().stream()
                            .map(tier -> tier.targets().stream()
                                    .map(target -> HttpHeaders.createOptimized(target.name()))
                                    .toList())
                            .toList());
        }
    }
}
