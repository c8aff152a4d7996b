package openledger.wiring.config;

import java.util.List;

/** The configuration cannot be used; every problem names its key and the reason. */
public final class ConfigurationProblem extends RuntimeException {
    private final List<String> problems;
    private final List<String> absent;

    public ConfigurationProblem(List<String> problems) {
        this(problems, List.of());
    }

    /**
     * Problems, each with its key.
     *
     * @param absent those of them that are secrets which are not where the configuration places them
     */
    ConfigurationProblem(List<String> problems, List<String> absent) {
        super(
                "The configuration cannot be used:" + System.lineSeparator() + "  "
                        + String.join(System.lineSeparator() + "  ", problems),
                null,
                false,
                false);
        this.problems = List.copyOf(problems);
        this.absent = List.copyOf(absent);
    }

    /** Each with its key. */
    public List<String> problems() {
        return problems;
    }

    /** Those of them that are secrets which are not where the configuration places them. */
    public List<String> absent() {
        return absent;
    }
}
