package openledger.commitment.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.PublishedPolicy.Budget;
import openledger.commitment.PublishedPolicy.Route;
import openledger.commitment.PublishedPolicy.Tier;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.routing.DecisionStatus;
import org.jspecify.annotations.Nullable;

/**
 * Checks the names in a record, of its route, tiers and targets, against the policies that the lane has published with full text. A leaf
 * has numbers alone. Policies number routes but not targets, so of a tier with several targets it is proved that a name is one of them, and
 * that the same number always has the same name, but not which number it is.
 *
 * <p>Long because every name of a record is in one place.
 */
final class NameChecks {
    /** A state has the hashes of policies; what number a route has in them is in events alone. */
    static final Names WITHOUT_EVENTS = new Names(
            new Skipped("Names are in events of the registry, which no state contains: they are the router's word."),
            Set.of());

    private final ReceiptContent content;
    private final Leaf leaf;
    private final Set<String> proved = new HashSet<>();
    private String objection = "";
    private String gap = "";

    private NameChecks(ReceiptContent content, Leaf leaf) {
        this.content = content;
        this.leaf = leaf;
    }

    /**
     * What the names come to.
     *
     * @param proved paths of the names that the policy proves
     */
    record Names(Finding finding, Set<String> proved) {}

    static Names of(Receipt receipt, NodeTestimony<List<PublishedPolicy>> policies) {
        if (receipt.content().isEmpty()) {
            return new Names(new Skipped("There is no record beside the leaf."), Set.of());
        }
        Leaf leaf;
        try {
            leaf = LeafEncoding.decode(receipt.leaf());
        } catch (IllegalArgumentException notALeaf) {
            return new Names(new Unchecked("The leaf cannot be read."), Set.of());
        }
        return switch (policies) {
            case Silent<List<PublishedPolicy>>(var why) ->
                new Names(
                        new Unchecked("The published policies are not known, so names are the router's word: " + why),
                        Set.of());
            case Said<List<PublishedPolicy>>(var published) -> {
                NameChecks names = new NameChecks(receipt.content(), leaf);
                names.check(published);
                yield new Names(
                        names.finding(), names.objection.isEmpty() && names.gap.isEmpty() ? names.proved : Set.of());
            }
        };
    }

    private Finding finding() {
        if (!objection.isEmpty()) {
            return new Failed(objection);
        }
        return gap.isEmpty()
                ? new Passed(
                        "The names of route, tiers and targets are those of the published policy; which of a tier's targets it"
                                + " was is the router's word where a tier has several.")
                : new Unchecked(gap);
    }

    private void check(List<PublishedPolicy> published) {
        int number = leaf.route().value();
        List<Route> candidates = candidates(published);
        if (candidates.isEmpty()) {
            gap("The lane has published no policy that fits route " + number + ", so names are the router's word.");
            return;
        }
        Optional<String> name = named("route");
        if (name.isEmpty()) {
            gap("route is missing.");
            return;
        }
        List<Route> named = candidates.stream()
                .filter(route -> route.name().equals(name.get()))
                .toList();
        if (named.isEmpty()) {
            object("The record names route " + shown(name.get()) + ", but route " + number + " is published as "
                    + candidates.stream()
                            .map(Route::name)
                            .distinct()
                            .map(NameChecks::shown)
                            .collect(Collectors.joining(" or "))
                    + ".");
            return;
        }
        Route route = named.getFirst();
        if (candidates.size() > 1 && !inItsPlace(published).equals(Optional.of(route))) {
            gap("The published policy has several routes with the budgets of route " + number
                    + ", so its name is the router's word.");
        }
        proved.add("route");
        tiers(route);
        numbers();
    }

    /** Texts that can be those of the leaf's route: in each policy that numbers it, with its budgets. */
    private List<Route> candidates(List<PublishedPolicy> published) {
        @Nullable List<Route> candidates = null;
        for (PublishedPolicy policy : published) {
            for (Budget budget : policy.budgets()) {
                if (budget.route().equals(leaf.route())) {
                    List<Route> here = policy.routes().stream()
                            .filter(route -> route.upTo().equals(budget.upTo()))
                            .toList();
                    candidates = candidates == null
                            ? here
                            : candidates.stream().filter(here::contains).toList();
                }
            }
        }
        return candidates == null ? List.of() : candidates;
    }

