package openledger.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code openledger} command. Only {@code serve} starts Quarkus. */
@QuarkusMain
@Command(
        name = "openledger",
        mixinStandardHelpOptions = true,
        description = "Inference routing whose retries are equal, visible and provable.",
        subcommands = {
            ServeCommand.class,
            SimulateCommand.class,
            KeysCommand.class,
            VerifyCommand.class,
            AuditCommand.class,
            ChainCommand.class,
            LabCommand.class,
            WhatIfCommand.class
        })
public final class Main {
    public static void main(String... arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
