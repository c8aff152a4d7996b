package openledger.http.admin;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import openledger.access.KeyGrant;
import openledger.access.KeyLimits;
import openledger.access.KeyRegister;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.routing.RoutingMode;
import openledger.unit.ShortDuration;

/** Bodies of the admin API; a member we do not know, or whose value cannot be used, is refused by name. */
final class AdminBody {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final int LARGEST = 16 * 1024;
    private static final Set<String> GRANT = Set.of("tenant", "label", "limits", "default_mode", "expires");
    private static final Set<String> LIMITS = Set.of("requests_per_minute", "concurrent_requests", "tokens_per_minute");
    private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59Z");

    private AdminBody() {}

    /** The grant in the body of {@code POST /admin/keys}. */
    static KeyGrant grant(byte[] body, Instant now) throws Invalid {
        JsonNode root = object(body, GRANT);
        String tenant =
                text(root, "tenant").orElseThrow(() -> new Invalid("tenant", "The member 'tenant' is missing."));
        require(
                KeyGrant.isTenant(tenant),
                "tenant",
                "A tenant must be 1 to 64 letters, digits, dots, dashes or underscores.");
        String label = text(root, "label").orElse("");
        require(KeyGrant.isLabel(label), "label", "A label must be at most 100 printable characters.");
        Optional<Instant> expires = expires(root, now);
        return new KeyGrant(tenant, label, limits(root), mode(root), expires);
    }

    /** The grace in the body of a rotation; none in an empty body. */
    static Duration grace(byte[] body) throws Invalid {
        if (body.length == 0) {
            return Duration.ZERO;
        }
        Optional<String> text = text(object(body, Set.of("grace")), "grace");
        Optional<Duration> grace = text.isEmpty() ? Optional.of(Duration.ZERO) : ShortDuration.parse(text.get());
        return grace.filter(length -> length.compareTo(KeyRegister.LONGEST_GRACE) <= 0)
                .orElseThrow(() -> new Invalid("grace", "A grace must be like 30s, 10m, 24h or 7d, and at most 90d."));
    }

    private static JsonNode object(byte[] body, Set<String> known) throws Invalid {
        require(body.length <= LARGEST, "", "A body must have at most " + LARGEST + " bytes.");
        JsonNode root;
        try {
            requireUtf8(body);
            root = JSON.readTree(body);
        } catch (IOException e) {
            // Its message may quote the body.
            throw new Invalid("", "The body must be one JSON object without repeated members.");
        }
        require(root != null && root.isObject(), "", "The body must be a JSON object.");
        members(root, "", known);
        return root;
    }

    /** Jackson would guess another encoding from a NUL, and takes overlong forms. */
    private static void requireUtf8(byte[] body) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString();
        if (text.indexOf('\0') >= 0) {
            throw new CharacterCodingException();
        }
    }

    private static void members(JsonNode object, String path, Set<String> known) throws Invalid {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            // Not repeated in the answer: what is where it does not belong may be a secret.
            require(known.contains(name), path, "Unknown member; the members are " + sorted(known) + ".");
        }
    }

    private static String sorted(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }

    private static Optional<String> text(JsonNode object, String name) throws Invalid {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        require(value.isTextual(), name, "The member '" + name + "' must be a string.");
        return Optional.of(value.textValue());
    }

    private static KeyLimits limits(JsonNode root) throws Invalid {
        JsonNode limits = root.get("limits");
        if (limits == null || limits.isNull()) {
            return KeyLimits.NONE;
        }
        require(limits.isObject(), "limits", "The member 'limits' must be an object.");
        members(limits, "limits", LIMITS);
        OptionalInt rate = limit(limits, "requests_per_minute", KeyLimits.LARGEST);
        OptionalInt concurrent = limit(limits, "concurrent_requests", KeyLimits.LARGEST);
        return new KeyLimits(rate, concurrent, limit(limits, "tokens_per_minute", KeyLimits.LARGEST_TOKENS));
    }

    private static OptionalInt limit(JsonNode limits, String name, int largest) throws Invalid {
        JsonNode value = limits.get(name);
        if (value == null || value.isNull()) {
            return OptionalInt.empty();
        }
        boolean usable = value.isInt() && value.intValue() >= 1 && value.intValue() <= largest;
        require(usable, "limits." + name, "A limit must be a whole number from 1 to " + largest + ".");
        return OptionalInt.of(value.intValue());
    }

    private static Optional<RoutingMode> mode(JsonNode root) throws Invalid {
        Optional<String> word = text(root, "default_mode");
        Optional<RoutingMode> mode = word.flatMap(RoutingMode::ofWord);
        require(word.isPresent() == mode.isPresent(), "default_mode", "The modes are fast and confirmed.");
        return mode;
    }

    private static Optional<Instant> expires(JsonNode root, Instant now) throws Invalid {
        Optional<String> text = text(root, "expires");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Instant end = Instant.parse(text.get());
            require(end.isAfter(now) && end.isBefore(LAST_INSTANT), "expires", "A key must end in the future.");
            return Optional.of(end);
        } catch (DateTimeParseException e) {
            throw new Invalid("expires", "A time must be like 2027-01-31T12:00:00Z.");
        }
    }

    private static void require(boolean holds, String member, String otherwise) throws Invalid {
        if (!holds) {
            throw new Invalid(member, otherwise);
        }
    }

    /** A body that cannot be used. */
    static final class Invalid extends Exception {
        private final String member;

        Invalid(String member, String message) {
            super(message, null, false, false);
            this.member = member;
        }

        Problem problem() {
            return Problem.of(ProblemType.INVALID_BODY, String.valueOf(getMessage()), member);
        }
    }
}