    /** The text at the place of the number, if numbers and texts stand in one order. */
    private Optional<Route> inItsPlace(List<PublishedPolicy> published) {
        for (PublishedPolicy policy : published) {
            List<List<Integer>> upTo =
                    policy.budgets().stream().map(Budget::upTo).toList();
            if (policy.hasRoute(leaf.route())
                    && upTo.equals(policy.routes().stream().map(Route::upTo).toList())) {
                for (int i = 0; i < upTo.size(); i++) {
                    if (policy.budgets().get(i).route().equals(leaf.route())) {
                        return Optional.of(policy.routes().get(i));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private void tiers(Route route) {
        if (leaf.stage() instanceof Stage.Ended ended) {
            if (ended.servedTier() == Leaf.NO_TIER) {
                absent("tier");
                absent("target");
            } else {
                tier("tier", ended.servedTier(), route);
                target("target", ended.servedTier(), route, true);
            }
        }
        for (int i = 0; i < content.size("plan"); i++) {
            target("plan[" + i + "]", tierOf(i + 1, route), route, true);
        }
        int attempts = content.size("attempt_list");
        for (int i = 0; i < attempts; i++) {
            int tier = tierOf(i + 1, route);
            tier("attempt_list[" + i + "].tier", tier, route);
            target("attempt_list[" + i + "].target", tier, route, false);
        }
    }

    /** Attempts are taken from the best tier that has some left. */
    private static int tierOf(int attempt, Route route) {
        int tier = 0;
        while (tier < route.tiers().size() - 1
                && attempt > route.tiers().get(tier).upTo()) {
            tier++;
        }
        return tier;
    }

    private void tier(String path, int number, Route route) {
        Optional<String> name = named(path);
        if (name.isEmpty()) {
            gap(path + " is missing.");
        } else if (number >= route.tiers().size()) {
            gap("The published route has no tier " + number + ".");
        } else if (!route.tiers().get(number).name().equals(name.get())) {
            object("The record has " + path + " " + shown(name.get()) + ", but tier " + number
                    + " of the published route is "
                    + shown(route.tiers().get(number).name()) + ".");
        } else {
            proved.add(path);
        }
    }

    /** A slot can be refused before any target is chosen, so not every attempt has one. */
    private void target(String path, int number, Route route, boolean isNeeded) {
        Optional<String> name = named(path);
        if (name.isEmpty()) {
            if (isNeeded) {
                gap(path + " is missing.");
            }
            return;
        }
        if (number >= route.tiers().size()) {
            return;
        }
        Tier tier = route.tiers().get(number);
        if (!tier.targets().contains(name.get())) {
            object("The record has " + path + " " + shown(name.get()) + ", but tier " + shown(tier.name())
                    + " of the published route has only "
                    + tier.targets().stream().map(NameChecks::shown).collect(Collectors.joining(", ")) + ".");
        } else if (tier.targets().size() == 1) {
            proved.add(path);
        }
    }

    private void absent(String path) {
        named(path)
                .ifPresent(name -> object("The record has " + path + " " + shown(name) + ", but the leaf has none."));
    }

    /** One number has one name, wherever the record says it. */
    private void numbers() {
        Map<Integer, String> names = new HashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < Math.min(leaf.plan().size(), content.size("plan")); i++) {
            number(names, numbers, leaf.plan().get(i), "plan[" + i + "]");
        }
        if (leaf.stage() instanceof Stage.Ended ended && ended.servedTarget() != Leaf.NO_TARGET) {
            number(names, numbers, ended.servedTarget(), "target");
            serving(ended).ifPresent(place -> number(names, numbers, ended.servedTarget(), place));
        }
        if (leaf.plan().isEmpty() && content.size("attempt_list") > 0) {
            number(names, numbers, leaf.selectedTarget(), "attempt_list[0].target");
        }
    }

    /** Where the attempt that served is, if the record leaves no choice. */
    private Optional<String> serving(Stage.Ended ended) {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < content.size("attempt_list"); i++) {
            if (content.text("attempt_list[" + i + "].trigger").equals(Optional.of("NONE"))) {
                places.add("attempt_list[" + i + "].target");
            }
        }
        boolean isServed = ended.status() == DecisionStatus.SERVED || ended.status() == DecisionStatus.FELL_BACK;
        return isServed && places.size() == 1 ? Optional.of(places.getFirst()) : Optional.empty();
    }

    private void number(Map<Integer, String> names, Map<String, Integer> numbers, int number, String path) {
        Optional<String> name = named(path);
        if (name.isEmpty()) {
            if (number != Leaf.NO_TARGET) {
                gap(path + " is missing.");
            }
            return;
        }
        String other = names.putIfAbsent(number, name.get());
        Integer before = numbers.putIfAbsent(name.get(), number);
        if (number == Leaf.NO_TARGET
                || (other != null && !other.equals(name.get()))
                || (before != null && before != number)) {
            object("The record has " + path + " " + shown(name.get())
                    + ", but by the leaf and the record's other names that is another target.");
        }
    }

    /** A router writes {@code ?} for a name that it does not know. */
    private Optional<String> named(String path) {
        return content.text(path).filter(name -> !"?".equals(name));
    }

    private static String shown(String name) {
        return ReceiptContent.shown(name);
    }

    private void object(String text) {
        objection = objection.isEmpty() ? text : objection;
    }

    private void gap(String text) {
        gap = gap.isEmpty() ? text : gap;
    }
}
