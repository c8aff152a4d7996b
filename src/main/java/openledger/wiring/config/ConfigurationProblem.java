package openledger.wiring.config;

import java.util.List;

/** The configuration cannot be used; every problem names its key and the reason. */
public final class ConfigurationProblem extends RuntimeException {
    private final List<String> problems;

    public ConfigurationProblem(List<String> problems) {
        super(
                "The configuration cannot be used:" + System.lineSeparator() + "  "
                        + String.join(System.lineSeparator() + "  ", problems),
                null,
                false,
                false);
        this.problems = List.copyOf(problems);
    }

    /** Each with its key. */
    public List<String> problems() {
        return problems;
    }
}
