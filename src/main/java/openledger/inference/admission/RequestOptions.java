package openledger.inference.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.admission.RequestBody.MalformedBody;
import openledger.routing.Gate;

/**
 * The options in a body's member {@code openledger}; those that are not set are empty. An unknown member is refused by name, never ignored.
 * Immutable.
 *
 * @param mode a word that need not be a mode
 * @param gate {@code openledger.gate}
 * @param level {@code openledger.level}, one that the router offers
 * @param maxWait {@code openledger.max_wait_ms}, 1 ms to {@link ModeOptions#LONGEST_WAIT}
 * @param onUnconfirmed {@code openledger.on_unconfirmed}
 */
record RequestOptions(
        Optional<String> mode,
        Optional<Gate> gate,
        Optional<PlanLevel> level,
        Optional<Duration> maxWait,
        Optional<OnUnconfirmed> onUnconfirmed) {
    /** A body without the member. */
    static final RequestOptions NONE = new RequestOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static final String OPENLEDGER = "openledger";
    private static final String MODE = "mode";
    private static final String GATE = "gate";
    private static final String LEVEL = "level";
    private static final String MAX_WAIT = "max_wait_ms";
    private static final String ON_UNCONFIRMED = "on_unconfirmed";
    private static final int MOST_DIGITS = 9;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // The body is bounded, and no number is converted before its digits are counted: so it is refused by name.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * Reads the member's value.
     *
     * @param text JSON
     * @param levels that may be asked for, in the order in which they are named
     * @throws MalformedBody with the member that cannot be used and what can stand there
     */
    static RequestOptions of(String text, Set<PlanLevel> levels) throws MalformedBody {
        String at = OPENLEDGER;
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedBody(OPENLEDGER, "The member 'openledger' must be an object.");
            }
            RequestOptions asked = NONE;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                at = named(member);
                json.nextToken();
                asked = asked.with(member, json, levels);
                at = OPENLEDGER;
            }
            return asked;
        } catch (IOException e) {
            throw new MalformedBody(at, "The member '" + at + "' is not valid JSON, or has a repeated member.");
        }
    }

    private RequestOptions with(String member, JsonParser json, Set<PlanLevel> levels)
            throws MalformedBody, IOException {
        return switch (member) {
            case MODE -> new RequestOptions(Optional.of(mode(json)), gate, level, maxWait, onUnconfirmed);
            case GATE ->
                new RequestOptions(
                        mode,
                        Optional.of(word(GATE, json, Arrays.asList(Gate.values()), Gate::word)),
                        level,
                        maxWait,
                        onUnconfirmed);
            case LEVEL -> new RequestOptions(mode, gate, Optional.of(level(json, levels)), maxWait, onUnconfirmed);
            case MAX_WAIT -> new RequestOptions(mode, gate, level, Optional.of(wait(json)), onUnconfirmed);
            case ON_UNCONFIRMED ->
                new RequestOptions(
                        mode,
                        gate,
                        level,
                        maxWait,
                        Optional.of(word(
                                ON_UNCONFIRMED, json, Arrays.asList(OnUnconfirmed.values()), OnUnconfirmed::word)));
            default ->
                throw new MalformedBody(
                        named(member),
                        "The member 'openledger' takes mode, gate, level, max_wait_ms, on_unconfirmed; not '"
                                + Admission.printable(member) + "'.");
        };
    }

    /** Name of the first member that says something of the mode {@code confirmed}; empty if none does. */
    Optional<String> ofConfirmed() {
        return gate.map(said -> named(GATE))
                .or(() -> level.map(said -> named(LEVEL)))
                .or(() -> maxWait.map(said -> named(MAX_WAIT)))
                .or(() -> onUnconfirmed.map(said -> named(ON_UNCONFIRMED)));
    }

    private static String mode(JsonParser json) throws MalformedBody, IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new MalformedBody(named(MODE), "The member 'openledger.mode' must be a string.");
        }
        return json.getText();
    }

    private static PlanLevel level(JsonParser json, Set<PlanLevel> levels) throws MalformedBody, IOException {
        boolean isWitnessed =
                json.currentToken() == JsonToken.VALUE_STRING && json.getText().equals(PlanLevel.WITNESSED.name());
        if (isWitnessed && !levels.contains(PlanLevel.WITNESSED)) {
            throw new MalformedBody(
                    named(LEVEL),
                    "The member '" + named(LEVEL)
                            + "' cannot be 'WITNESSED', because the log of this router has no witnesses;"
                            + " the levels are: "
                            + levels.stream().map(Enum::name).collect(Collectors.joining(", "))
                            + ".");
        }
        return word(LEVEL, json, levels, Enum::name);
    }

    private static <T> T word(String member, JsonParser json, Collection<T> allowed, Function<T, String> words)
            throws MalformedBody, IOException {
        String said = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "";
        for (T one : allowed) {
            if (words.apply(one).equals(said)) {
                return one;
            }
        }
        String list = allowed.stream().map(words).collect(Collectors.joining("', '"));
        throw new MalformedBody(
                named(member), "The member '" + named(member) + "' must be one of the strings '" + list + "'.");
    }

    private static Duration wait(JsonParser json) throws MalformedBody, IOException {
        boolean number = json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getTextLength() <= MOST_DIGITS;
        long millis = number ? json.getLongValue() : 0;
        if (millis < 1 || millis > ModeOptions.LONGEST_WAIT.toMillis()) {
            throw new MalformedBody(
                    named(MAX_WAIT),
                    "The member 'openledger.max_wait_ms' is a whole number from 1 to "
                            + ModeOptions.LONGEST_WAIT.toMillis() + ".");
        }
        return Duration.ofMillis(millis);
    }

    private static String named(String member) {
        return OPENLEDGER + "." + Admission.printable(member);
    }
}
