package openledger.inference.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import openledger.inference.OriginStore;
import openledger.inference.TurnedClock;
import openledger.inference.origin.OriginReferences.Reference;
import openledger.inference.origin.Origins.Answer;
import openledger.inference.record.RecordsUnavailable;
import org.junit.jupiter.api.Test;

/** Who made what is known by tenant, from memory or from the store, and otherwise said not to be known. */
final class OriginsTest {
    private final TurnedClock clock = new TurnedClock();
    private final Map<UUID, String> stored = new HashMap<>();
    private final List<Set<UUID>> questions = new ArrayList<>();
    private boolean unreachable;
    private final OriginStore store = new OriginStore() {
        @Override
        public void keep(String tenant, UUID name, String provider) {
            stored.put(name, provider);
        }

        @Override
        public Uni<Map<UUID, String>> find(Set<UUID> names) {
            questions.add(names);
            Map<UUID, String> found = new HashMap<>(stored);
            found.keySet().retainAll(names);
            return unreachable
                    ? Uni.createFrom().failure(new RecordsUnavailable(new IllegalStateException("down")))
                    : Uni.createFrom().item(found);
        }
    };
    private final Origins origins = new Origins(store, clock);

    @Test
    void isRememberedWithoutAQuestion() {
        origins.made("a", "north", "resp_1");

        assertThat(ask(origins, "a", "resp_1")).containsExactly(new Answer.MadeBy("north", "m0"));
        assertThat(questions).isEmpty();
    }

    @Test
    void isFoundInTheStoreByAnotherRouterAndAskedForOnce() {
        origins.made("a", "north", "resp_1");
        Origins restarted = new Origins(store, clock);

        assertThat(ask(restarted, "a", "resp_1")).containsExactly(new Answer.MadeBy("north", "m0"));
        assertThat(ask(restarted, "a", "resp_1")).containsExactly(new Answer.MadeBy("north", "m0"));
        assertThat(questions).hasSize(1);
    }

    @Test
    void isNobodysForAnotherTenant() {
        origins.made("a", "north", "resp_1");
        List<Answer> answers = ask(origins, "b", "resp_1");
        clock.advance(Duration.ofSeconds(1));

        assertThat(answers).containsExactly(new Answer.Unknown("m0"));
    }

    @Test
    void isLookedForOnceMoreSinceAnotherRouterMayJustBeWritingIt() {
        List<Answer> answers = ask(origins, "a", "resp_1");
        assertThat(answers).isEmpty();
        new Origins(store, clock).made("a", "east", "resp_1");
        clock.advance(Duration.ofSeconds(1));

        assertThat(answers).containsExactly(new Answer.MadeBy("east", "m0"));
        assertThat(questions).hasSize(2);
    }

    @Test
    void ofTwoProvidersNobodyMadeAll() {
        origins.made("a", "north", "x");
        origins.made("a", "east", "y");

        assertThat(ask(origins, "a", "x", "x", "y")).containsExactly(new Answer.MadeByTwo("north", "east", "m2"));
    }

    @Test
    void oneNameOfSeveralTells() {
        origins.made("a", "north", "x");
        List<Answer> answers = new ArrayList<>();
        origins.of("a", List.of(new Reference("m", "x")), Runnable::run)
                .subscribe()
                .with(answers::add);

        assertThat(answers).containsExactly(new Answer.MadeBy("north", "m"));
        assertThat(questions).isEmpty();
    }

    @Test
    void isNotKnownNowIfTheStoreDoesNotAnswer() {
        unreachable = true;
        List<Answer> answers = ask(origins, "a", "resp_1");

        assertThat(answers).hasOnlyElementsOfType(Answer.NotNow.class).hasSize(1);
    }

    @Test
    void questionsAreBoundedByTenant() {
        Origins silent = new Origins(
                new OriginStore() {
                    @Override
                    public void keep(String tenant, UUID name, String provider) {}

                    @Override
                    public Uni<Map<UUID, String>> find(Set<UUID> names) {
                        return Uni.createFrom().nothing();
                    }
                },
                clock);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.addAll(ask(silent, "a", "x" + i));
        }

        assertThat(answers).hasOnlyElementsOfType(Answer.NotNow.class).hasSize(1_000 - 128);
        assertThat(ask(silent, "b", "x")).isEmpty();
    }

    @Test
    void aTenantForgetsItsOwnOldestAndNoOthers() {
        RecentOrigins recent = new RecentOrigins(100);
        recent.put("small", key(0), "north", 0);
        for (int i = 0; i < 1_000; i++) {
            recent.put("large", key(i), "east", i);
        }

        assertThat(recent.get("small", key(0))).contains("north");
        assertThat(recent.get("large", key(999))).contains("east");
        assertThat(recent.get("large", key(0))).isEmpty();
        assertThat(recent.size()).isBetween(50, 52);
    }

    @Test
    void whoMadeNothingForAnHourKeepsNothingFromOthers() {
        RecentOrigins recent = new RecentOrigins(100);
        for (int i = 0; i < 100; i++) {
            recent.put("tenant" + i, key(i), "north", 0);
        }
        long later = 3_601_000_000_000L;
        recent.put("new", key(0), "east", later);

        assertThat(recent.get("new", key(0))).contains("east");
        assertThat(recent.get("tenant0", key(0))).isEmpty();
        assertThat(recent.size()).isOne();
    }

    private static UUID key(int number) {
        return new UUID(0, number);
    }

    private static List<Answer> ask(Origins of, String tenant, String... names) {
        List<Reference> references = new ArrayList<>();
        for (String name : names) {
            references.add(new Reference("m" + references.size(), name));
        }
        List<Answer> answers = new ArrayList<>();
        of.of(tenant, references, Runnable::run).subscribe().with(answers::add);
        return answers;
    }
}
