package openledger.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import openledger.cli.check.CheckCommand;
import openledger.cli.export.ExportCommand;
import openledger.cli.health.HealthCommand;
import openledger.cli.probe.ProbeCommand;
import openledger.cli.reconcile.ReconcileCommand;
import openledger.cli.stake.StakeCommand;
import openledger.verifier.TerminalText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The {@code openledger} command. Only {@code serve} starts Quarkus. */
@QuarkusMain
@Command(
        name = "openledger",
        mixinStandardHelpOptions = true,
        description = "Inference routing whose retries are equal, visible and provable.",
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            HealthCommand.class,
            KeysCommand.class,
            VerifyCommand.class,
            BundleCommand.class,
            AuditCommand.class,
            ChainCommand.class,
            LabCommand.class,
            LogCommand.class,
            ExportCommand.class,
            StakeCommand.class,
            WhatIfCommand.class,
            ReconcileCommand.class,
            ProbeCommand.class,
            WitnessCommand.class,
            GuardCommand.class
        })
public final class Main {
    public static void main(String... arguments) {
        System.exit(lineFor(arguments).execute(arguments));
    }

    /** To read all the other commands takes a second of a start, and longer than all the rest of a health check, which runs every few seconds. */
    private static CommandLine lineFor(String... arguments) {
        return switch (arguments.length == 0 ? "" : arguments[0]) {
            case "health" -> alone(new HealthCommand());
            case "serve" -> alone(new ServeCommand());
            default -> line();
        };
    }

    private static CommandLine alone(Object command) {
        return explained(new CommandLine(CommandSpec.create().name("openledger")).addSubcommand(command));
    }

    /** The command line; what it says of a failure has words of others in it, so that is cleaned. */
    static CommandLine line() {
        CommandLine line = new CommandLine(new Main());
        ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
        return explained(line);
    }

    private static CommandLine explained(CommandLine line) {
        line.setParameterExceptionHandler((wrong, arguments) -> Misuse.explain(wrong, arguments));
        return line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter terminal = TerminalText.writer(command.getErr());
            terminal.println("The command failed: " + TerminalText.line(String.valueOf(failure)));
            for (StackTraceElement frame : failure.getStackTrace()) {
                terminal.println("    at " + frame);
            }
            terminal.flush();
            return command.getCommandSpec().exitCodeOnExecutionException();
        });
    }
}
