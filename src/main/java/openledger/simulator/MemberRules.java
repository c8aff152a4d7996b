package openledger.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every real API refuses of a request: a member that is missing, of another type or out of range. A member that is null counts as
 * absent, as it does there. Keeps the first fault; not for several threads.
 */
final class MemberRules {
    private final JsonNode object;
    private @Nullable Objection first;

    private MemberRules(JsonNode object) {
        this.object = object;
    }

    /**
     * Why a request is refused.
     *
     * @param member at fault, e.g. {@code messages[0].role}; empty if it is no single one
     * @param code in OpenAI's words, e.g. {@code invalid_type}
     * @param message for a person; names the member
     */
    record Objection(String member, String code, String message) {
        static Objection missing(String member) {
            return new Objection(member, "missing_required_parameter", "Missing required parameter: '" + member + "'.");
        }
    }

    /** Of a request's body, which has to be a JSON object. */
    static MemberRules ofBody(JsonNode body) {
        return new MemberRules(body)
                .require(
                        body.isObject(),
                        () -> new Objection("", "invalid_json", "The body of the request is no JSON object."));
    }

    /** Of an object inside of it, which may be absent. */
    static MemberRules within(JsonNode object) {
        return new MemberRules(object);
    }

    /** A member that has to be there. */
    MemberRules needed(String name) {
        return require(object.hasNonNull(name), () -> Objection.missing(name));
    }

    /** A text that has to be there and is not empty. */
    MemberRules text(String name) {
        return needed(name).typed(name, "a string", JsonNode::isTextual).filled(name);
    }

    /** A list of turns that has to be there and is not empty, each with a role. */
    MemberRules turns(String name) {
        needed(name).typed(name, "an array", JsonNode::isArray).filled(name);
        JsonNode turns = object.path(name);
        for (int i = 0; i < turns.size(); i++) {
            String turn = name + "[" + i + "]";
            require(turns.path(i).path("role").isTextual(), () -> Objection.missing(turn + ".role"));
        }
        return this;
    }

    MemberRules textOrList(String name) {
        return typed(name, "a string or an array", value -> value.isTextual() || value.isArray());
    }

    MemberRules flag(String name) {
        return typed(name, "a boolean", JsonNode::isBoolean);
    }

    /** A number in a range, ends included. */
    MemberRules number(String name, double least, double most) {
        return typed(name, "a number", JsonNode::isNumber).ranged(name, least, most);
    }

    /** A whole number of at least {@code least}. */
    MemberRules integer(String name, int least) {
        return integer(name, least, Integer.MAX_VALUE);
    }

    /** A whole number in a range, ends included. */
    MemberRules integer(String name, int least, int most) {
        return typed(name, "an integer", JsonNode::isIntegralNumber).ranged(name, least, most);
    }

    /** A text or a list that is not empty. */
    MemberRules filled(String name) {
        JsonNode value = object.path(name);
        boolean isEmpty = value.isTextual() ? value.textValue().isEmpty() : value.isArray() && value.isEmpty();
        return require(!isEmpty, () -> new Objection(name, "invalid_value", "Invalid '" + name + "': it is empty."));
    }

    /** What a dialect finds by itself; empty is nothing. */
    MemberRules also(String message) {
        return require(message.isEmpty(), () -> new Objection("", "invalid_value", message));
    }

    MemberRules require(boolean holds, Supplier<Objection> otherwise) {
        if (!holds && first == null) {
            first = otherwise.get();
        }
        return this;
    }

    Optional<Objection> objection() {
        return Optional.ofNullable(first);
    }

    private MemberRules typed(String name, String expected, Predicate<JsonNode> isOfType) {
        JsonNode value = object.path(name);
        return require(
                value.isMissingNode() || value.isNull() || isOfType.test(value),
                () -> new Objection(
                        name,
                        "invalid_type",
                        "Invalid type for '" + name + "': expected " + expected + ", but its type is "
                                + value.getNodeType().name().toLowerCase(Locale.ROOT) + "."));
    }

    private MemberRules ranged(String name, double least, double most) {
        JsonNode value = object.path(name);
        double number = value.doubleValue();
        return require(
                !value.isNumber() || (number >= least && number <= most),
                () -> new Objection(
                        name,
                        "invalid_value",
                        String.format(
                                Locale.ROOT, "Invalid '%s': %s is not from %.0f to %.0f.", name, value, least, most)));
    }
}
