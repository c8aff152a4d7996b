package openledger.cli.check;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.function.Function;
import openledger.cli.Console;
import openledger.cli.check.ConfigurationCheck.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks configurations without starting a router. */
@Command(
        name = "check",
        exitCodeOnExecutionException = 2,
        mixinStandardHelpOptions = true,
        description = "Check configurations as a router does at its start, and start nothing.",
        footer = {
            "Example:",
            "  openledger check openledger.yaml",
            "  openledger check --secrets-elsewhere deploy/*/openledger.yaml",
            "",
            "Each problem names its key and the reason. No database, node or provider is asked, so what they would refuse is not",
            "found. Variables of the environment override the file, as they do for the router.",
            "Exit codes: 0 a router would go on with it; 1 it would stop; 2 wrong usage."
        })
public final class CheckCommand implements Callable<Integer> {
    @Mixin
    private final Console console = new Console();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "A configuration, YAML.")
    private List<Path> files = List.of();

    @Option(
            names = "--secrets-elsewhere",
            description =
                    "Say which keys are not in the variables and files that are named for them, and whether the address at which other routers reach this one is missing, but go on: they are where the router runs.")
    private boolean secretsElsewhere;

    private final Function<String, @Nullable String> environment;

    /** The command as people use it. */
    public CheckCommand() {
        this(System::getenv);
    }

    /** With another environment. */
    CheckCommand(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        ConfigurationCheck check =
                ServiceLoader.load(ConfigurationCheck.class).findFirst().orElseThrow();
        boolean allGood = true;
        for (Path file : files) {
            allGood &= isGood(file, check.check(file, environment));
        }
        console.out().flush();
        return allGood ? 0 : 1;
    }

    private boolean isGood(Path file, Report report) {
        boolean isGood = report.problems().isEmpty()
                && (secretsElsewhere || report.absent().isEmpty());
        console.out().println(file + (isGood ? ": can be used" : ": cannot be used"));
        report.problems().forEach(problem -> console.out().println("  " + problem));
        report.absent().forEach(secret -> console.out().println("  " + secret));
        return isGood;
    }
}
