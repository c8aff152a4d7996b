package openledger.cli.whatif;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import openledger.lab.replay.WhatIf.Found;
import openledger.lab.replay.WhatIf.Manners;
import openledger.lab.replay.WhatIf.Question;
import openledger.lab.report.Measured;
import openledger.lab.report.Unit;
import openledger.routing.Affinity;
import openledger.routing.Route;
import openledger.routing.RoutingMode;

/** Prints the result of what-if, for people and for programs. */
public final class WhatIfPrinter {
    private static final String HOW =
            "Decisions are exact, outcomes are modelled: the answer to a call that was not made is drawn from the"
                    + " provider's answers to other calls at that time.";
    private static final String FREELY =
            "The route has affinity, but records do not name sessions: targets are chosen without affinity.";
    private final Question question;
    private final List<String> cohorts;
    private final int leftOut;
    private final int draws;

    public WhatIfPrinter(Question question, List<String> cohorts, int leftOut, int draws) {
        this.question = question;
        this.cohorts = List.copyOf(cohorts);
        this.leftOut = leftOut;
        this.draws = draws;
    }

    /** The findings for a person; {@code found} is of all requests, then of each cohort. */
    public String text(List<Found> found) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "Route '" + question.route().name() + "': " + as(question.route(), question.logged())
                        + "; what if it were " + as(question.changed(), question.instead()) + "?");
        line(text, HOW);
        if (question.route().affinity() != Affinity.NONE) {
            line(text, FREELY);
        }
        line(
                text,
                "Intervals hold 95 % of " + draws
                        + " replays, each with other random draws and other parts of the log.");
        if (leftOut > 0) {
            line(text, leftOut + " decisions are left out: open, rejected, interrupted, cancelled or unconfirmed.");
        }
        line(text, "");
        row(text, "whose", "requests", "fell back", "modelled", "what if", "rescued", "newly harmed", "first content");
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            row(
                    text,
                    i == 0 ? "all" : cohorts.get(i - 1),
                    String.valueOf(one.requests()),
                    Unit.SHARE.show(one.loggedFallBack()),
                    share(one.modelledFallBack()),
                    share(one.fallBack()),
                    share(one.rescued()),
                    share(one.harmed()),
                    interval(one.addedMillis(), Unit.ADDED_MILLIS));
        }
        return text.toString();
    }

    private static void row(StringBuilder to, Object... cells) {
        line(to, String.format(Locale.ROOT, "%-16s %9s  %-10s %-24s %-24s %-24s %-24s %s", cells));
    }

    private static void line(StringBuilder to, String words) {
        to.append(words.stripTrailing()).append(System.lineSeparator());
    }

    private static String as(Route route, Manners manners) {
        String attempts = route.upTo(0) + " attempts for the best tier, mode "
                + manners.mode().word();
        return manners.mode() == RoutingMode.FAST
                ? attempts
                : attempts + ", gate " + manners.gate().word() + ", blocks of "
                        + manners.block().toMillis() + " ms";
    }

    private static String share(Measured measured) {
        return interval(measured, Unit.SHARE);
    }

    private static String interval(Measured measured, Unit unit) {
        return unit.show(measured.value()) + " (" + unit.show(measured.low()).replace(unit.suffix(), "") + " to "
                + unit.show(measured.high()).replace(unit.suffix(), "") + ")";
    }

    /** The findings for a program; {@code found} is of all requests, then of each cohort. */
    public ObjectNode json(List<Found> found) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("route", question.route().name())
                .put("decisions", "exact")
                .put("outcomes", "modelled")
                .put("replays", draws)
                .put("left_out", leftOut);
        manners(json.putObject("logged"), question.route(), question.logged());
        manners(json.putObject("what_if"), question.changed(), question.instead());
        add(json.putObject("all"), found.getFirst());
        for (int i = 1; i < found.size(); i++) {
            add(json.withArray("cohorts").addObject().put("cohort", cohorts.get(i - 1)), found.get(i));
        }
        return json;
    }

    private static void manners(ObjectNode to, Route route, Manners manners) {
        to.put("best_tier_attempts", route.upTo(0))
                .put("budget", route.budget())
                .put("mode", manners.mode().word());
        if (manners.mode() == RoutingMode.CONFIRMED) {
            to.put("gate", manners.gate().word())
                    .put("block_ms", manners.block().toMillis());
        }
    }

    private static void add(ObjectNode to, Found found) {
        to.put("requests", found.requests()).put("fall_back_logged", found.loggedFallBack());
        measured(to.putObject("fall_back_modelled"), found.modelledFallBack());
        measured(to.putObject("fall_back"), found.fallBack());
        measured(to.putObject("rescued"), found.rescued());
        measured(to.putObject("harmed"), found.harmed());
        measured(to.putObject("latency_added_ms"), found.addedMillis());
    }

    private static void measured(ObjectNode to, Measured measured) {
        to.put("value", measured.value()).put("low", measured.low()).put("high", measured.high());
    }
}
