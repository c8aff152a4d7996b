package openledger.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import openledger.lab.Experiments;
import openledger.lab.TraceExperiment;
import openledger.lab.report.Experiment;
import openledger.lab.report.HtmlReport;
import openledger.lab.report.JsonReport;
import openledger.lab.report.Report;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.TerminalReport;
import openledger.lab.world.Trace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the experiments in virtual time; needs no database, no network and no service. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        description = {
            "Run the experiments in virtual time, with the same code that serves traffic, and write a report.",
            "Needs no database, network or configuration. The same seeds give the same files, byte by byte."
        },
        footer = {
            "Writes report.json (for programs) and report.html (for a browser) into the folder of --out.",
            "",
            "Example, one experiment in a few seconds:",
            "  openledger lab --experiment budget --seeds 5 --out /tmp/lab",
            "With a trace that takes 70 %% of the slots:",
            "  openledger lab --trace requests.csv --load 0.7",
            "",
            "Exit codes: 0 done; 1 the files cannot be written; 2 wrong usage."
        })
public final class LabCommand implements Callable<Integer> {
    private static final int MOST_SEEDS = 1_000;
    private static final double LEAST_LOAD = 0.05;
    private static final double MOST_LOAD = 2;

    @Mixin
    private final Console console = new Console();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "Runs per table row, 2 to 1000; the intervals are computed from them. Default: ${DEFAULT-VALUE}.")
    private int seeds = 20;

    @Option(
            names = "--experiment",
            paramLabel = "NAME",
            split = ",",
            description = "Only this experiment, by name (see --list); can be repeated. Default: all.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "List the experiments and exit.")
    private boolean isList;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description = {
                "Run the trace experiments instead, with the arrivals and sizes of a CSV file with the columns",
                "TIMESTAMP,ContextTokens,GeneratedTokens, the format of the Azure LLM inference traces."
            })
    private Optional<Path> trace = Optional.empty();

    @Option(
            names = "--load",
            paramLabel = "R",
            description = "For --trace: average share of the best tier's slots that the requests take, 0.05 to 2."
                    + " Default: ${DEFAULT-VALUE}.")
    private double load = 0.5;

    @Option(names = "--out", paramLabel = "DIR", description = "Output folder. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("lab");

    @Override
    public Integer call() {
        PrintWriter terminal = console.out();
        if (isList) {
            Experiments.ALL.forEach(one -> terminal.printf("%-12s %s%n", one.name(), one.about()));
            terminal.flush();
            return 0;
        }
        if (seeds < 2 || seeds > MOST_SEEDS) {
            throw console.usage("--seeds must be 2 to 1000.");
        }
        Report report = run(trace.map(this::traced).orElseGet(this::chosen), new Seeds(seeds), terminal);
        new TerminalReport(terminal).printAnswers(report);
        try {
            Files.createDirectories(out);
            write("report.json", JsonReport.of(report), terminal);
            write("report.html", HtmlReport.of(report), terminal);
            return 0;
        } catch (IOException e) {
            console.complain("The report cannot be written: " + e.getMessage());
            return 1;
        }
    }

    private Report run(List<Experiment> chosen, Seeds of, PrintWriter terminal) {
        TerminalReport shown = new TerminalReport(terminal);
        ProgressLine progress = new ProgressLine(console.progress(), picocli.CommandLine.Help.Ansi.AUTO.enabled());
        List<Section> sections = new ArrayList<>();
        for (Experiment experiment : chosen) {
            Section section = experiment.run(of, progress.under(experiment.name()));
            progress.clear();
            shown.print(section);
            sections.add(section);
        }
        return new Report(of, sections);
    }

    private List<Experiment> traced(Path file) {
        if (!(load >= LEAST_LOAD && load <= MOST_LOAD)) {
            throw console.usage("--load must be 0.05 to 2.");
        }
        if (!names.isEmpty()) {
            throw console.usage("--trace cannot be combined with --experiment.");
        }
        try {
            return List.of(new TraceExperiment(Trace.read(file), load));
        } catch (IOException e) {
            throw console.usage("--trace cannot be read: " + e.getMessage());
        }
    }

    private List<Experiment> chosen() {
        String known = Experiments.ALL.stream().map(Experiment::name).collect(Collectors.joining(", "));
        for (String name : names) {
            if (Experiments.ALL.stream().noneMatch(one -> one.name().equals(name))) {
                throw console.usage("Unknown experiment \"" + name + "\"; the experiments are " + known + ".");
            }
        }
        return Experiments.ALL.stream()
                .filter(one -> names.isEmpty() || names.contains(one.name()))
                .toList();
    }

    private void write(String name, byte[] bytes, PrintWriter terminal) throws IOException {
        Path file = out.resolve(name);
        Files.write(file, bytes);
        terminal.println("Written: " + file);
        terminal.flush();
    }
}
