package openledger.http.inference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import openledger.inference.RequestFacts;
import openledger.inference.record.Decision;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.routing.Trigger;

/** The facts of a request as JSON: in errors, and in the last event of a stream. */
public final class FactsJson {
    private static final double MICROS_A_MILLISECOND = 1_000.0;

    private FactsJson() {}

    /** As the {@code openledger} member. */
    public static ObjectNode of(RequestFacts facts) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("request", facts.id().toString());
        node.put("mode", facts.mode().routing().word());
        node.put("route", facts.route().name());
        if (facts.servedTier() != Decision.NO_TIER) {
            node.put("tier", facts.route().tiers().get(facts.servedTier()).name());
            node.put("target", targetName(facts));
        }
        node.put("attempts", facts.attempts());
        node.put("budget", facts.route().budget());
        if (facts.resends() > 0) {
            node.put("resends", facts.resends());
        }
        if (facts.trigger() != Trigger.NONE) {
            node.put("fallback_reason", facts.trigger().name());
        }
        facts.closed().why().ifPresent(why -> node.set("closed", closed(facts, why)));
        node.put("attribution", facts.attribution().name());
        if (facts.overtakes() > 0) {
            node.put("overtakes", facts.overtakes());
        }
        node.put("receipt", "/v1/receipts/" + facts.id());
        facts.mode().gate().ifPresent(gate -> node.put("gate", gate.word()));
        if (facts.mode().isReleased()) {
            node.put("released", true);
        }
        facts.confirmed()
                .ifPresent(known -> node.put("level", known.level())
                        .put("snapshot", known.plan().snapshot())
                        .put("turn", known.plan().turn())
                        .put("hold_ms", known.holdMicros() / MICROS_A_MILLISECOND)
                        .put("confirm_ms", known.confirmMicros() / MICROS_A_MILLISECOND));
        return node;
    }

    /** What the request could not be put to, and why. */
    private static ObjectNode closed(RequestFacts facts, Objection why) {
        ObjectNode closed = JsonNodeFactory.instance.objectNode();
        ArrayNode tiers = closed.putArray("tiers");
        facts.closed().tiers(facts.route()).forEach(tiers::add);
        return closed.put("member", why.member()).put("reason", why.message());
    }

    /** {@code provider/model} of the target that served. */
    static String targetName(RequestFacts facts) {
        return facts.route()
                .tiers()
                .get(facts.servedTier())
                .targets()
                .get(facts.servedTarget())
                .name();
    }
}
