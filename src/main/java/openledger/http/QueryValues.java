package openledger.http;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;

/** A query string whose parameters are all known and not repeated. */
public final class QueryValues {
    private final MultivaluedMap<String, String> values;

    private QueryValues(MultivaluedMap<String, String> values) {
        this.values = values;
    }

    /** The values, if there is none but those named {@code known}. */
    public static QueryValues of(MultivaluedMap<String, String> values, List<String> known) throws InvalidQuery {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidQuery(name, "Unknown parameter; the parameters are " + String.join(", ", known) + ".");
            }
            if (values.get(name).size() != 1) {
                throw new InvalidQuery(name, "The parameter is repeated.");
            }
        }
        return new QueryValues(values);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.getFirst(name));
    }

    /** A parameter that cannot be used. */
    public static final class InvalidQuery extends Exception {
        private final String parameter;

        public InvalidQuery(String parameter, String message) {
            super(message, null, false, false);
            this.parameter = parameter;
        }

        /** A word that is none of those there are. */
        public static InvalidQuery notOneOf(String parameter, Enum<?>[] words) {
            String list = Arrays.stream(words).map(Enum::name).collect(Collectors.joining(", "));
            return new InvalidQuery(parameter, "'" + parameter + "' must be one of " + list + ".");
        }

        public Problem problem() {
            return Problem.of(ProblemType.INVALID_PARAMETER, String.valueOf(getMessage()), parameter);
        }
    }
}
