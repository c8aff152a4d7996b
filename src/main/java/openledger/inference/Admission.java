package openledger.inference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import openledger.inference.RequestBody.MalformedBody;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.RoutingMode;

/**
 * Decides whether a request may go on its way, and in which mode: header, then the body's own member, then the suffix
 * of {@code model}, then the key's default, then the route's. A word we do not know is refused by name, never ignored. Thread-safe.
 */
public final class Admission {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final CurrentPolicy current;
    private final int mostDepth;

    public Admission(CurrentPolicy current, int mostDepth) {
        this.current = current;
        this.mostDepth = mostDepth;
    }

    /**
     * Admits a body or says why not.
     *
     * @param operation what is asked
     * @param modeHeader value of {@code openledger-mode}, empty if it was not sent
     */
    public Result admit(Operation operation, byte[] bytes, String modeHeader, Caller caller) {
        try {
            RequestBody body = RequestBody.of(bytes, mostDepth);
            return admit(operation, body, modeHeader, caller);
        } catch (MalformedBody e) {
            return new Refused(Reason.INVALID_BODY, e.member(), String.valueOf(e.getMessage()));
        }
    }

    private Result admit(Operation operation, RequestBody body, String modeHeader, Caller caller) throws MalformedBody {
        String name = body.model();
        String suffix = "";
        Policy policy = current.get();
        Optional<Route> route = policy.route(name);
        int colon = name.lastIndexOf(':');
        if (route.isEmpty() && colon >= 0) {
            route = policy.route(name.substring(0, colon));
            suffix = name.substring(colon + 1);
        }
        if (route.isEmpty()) {
            return new Refused(
                    Reason.UNKNOWN_ROUTE,
                    "model",
                    "There is no route '" + printable(name) + "': GET /v1/models lists the routes.");
        }
        if (!route.get().operations().contains(operation)) {
            return notOffered(route.get(), operation);
        }
        String own = ownMode(body.ownMember().orElse(""));
        String word = !modeHeader.isEmpty() ? modeHeader : !own.isEmpty() ? own : suffix;
        if (word.isEmpty()) {
            RoutingMode byDefault =
                    caller.defaultMode().orElse(route.get().modes().byDefault());
            return byDefault == RoutingMode.FAST
                    ? new Admitted(body, route.get(), new ModeTerms.Fast())
                    : unknownMode(byDefault.word(), "openledger-mode");
        }
        Optional<RoutingMode> mode = RoutingMode.ofWord(word).filter(RoutingMode.FAST::equals);
        return mode.isPresent()
                ? new Admitted(body, route.get(), new ModeTerms.Fast())
                : unknownMode(
                        word, !modeHeader.isEmpty() ? "openledger-mode" : !own.isEmpty() ? "openledger" : "model");
    }

    private static Refused notOffered(Route route, Operation operation) {
        String offered = route.operations().stream().map(Operation::word).collect(Collectors.joining(", "));
        return new Refused(
                Reason.OPERATION_NOT_OFFERED,
                "model",
                "The route '" + route.name() + "' does not offer " + operation.word()
                        + ", since not all of its targets speak it; it offers: " + offered + ".");
    }

    private static Refused unknownMode(String word, String where) {
        return new Refused(
                Reason.UNKNOWN_MODE,
                where,
                "The mode '" + printable(word) + "' is not offered: this router offers 'fast'.");
    }

    /** The mode in our own body member; anything else in there is refused by name. */
    private static String ownMode(String text) throws MalformedBody {
        if (text.isEmpty()) {
            return "";
        }
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedBody("openledger", "The member 'openledger' must be an object.");
            }
            String mode = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String member = parser.currentName();
                if (!"mode".equals(member) || parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw new MalformedBody(
                            "openledger." + printable(member),
                            "The member 'openledger' takes 'mode', a string; not '" + printable(member) + "'.");
                }
                mode = parser.getText();
            }
            return mode;
        } catch (IOException e) {
            throw new MalformedBody("openledger", "The member 'openledger' is not valid JSON.");
        }
    }

    /** A client's word fit to be repeated in an error: short and printable. */
    private static String printable(String word) {
        StringBuilder out = new StringBuilder();
        word.codePoints().limit(64).map(c -> c >= 0x20 && c < 0x7f ? c : '?').forEach(out::appendCodePoint);
        return out.toString();
    }

    /** What became of a request at the door. */
    public sealed interface Result permits Admitted, Refused {}

    /** It may go on. */
    public record Admitted(RequestBody body, Route route, ModeTerms terms) implements Result {}

    /**
     * It may not.
     *
     * @param param the header or member to change, empty if it is the body as a whole
     * @param message what is wrong and what to do
     */
    public record Refused(Reason reason, String param, String message) implements Result {}

    /** Kinds of refusal. */
    public enum Reason {
        INVALID_BODY,
        UNKNOWN_ROUTE,
        OPERATION_NOT_OFFERED,
        UNKNOWN_MODE
    }
}
