package openledger.cli.reconcile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import openledger.audit.usage.Reconciliation;
import openledger.audit.usage.UsageDifference;
import openledger.audit.usage.UsageDifference.Kind;
import openledger.audit.usage.UsageScope;
import openledger.audit.usage.UsageScope.Failures;
import openledger.audit.usage.UsageScope.Others;
import openledger.verifier.TerminalText;

/** Prints the result of a comparison, for people and for programs. */
final class ReconcilePrinter {
    private static final int SHOWN = 20;
    private static final int LONGEST_WORD = 60;

    private final String provider;
    private final Basis basis;
    private final UsageScope scope;

    ReconcilePrinter(String provider, Basis basis, UsageScope scope) {
        this.provider = provider;
        this.basis = basis;
        this.scope = scope;
    }

    /** What the provider's record can show. */
    enum Basis {
        CALLS("each call by its id"),
        COUNTS("calls and tokens, by model and interval"),
        TOKENS("tokens alone, by model and interval");

        private final String words;

        Basis(String words) {
            this.words = words;
        }
    }

    /**
     * What was read.
     *
     * @param decisions of the log
     * @param logged calls of the log to the provider
     * @param entries calls or totals of the provider
     * @param opened requests whose commitment was opened
     * @param notYet requests that were looked up and are in no batch yet
     */
    record Read(int decisions, int logged, int entries, int opened, int notYet) {}

    void text(PrintWriter out, Reconciliation found, Read read) {
        out.println(TerminalText.line("Provider " + provider + ", compared " + basis.words + ", from " + scope.from()
                + " to " + scope.to() + ", clocks within " + scope.skew().toSeconds() + " s."));
        out.printf(
                Locale.ROOT,
                "%,d decisions of the log with %,d calls to it; %,d %s of the provider.%n",
                read.decisions,
                read.logged,
                read.entries,
                basis == Basis.CALLS ? "calls" : "totals");
        out.printf(
                Locale.ROOT,
                basis == Basis.CALLS
                        ? "%,d calls of the log compared, %,d agree; of %,d the provider's record can show nothing.%n"
                        : "%1$,d answers of the log counted; of %3$,d other calls the totals show nothing by themselves.%n",
                found.compared(),
                found.agreed(),
                found.untold());
        if (found.billedLate() > 0) {
            out.printf(
                    Locale.ROOT,
                    "%,d calls that the log calls broken or given up have an answer at the provider: no contradiction.%n",
                    found.billedLate());
        }
        out.printf(
                Locale.ROOT,
                "%,d receipts opened: ids and tokens are held against their leaves%s.%n",
                read.opened,
                read.notYet > 0 ? "; " + read.notYet + " requests are in no batch yet" : "");
        out.println();
        for (Kind kind : Kind.values()) {
            out.printf(
                    Locale.ROOT,
                    "%-46s %s%n",
                    kind.words(),
                    isShown(kind) ? String.format(Locale.ROOT, "%,d", found.count(kind)) : "cannot be seen here");
        }
        if (found.total() > 0) {
            out.println();
        }
        found.differences().stream().limit(SHOWN).forEach(difference -> out.println(line(difference)));
        if (found.total() > SHOWN) {
            out.println("... and "
                    + (found.total() - Math.min(SHOWN, found.differences().size())) + " more (--json has "
                    + Reconciliation.MOST_KEPT + ").");
        }
        out.flush();
    }

    private static String line(UsageDifference difference) {
        StringBuilder line =
                new StringBuilder("  ").append(difference.kind()).append(' ').append(difference.at());
        for (String part : List.of(difference.model(), difference.request(), difference.upstreamId())) {
            if (!part.isEmpty()) {
                line.append(' ').append(TerminalText.line(part, LONGEST_WORD));
            }
        }
        return line.append(": ").append(TerminalText.line(difference.text())).toString();
    }

    private boolean isShown(Kind kind) {
        return switch (kind) {
            case NOT_COMMITTED -> true;
            case TOKENS_DIFFER -> true;
            case NEVER_SEEN -> basis != Basis.TOKENS;
            case NOT_IN_LOG -> basis != Basis.TOKENS && scope.others() == Others.NONE;
            case REFUSAL_WAS_SUCCESS, SUCCESS_WAS_REFUSAL -> basis == Basis.CALLS;
        };
    }

    ObjectNode json(Reconciliation found, Read read) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("provider", provider)
                .put("basis", basis.name().toLowerCase(Locale.ROOT))
                .put("from", scope.from().toString())
                .put("to", scope.to().toString())
                .put("skew_s", scope.skew().toSeconds())
                .put("refusals_listed", scope.failures() == Failures.LISTED)
                .put("shared", scope.others() == Others.SOME)
                .put("decisions", read.decisions)
                .put("calls_of_log", read.logged)
                .put("entries_of_provider", read.entries)
                .put("compared", found.compared())
                .put("agreed", found.agreed())
                .put("untold", found.untold())
                .put("billed_late", found.billedLate())
                .put("receipts_opened", read.opened)
                .put("receipts_not_yet", read.notYet);
        ObjectNode counts = json.putObject("differences");
        ArrayNode hidden = json.putArray("cannot_be_seen");
        for (Kind kind : Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            counts.put(name, found.count(kind));
            if (!isShown(kind)) {
                hidden.add(name);
            }
        }
        ArrayNode list = json.putArray("first");
        for (UsageDifference difference : found.differences()) {
            ObjectNode one = list.addObject()
                    .put("kind", difference.kind().name().toLowerCase(Locale.ROOT))
                    .put("at", difference.at().toString())
                    .put("amount", difference.amount())
                    .put("text", difference.text());
            put(one, "model", difference.model());
            put(one, "request", difference.request());
            put(one, "upstream_request_id", difference.upstreamId());
        }
        return json;
    }

    private static void put(ObjectNode to, String name, String value) {
        if (!value.isEmpty()) {
            to.put(name, value);
        }
    }
}
