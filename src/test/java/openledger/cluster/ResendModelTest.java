package openledger.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every state that two routers with one key can come into, by every order of their steps. */
class ResendModelTest {
    /** Of calls that no journal knows; more of them are the same again. */
    private static final int MOST_CUTS = 1;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void strict_noOrderOfStepsCallsMoreOftenThanTheBudget(int budget) {
        Search search = new Search(new ResendModel(ResendRules.STRICT, budget), state -> state.calls() > budget);
        assertEquals(Optional.empty(), search.found, () -> "by " + search.way());
        assertTrue(search.seen.keySet().stream().anyMatch(state -> state.calls() == budget), "the budget can be spent");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eager_onlyACallThatWasCutOffFromItsRecordComesOnTop(int budget) {
        Search search =
                new Search(new ResendModel(ResendRules.EAGER, budget), state -> state.calls() > budget + state.cuts());
        assertEquals(Optional.empty(), search.found, () -> "by " + search.way());
        Search without = new Search(new ResendModel(ResendRules.EAGER, budget), state -> state.calls() > budget);
        assertTrue(without.found.isPresent(), "such a call exists");
    }

    static List<ResendRules> rulesLessOne() {
        return List.of(
                new ResendRules(false, true, true, true, true, true, true, true, true),
                new ResendRules(true, false, true, true, true, true, true, true, true),
                new ResendRules(true, true, false, true, true, true, true, true, true),
                new ResendRules(true, true, true, false, true, true, true, true, true),
                new ResendRules(true, true, true, true, false, true, true, true, true),
                new ResendRules(true, true, true, true, true, false, true, true, true),
                new ResendRules(true, true, true, true, true, true, false, true, true),
                new ResendRules(true, true, true, true, true, true, true, false, true),
                new ResendRules(true, true, true, true, true, true, true, true, false));
    }

    @ParameterizedTest
    @MethodSource("rulesLessOne")
    void withoutAnyOneOfTheRules_aProviderIsCalledTooOften(ResendRules rules) {
        Search search = new Search(new ResendModel(rules, 2), state -> state.calls() > 2);
        assertTrue(search.found.isPresent(), () -> rules + " is enough, so a rule is not needed");
    }

    @Test
    void whatADeadRouterBegan_goesOnAtAnother() {
        ResendModel model = new ResendModel(ResendRules.STRICT, 2);
        Search search = new Search(
                model,
                state -> !state.routers().get(0).lives()
                        && state.routers().get(1).open().runs()
                        && state.routers().get(1).open().spent() > state.calls());
        assertTrue(
                search.way().endsWith("router 0 dies, the lease of lane 0 expires, router 1 adopts lane 0"),
                search.way());
        List<String> next = model.steps(search.found.orElseThrow()).stream()
                .map(ResendModel.Step::what)
                .toList();
        assertTrue(next.contains("router 1 ends the request"), next.toString());
    }

    /** Breadth first, so that the way to what it finds is a shortest one. */
    private static final class Search {
        private final Map<ResendState, Before> seen = new HashMap<>();
        private final Optional<ResendState> found;

        Search(ResendModel model, Predicate<ResendState> isSought) {
            Deque<ResendState> next = new ArrayDeque<>();
            seen.put(ResendState.start(), new Before("", ResendState.start()));
            next.add(ResendState.start());
            ResendState at = null;
            while (!next.isEmpty()) {
                ResendState state = next.remove();
                if (isSought.test(state)) {
                    at = state;
                    break;
                }
                for (ResendModel.Step step : model.steps(state)) {
                    if (step.to().cuts() <= MOST_CUTS
                            && seen.putIfAbsent(step.to(), new Before(step.what(), state)) == null) {
                        next.add(step.to());
                    }
                }
            }
            found = Optional.ofNullable(at);
        }

        String way() {
            List<String> steps = new ArrayList<>();
            ResendState at = found.orElseThrow();
            while (!at.equals(ResendState.start())) {
                Before before = Objects.requireNonNull(seen.get(at));
                steps.addFirst(before.step());
                at = before.state();
            }
            return String.join(", ", steps);
        }

        private record Before(String step, ResendState state) {}
    }
}
