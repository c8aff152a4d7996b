package openledger.inference.origin;

import java.util.List;
import openledger.inference.InferenceOutcome;
import openledger.inference.InferenceOutcome.OriginElsewhere;
import openledger.inference.InferenceOutcome.OriginUnknown;
import openledger.inference.InferenceOutcome.OriginsUnavailable;
import openledger.inference.upstream.ClosedTargets;
import openledger.inference.upstream.ProviderGateway.Objection;
import openledger.routing.Route;
import openledger.routing.Target;
import openledger.routing.Trigger;

/** Applies the origin of what a request refers to: all targets of other providers are closed to it, or it is refused. */
public final class OriginRule {
    private static final String INSTEAD =
            " Send the conversation itself as 'input', without references to earlier answers and without encrypted content.";

    private OriginRule() {}

    /** What follows. */
    public sealed interface Consequence {
        /** Some targets are closed to it. */
        record Closes(ClosedTargets targets) implements Consequence {}

        /** It goes nowhere. */
        record Refuses(InferenceOutcome outcome) implements Consequence {}
    }

    public static Consequence of(Route route, Origins.Answer answer) {
        return switch (answer) {
            case Origins.Answer.MadeBy(var provider, var member) -> allBut(route, provider, member);
            case Origins.Answer.Unknown(var member) ->
                new Consequence.Refuses(new OriginUnknown(
                        member,
                        "The provider that made what '" + member
                                + "' refers to is not known: it was not returned here to this tenant, or its record has expired. The route '"
                                + route.name() + "' has several providers, and only that one can continue it."
                                + INSTEAD));
            case Origins.Answer.MadeByTwo(var one, var other, var member) ->
                new Consequence.Refuses(new OriginElsewhere(
                        member,
                        "What '" + member + "' refers to was made by the provider '" + other
                                + "', and what comes before it by '" + one + "': no provider can continue both."
                                + INSTEAD));
            case Origins.Answer.NotNow(var retryAfter) -> new Consequence.Refuses(new OriginsUnavailable(retryAfter));
        };
    }

    private static Consequence allBut(Route route, String provider, String member) {
        long[] closed = new long[route.tiers().size()];
        for (int tier = 0; tier < closed.length; tier++) {
            List<Target> targets = route.tiers().get(tier).targets();
            for (int i = 0; i < targets.size(); i++) {
                if (!targets.get(i).provider().equals(provider)) {
                    closed[tier] |= 1L << i;
                }
            }
        }
        String made = "What '" + member + "' refers to was made by the provider '" + provider + "', ";
        ClosedTargets others = ClosedTargets.of(
                closed,
                new Objection(member, made + "and no other provider can continue it."),
                Trigger.ORIGIN_ELSEWHERE);
        return others.isWhole(route)
                ? new Consequence.Refuses(new OriginElsewhere(
                        member,
                        made + "which the route '" + route.name()
                                + "' does not have, and no other provider can continue it."
                                + " Use a route that has this provider. Or:" + INSTEAD))
                : new Consequence.Closes(others);
    }
}
