package openledger.inference.admission;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import openledger.access.Caller;
import openledger.commitment.PlanLevel;
import openledger.inference.CurrentPolicy;
import openledger.inference.admission.RequestBody.MalformedBody;
import openledger.routing.Operation;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.RoutingMode;

/**
 * Decides whether a request is admitted, and in which mode. The mode comes from, in this order: header, then the body's own member, then
 * the suffix of {@code model}, then the key's default so far as the route allows it, then the route's. A member that is unknown, or would
 * have no effect, is refused by name, never ignored. Thread-safe.
 */
public final class Admission {
    private static final ModeOptions FAST = new ModeOptions.Fast();
    private static final String HEADER = "openledger-mode";
    private static final String MEMBER = "openledger.mode";
    private static final String MODEL = "model";
    /** Those a request can mean where none can be had; what it asks for is refused for another reason then. */
    private static final Set<PlanLevel> ALL_LEVELS = EnumSet.allOf(PlanLevel.class);

    private final CurrentPolicy current;
    private final int mostDepth;
    private final Optional<ConfirmedDefaults> confirmed;

    /**
     * A door.
     *
     * @param mostDepth deepest nesting of a body, at least 1
     * @param confirmed what holds for confirmed requests; empty if this router has no chain to confirm them
     */
    public Admission(CurrentPolicy current, int mostDepth, Optional<ConfirmedDefaults> confirmed) {
        this.current = current;
        this.mostDepth = mostDepth;
        this.confirmed = confirmed;
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
        Optional<String> suffix = Optional.empty();
        Policy policy = current.get();
        Optional<Route> route = policy.route(name);
        int colon = name.lastIndexOf(':');
        if (route.isEmpty() && colon >= 0) {
            route = policy.route(name.substring(0, colon));
            suffix = Optional.of(name.substring(colon + 1));
        }
        if (route.isEmpty()) {
            return new Refused(
                    Reason.UNKNOWN_ROUTE,
                    MODEL,
                    "There is no route '" + printable(name) + "': GET /v1/models lists the routes.");
        }
        if (!route.get().operations().contains(operation)) {
            return notOffered(route.get(), operation);
        }
        Optional<String> own = body.ownMember();
        RequestOptions asked = own.isEmpty()
                ? RequestOptions.NONE
                : RequestOptions.of(
                        own.get(), confirmed.map(ConfirmedDefaults::levels).orElse(ALL_LEVELS));
        List<Said> said = said(modeHeader, asked.mode(), suffix);
        for (Said word : said) {
            if (RoutingMode.ofWord(word.word()).isEmpty()) {
                return unknownMode(word);
            }
        }
        return settle(body, route.get(), asked, said, caller);
    }

    private Result settle(RequestBody body, Route route, RequestOptions asked, List<Said> said, Caller caller) {
        RoutingMode mode = said.isEmpty()
                ? byDefault(caller, route)
                : RoutingMode.ofWord(said.getFirst().word()).orElseThrow();
        if (!offers(route, mode)) {
            return notOffered(
                    route, mode, said.isEmpty() ? MODEL : said.getFirst().where());
        }
        return switch (mode) {
            case FAST ->
                asked.ofConfirmed()
                        .<Result>map(member -> besideFast(member, said))
                        .orElseGet(() -> new Admitted(body, route, FAST));
            case CONFIRMED -> new Admitted(body, route, confirmed.orElseThrow().terms(asked));
        };
    }

    /** A key's default may be made for other routes than this; nobody named it here, so it is not refused. */
    private RoutingMode byDefault(Caller caller, Route route) {
        return caller.defaultMode()
                .filter(mode -> offers(route, mode))
                .orElse(route.modes().byDefault());
    }

    private boolean offers(Route route, RoutingMode mode) {
        return route.modes().allows(mode) && (mode == RoutingMode.FAST || confirmed.isPresent());
    }

    /** The modes a request names, the one that counts first. */
    private static List<Said> said(String header, Optional<String> member, Optional<String> suffix) {
        if (header.isEmpty() && member.isEmpty() && suffix.isEmpty()) {
            return List.of();
        }
        List<Said> said = new ArrayList<>();
        if (!header.isEmpty()) {
            said.add(new Said(header, HEADER));
        }
        member.ifPresent(word -> said.add(new Said(word, MEMBER)));
        suffix.ifPresent(word -> said.add(new Said(word, MODEL)));
        return said;
    }

    private static Refused notOffered(Route route, Operation operation) {
        String offered = route.operations().stream().map(Operation::word).collect(Collectors.joining(", "));
        return new Refused(
                Reason.OPERATION_NOT_OFFERED,
                MODEL,
                "The route '" + route.name() + "' does not offer " + operation.word()
                        + ", because not all of its targets support it; it offers: " + offered + ".");
    }

    private Refused notOffered(Route route, RoutingMode mode, String where) {
        String why = confirmed.isEmpty() && mode == RoutingMode.CONFIRMED
                ? ", because this router has no chain to confirm it"
                : "";
        String offered = route.modes().allowed().stream()
                .filter(allowed -> offers(route, allowed))
                .map(RoutingMode::word)
                .collect(Collectors.joining(", "));
        return new Refused(
                Reason.MODE_NOT_OFFERED,
                where,
                "The route '" + route.name() + "' does not offer the mode '" + mode.word() + "'" + why + "; it offers: "
                        + (offered.isEmpty() ? "none" : offered) + ".");
    }

    private static Refused unknownMode(Said said) {
        return new Refused(
                Reason.UNKNOWN_MODE,
                said.where(),
                "Unknown mode '" + printable(said.word()) + "'; the modes are: fast, confirmed.");
    }

    private static Refused besideFast(String member, List<Said> said) {
        String why = said.isEmpty()
                ? "without a mode this request is served in 'fast'."
                : "'" + said.getFirst().where() + "' puts this request in 'fast'.";
        return new Refused(
                Reason.INVALID_BODY, member, "The member '" + member + "' belongs to the mode 'confirmed'; " + why);
    }

    /** A client's word fit to be repeated in an error: short and printable. */
    static String printable(String word) {
        StringBuilder out = new StringBuilder();
        word.codePoints().limit(64).map(c -> c >= 0x20 && c < 0x7f ? c : '?').forEach(out::appendCodePoint);
        return out.toString();
    }

    /**
     * A mode that a request names.
     *
     * @param word which may be none of ours
     * @param where the header or member that says it
     */
    private record Said(String word, String where) {}

    /** What became of a request at the door. */
    public sealed interface Result permits Admitted, Refused {}

    /** It may go on. */
    public record Admitted(RequestBody body, Route route, ModeOptions terms) implements Result {}

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
        UNKNOWN_MODE,
        MODE_NOT_OFFERED
    }
}
