package openledger.wiring.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.routing.RetryGrid;
import openledger.routing.RouteModes;
import openledger.routing.RoutingMode;

/** Reads the modes of routes. */
final class ModesReader {
    private static final Duration USUAL_GRID = Duration.ofMillis(400);

    private final OpenLedgerConfig config;
    private final ConfigurationProblems problems;

    ModesReader(OpenLedgerConfig config, ConfigurationProblems problems) {
        this.config = config;
        this.problems = problems;
    }

    /** The modes of the route under {@code key}; empty if something was found wrong and noted. */
    Optional<RouteModes> read(String key, RouteKeys keys) {
        Optional<Set<RoutingMode>> allowed = allowed(key + ".modes", keys.modes());
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        Optional<RoutingMode> byDefault = byDefault(key + ".default-mode", keys.defaultMode(), allowed.get());
        Optional<RetryGrid> grid = grid(key + ".retry-grid", keys.retryGrid(), allowed.get());
        return byDefault.flatMap(mode -> grid.map(points -> new RouteModes(allowed.get(), mode, points)));
    }

    private Optional<Set<RoutingMode>> allowed(String key, Optional<List<String>> words) {
        Set<RoutingMode> allowed = EnumSet.noneOf(RoutingMode.class);
        for (String word : words.orElse(List.of(RoutingMode.FAST.word()))) {
            Optional<RoutingMode> mode = RoutingMode.ofWord(word);
            if (mode.isEmpty()) {
                noSuchMode(key, word);
                return Optional.empty();
            }
            allowed.add(mode.get());
        }
        if (allowed.contains(RoutingMode.CONFIRMED)
                && config.settlement().rpcUrls().isEmpty()) {
            problems.add(
                    key,
                    "'confirmed' needs a chain, and openledger.settlement.rpc-urls names no node; set it, or"
                            + " leave 'confirmed' out");
        }
        return Optional.of(allowed);
    }

    private Optional<RoutingMode> byDefault(String key, Optional<String> word, Set<RoutingMode> allowed) {
        if (word.isEmpty()) {
            // In their order fast is first.
            return allowed.stream().findFirst();
        }
        Optional<RoutingMode> mode = RoutingMode.ofWord(word.get());
        if (mode.isEmpty()) {
            noSuchMode(key, word.get());
            return Optional.empty();
        }
        if (!allowed.contains(mode.get())) {
            problems.add(key, "'" + word.get() + "' is not one of the route's modes: " + words(allowed));
            return Optional.empty();
        }
        return mode;
    }

    /** That of a route which is never confirmed is never looked at, so it need not fit the epoch unless somebody wrote it. */
    private Optional<RetryGrid> grid(String key, Optional<Duration> step, Set<RoutingMode> allowed) {
        Duration epoch = config.confirmed().epoch();
        if (epoch.isNegative() || epoch.isZero()) {
            // Said under the epoch's own key.
            return Optional.empty();
        }
        if (step.isEmpty() && !allowed.contains(RoutingMode.CONFIRMED)) {
            return Optional.of(new RetryGrid(RetryGrid.SHORTEST_EPOCH, 1));
        }
        Duration length = step.orElse(USUAL_GRID);
        long epochs = length.dividedBy(epoch);
        if (epochs < 1 || !epoch.multipliedBy(epochs).equals(length)) {
            String said = (step.isEmpty() ? "left out, is " : "is ") + length.toMillis() + " ms";
            problems.add(
                    key, said + ", which is not a multiple of openledger.confirmed.epoch, " + epoch.toMillis() + " ms");
            return Optional.empty();
        }
        return problems.build(key, () -> new RetryGrid(epoch, (int) Math.min(epochs, Integer.MAX_VALUE)));
    }

    private void noSuchMode(String key, String word) {
        problems.add(key, "unknown mode '" + word + "'; the modes are: " + words(Arrays.asList(RoutingMode.values())));
    }

    private static String words(Collection<RoutingMode> modes) {
        return modes.stream().map(RoutingMode::word).collect(Collectors.joining(", "));
    }
}
