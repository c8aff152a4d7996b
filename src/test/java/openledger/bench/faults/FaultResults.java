package openledger.bench.faults;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import openledger.bench.faults.FaultVerdict.Result;

/**
 * What one gateway made of all faults.
 *
 * @param absent why it was not run; empty if it was
 * @param cells in the order of the catalogue; empty if it was not run
 */
record FaultResults(String name, String version, String settings, String absent, List<Cell> cells) {
    FaultResults {
        cells = List.copyOf(cells);
    }

    /**
     * One fault before one gateway.
     *
     * @param calls of both targets for the request that was judged
     */
    record Cell(UpstreamFault fault, FaultVerdict verdict, int calls) {
        boolean isWrong() {
            return verdict.result() != Result.RIGHT || isAboveBudget();
        }

        boolean isAboveBudget() {
            return calls > FaultedGateway.BUDGET;
        }

        /** A word and the calls, e.g. {@code LOST 3}. */
        String mark() {
            return switch (verdict.result()) {
                        case RIGHT -> "ok";
                        case LOST -> "LOST";
                        case BAD_SERVED -> "BAD";
                        case AVOIDABLE_ERROR -> "error";
                    }
                    + " " + calls;
        }
    }

    boolean wasRun() {
        return absent.isEmpty();
    }

    long count(Result result) {
        return cells.stream().filter(cell -> cell.verdict().result() == result).count();
    }

    long aboveBudget() {
        return cells.stream().filter(Cell::isAboveBudget).count();
    }

    int calls() {
        return cells.stream().mapToInt(Cell::calls).sum();
    }

    int mostCalls() {
        return cells.stream().mapToInt(Cell::calls).max().orElse(0);
    }

    List<Cell> wrong() {
        return cells.stream().filter(Cell::isWrong).toList();
    }

    /** Lost, bad, avoidable, above the budget: {@code 0/0/0/0}. */
    String brief() {
        return wasRun()
                ? String.format(
                        Locale.ROOT,
                        "%s %d/%d/%d/%d",
                        name,
                        count(Result.LOST),
                        count(Result.BAD_SERVED),
                        count(Result.AVOIDABLE_ERROR),
                        aboveBudget())
                : name + " not run";
    }

    static String figure(List<FaultResults> all) {
        return FaultCatalogue.all().size()
                + " faults; good answers lost / bad served / avoidable errors / requests above the budget: "
                + all.stream().map(FaultResults::brief).collect(Collectors.joining(", "));
    }
}
