package openledger.bench.faults;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import openledger.bench.faults.FaultVerdict.Result;
import openledger.bench.faults.UpstreamFault.Right;

/** The page {@code docs/results/peers-faults.md}, and what the terminal shows of it. Pure. */
final class FaultsPage {
    @SuppressWarnings("InlineFormatString") // a page reads best apart
    private static final String HEAD = """
            # Faulty providers before several gateways

            Written by `make peers-faults`, %1$s, at %2$s. No figure here was typed by hand.

            Each of %3$d providers has one fault, and stands before a second target that has none. The same request goes through each gateway,
            which may make %4$d calls for it where it can be told so. What counts:

            - **lost**: the provider's answer was good, or was its reason to refuse, and did not reach the client as it was said
            - **bad served**: what is no good answer came as one: status 200, and no error that an SDK would throw
            - **avoidable errors**: the client got an error, though nothing good had come yet and the second target would have answered
            - **calls**: all that both targets have seen for these %3$d requests

            Documents are read as SDKs read them: by the status, then by `choices`. Streams are read by the standard for events; an `error` in one is
            an error, an end without `finish_reason` is not. Labels do not matter, and gzip is undone.

            """;

    private FaultsPage() {}

    /** @param at the version of this router */
    static String of(List<FaultResults> all, String date, String at) {
        StringBuilder page =
                new StringBuilder(HEAD.formatted(date, at, FaultCatalogue.all().size(), FaultedGateway.BUDGET));
        page.append("| gateway | lost | bad served | avoidable errors | calls | most for one request | requests above ")
                .append(FaultedGateway.BUDGET)
                .append(" calls |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        all.forEach(each -> page.append(row(each)));
        page.append("\n## How they were set\n\n| gateway | version | settings |\n| --- | --- | --- |\n");
        all.forEach(each -> page.append("| %s | %s | %s |%n".formatted(each.name(), each.version(), each.settings())));
        page.append("\n## Every cell\n\nA word and the number of calls.\n\n");
        page.append(matrix(all.stream().filter(FaultResults::wasRun).toList()));
        page.append("\n## What went wrong\n");
        all.stream().filter(FaultResults::wasRun).forEach(each -> page.append(wrong(each)));
        return page.toString();
    }

    private static String row(FaultResults each) {
        return each.wasRun()
                ? String.format(
                        Locale.ROOT,
                        "| %s | %d | %d | %d | %d | %d | %d |%n",
                        each.name(),
                        each.count(Result.LOST),
                        each.count(Result.BAD_SERVED),
                        each.count(Result.AVOIDABLE_ERROR),
                        each.calls(),
                        each.mostCalls(),
                        each.aboveBudget())
                : "| %s | not run: %s | – | – | – | – | – |%n"
                        .formatted(each.name(), each.absent().replace('|', '/').replace('\n', ' '));
    }

    private static String matrix(List<FaultResults> run) {
        StringBuilder table = new StringBuilder("| fault | an example of | right is |");
        run.forEach(each -> table.append(' ').append(each.name()).append(" |"));
        table.append("\n| --- | --- | --- |")
                .append(" --- |".repeat(run.size()))
                .append('\n');
        List<UpstreamFault> faults = FaultCatalogue.all();
        for (int i = 0; i < faults.size(); i++) {
            UpstreamFault fault = faults.get(i);
            int cell = i;
            table.append("| %s | %s | %s |".formatted(fault.name(), fault.kind().words(), words(fault.right())))
                    .append(run.stream()
                            .map(each -> " " + each.cells().get(cell).mark() + " |")
                            .collect(Collectors.joining()))
                    .append('\n');
        }
        return table.toString();
    }

    private static String words(Right right) {
        return switch (right) {
            case ARRIVES -> "this answer arrives";
            case ANY_ANSWER -> "an answer";
            case COMPLAINT_ARRIVES -> "its reason arrives";
            case SECOND_ANSWERS -> "the second answers";
            case SEEN_AS_BROKEN -> "seen as broken";
        };
    }

    private static String wrong(FaultResults each) {
        return "\n**" + each.name() + "**\n\n"
                + (each.wrong().isEmpty()
                        ? "Nothing.\n"
                        : each.wrong().stream().map(FaultsPage::line).collect(Collectors.joining()));
    }

    private static String line(FaultResults.Cell cell) {
        return "- %s: %s, %s%n"
                .formatted(cell.fault().name(), cell.mark(), cell.verdict().why());
    }

    /** The totals and what went wrong, for a terminal. */
    static String terminal(FaultResults each) {
        if (!each.wasRun()) {
            return "  " + each.name() + ": not run: " + each.absent();
        }
        return String.format(
                        Locale.ROOT,
                        "  %-16s lost %2d   bad served %2d   avoidable errors %2d   calls %3d, at most %2d   above %d: %d%n",
                        each.name(),
                        each.count(Result.LOST),
                        each.count(Result.BAD_SERVED),
                        each.count(Result.AVOIDABLE_ERROR),
                        each.calls(),
                        each.mostCalls(),
                        FaultedGateway.BUDGET,
                        each.aboveBudget())
                + each.wrong().stream()
                        .map(cell -> "    " + line(cell).substring(2))
                        .collect(Collectors.joining());
    }
}
