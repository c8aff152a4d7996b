package openledger.routing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The one text of a policy: JSON without white space, members in a fixed order, durations in ms. Two policies with the same rules have the
 * same text, so its keccak-256 names the rules. Addresses of providers, time-outs and credentials are internal to the operator and not in
 * it.
 */
public final class CanonicalPolicy {
    private CanonicalPolicy() {}

    /** The text of a whole policy, UTF-8. */
    public static byte[] of(Policy policy) {
        StringBuilder out = new StringBuilder("{\"version\":1,\"routes\":[");
        String separator = "";
        for (Route route : policy.routes().values()) {
            out.append(separator);
            append(out, route);
            separator = ",";
        }
        return out.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The text of one route; what a route id stands for. */
    public static String of(Route route) {
        StringBuilder out = new StringBuilder();
        append(out, route);
        return out.toString();
    }

    private static void append(StringBuilder out, Route route) {
        out.append("{\"name\":");
        string(out, route.name());
        out.append(",\"budget\":").append(route.budget()).append(",\"modes\":[");
        String separator = "";
        for (RoutingMode mode : route.modes().allowed()) {
            out.append(separator).append('"').append(mode.word()).append('"');
            separator = ",";
        }
        out.append("],\"operations\":[");
        separator = "";
        for (Operation operation : route.operations()) {
            out.append(separator);
            string(out, operation.word());
            separator = ",";
        }
        out.append("],\"tiers\":[");
        for (int i = 0; i < route.tiers().size(); i++) {
            append(i == 0 ? out : out.append(','), route, i);
        }
        out.append("],\"backoff\":{\"base_ms\":").append(route.backoff().base().toMillis());
        out.append(",\"cap_ms\":").append(route.backoff().cap().toMillis()).append('}');
        out.append(",\"hedge_after_ms\":")
                .append(route.hedgeAfter()
                        .map(Duration::toMillis)
                        .map(String::valueOf)
                        .orElse("null"));
        StormLimits storm = route.stormLimits();
        out.append(",\"storm_guard\":{\"ratio_bp\":").append(storm.ratio().value());
        out.append(",\"reserve_per_second\":").append(storm.reservePerSecond());
        out.append(",\"window_ms\":").append(storm.window().toMillis()).append('}');
        // Not in a route that is never confirmed: its text, and so its number, stays what it was.
        if (route.modes().allows(RoutingMode.CONFIRMED)) {
            RetryGrid grid = route.modes().grid();
            out.append(",\"retry_grid\":{\"epoch_ms\":").append(grid.epoch().toMillis());
            out.append(",\"epochs\":").append(grid.epochs()).append('}');
        }
        // Nor are these in a route that has none.
        route.deadline().ifPresent(deadline -> out.append(",\"deadline_ms\":").append(deadline.toMillis()));
        if (route.affinity() != Affinity.NONE) {
            out.append(",\"affinity\":\"").append(route.affinity().word()).append('"');
        }
        out.append('}');
    }

    private static void append(StringBuilder out, Route route, int index) {
        Tier tier = route.tiers().get(index);
        out.append("{\"name\":");
        string(out, tier.name());
        out.append(",\"attempts\":").append(tier.attempts());
        out.append(",\"up_to\":").append(route.upTo(index)).append(",\"targets\":[");
        String separator = "";
        for (Target target : tier.targets()) {
            out.append(separator).append("{\"provider\":");
            string(out, target.provider());
            out.append(",\"model\":");
            string(out, target.model());
            out.append(",\"weight\":").append(target.weight());
            SlotBounds slots = target.slots();
            out.append(",\"slots\":[").append(slots.min()).append(',').append(slots.initial());
            out.append(',').append(slots.max()).append("]}");
            separator = ",";
        }
        out.append("]}");
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
