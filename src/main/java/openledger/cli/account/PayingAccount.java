package openledger.cli.account;

import java.util.function.UnaryOperator;
import openledger.chain.LaneAccount;
import openledger.chain.LaneSeed;
import openledger.cli.Console;
import org.jspecify.annotations.Nullable;

/** The account that pays for what a command sends, and the seed of lanes' accounts. A secret is in the environment: an argument could be read by anybody on the machine. */
public final class PayingAccount {
    private PayingAccount() {}

    /**
     * The account whose key an environment variable has.
     *
     * @param variable its name, which {@code --key-env} gave
     * @throws picocli.CommandLine.ParameterException if it is not set, or has no key; never repeats what it has
     */
    public static LaneAccount of(Console console, UnaryOperator<@Nullable String> environment, String variable) {
        if (variable.isBlank()) {
            throw console.usage(
                    "--key-env must name an environment variable with the private key of the account that pays.");
        }
        String key = environment.apply(variable);
        if (key == null || key.isBlank()) {
            throw console.usage("The environment variable " + variable
                    + " is not set; it must hold the private key of the account that pays.");
        }
        try {
            return LaneAccount.of(key);
        } catch (IllegalArgumentException e) {
            throw console.usage(
                    "The environment variable " + variable + " must hold a private key of 64 hexadecimal digits.");
        }
    }

    /**
     * The seed of lanes' accounts that an environment variable has.
     *
     * @param variable its name, which {@code --seed-env} gave
     * @throws picocli.CommandLine.ParameterException if it is not set, or has no seed; never repeats what it has
     */
    public static LaneSeed seed(Console console, UnaryOperator<@Nullable String> environment, String variable) {
        String seed = environment.apply(variable);
        if (seed == null || seed.isBlank()) {
            throw console.usage("The environment variable " + variable
                    + " is not set; it must hold the seed of the accounts of lanes.");
        }
        try {
            return LaneSeed.of(seed);
        } catch (IllegalArgumentException e) {
            throw console.usage("The environment variable " + variable + " must hold a seed of 64 hexadecimal digits.");
        }
    }
}
