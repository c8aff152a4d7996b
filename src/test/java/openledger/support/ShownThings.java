package openledger.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a proof has shown, row by row, against what was expected. Confined to one thread. */
public final class ShownThings {
    private final List<Row> rows = new ArrayList<>();

    public void expect(String what, long expected, long found) {
        expect(what, Long.toString(expected), Long.toString(found));
    }

    public void expect(String what, String expected, String found) {
        rows.add(new Row(what, found, expected.equals(found) ? "ok" : "WRONG, expected: " + expected, false));
    }

    public void atLeast(String what, long least, long found) {
        rows.add(
                new Row(what, Long.toString(found), found >= least ? "ok" : "WRONG, expected at least " + least, true));
    }

    /** A figure that nothing is expected of; without a name it only explains the row before it. */
    public void note(String what, String found) {
        rows.add(new Row(what, found, "", !what.isEmpty()));
    }

    public boolean allAsExpected() {
        return rows.stream().noneMatch(row -> row.judgement.startsWith("WRONG"));
    }

    public void print() {
        System.out.println();
        rows.forEach(row ->
                System.out.println(String.format(Locale.ROOT, "  %-62s %-5s %s", row.what, row.judgement, row.found)));
        System.out.println();
        System.out.println(allAsExpected() ? "All as expected." : "NOT AS EXPECTED.");
        System.out.println("figure: " + figure());
    }

    /** One line for docs/results/proofs.md: how much was as expected, and what was measured. */
    private String figure() {
        long judged = rows.stream().filter(row -> !row.judgement.isEmpty()).count();
        long good = rows.stream().filter(row -> "ok".equals(row.judgement)).count();
        String measured = rows.stream()
                .filter(Row::isFigure)
                .map(row -> "; " + row.what + ": " + row.found)
                .collect(Collectors.joining());
        return good + " of " + judged + " as expected" + measured;
    }

    /** @param isFigure whether what was found is not known beforehand */
    private record Row(String what, String found, String judgement, boolean isFigure) {}
}
