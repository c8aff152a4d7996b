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

/** What follows for a request from who made what it refers to: all other targets of its route are closed to it, or it is refused. */
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
                        "It is not known which provider made what '" + member
                                + "' refers to: it was not answered here to this tenant, or so long ago that it is forgotten. The route '"
                                + route.name() + "' has several providers, and only that one can go on with it."
                                + INSTEAD));
            case Origins.Answer.MadeByTwo(var one, var other, var member) ->
                new Consequence.Refuses(new OriginElsewhere(
                        member,
                        "What '" + member + "' refers to was made by the provider '" + other
                                + "', and what stands before it by '" + one + "': nobody can go on with both."
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
                closed, new Objection(member, made + "and nobody else can go on with it."), Trigger.ORIGIN_ELSEWHERE);
        return others.isWhole(route)
                ? new Consequence.Refuses(new OriginElsewhere(
                        member,
                        made + "which the route '" + route.name()
                                + "' does not have, and nobody else can go on with it."
                                + " Ask for a route that has this provider. Or:" + INSTEAD))
                : new Consequence.Closes(others);
    }
}
