package openledger.cli.account;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import openledger.cli.Console;
import org.jspecify.annotations.Nullable;

/** The keys of tenants or providers that a command sends. They are in the environment: an argument could be read by anybody on the machine. */
public final class ApiKeys {
    private ApiKeys() {}

    /**
     * The keys that environment variables have, in their order.
     *
     * @param variables their names, which {@code --key-env} gave
     * @throws picocli.CommandLine.ParameterException if one is not set, or holds what no header may have; never repeats what it holds
     */
    public static List<String> of(
            Console console, UnaryOperator<@Nullable String> environment, List<String> variables) {
        List<String> keys = new ArrayList<>();
        for (String variable : variables) {
            String key = environment.apply(variable);
            if (key == null || key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw console.usage(
                        "--key-env must name environment variables that hold keys (printable ASCII without spaces); "
                                + variable + " does not.");
            }
            keys.add(key);
        }
        return keys;
    }
}
