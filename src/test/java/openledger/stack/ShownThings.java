package openledger.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a proof has shown, row by row, against what was expected. Confined to one thread. */
final class ShownThings {
    private final List<Row> rows = new ArrayList<>();

    void expect(String what, long expected, long found) {
        expect(what, Long.toString(expected), Long.toString(found));
    }

    void expect(String what, String expected, String found) {
        rows.add(new Row(what, found, expected.equals(found) ? "ok" : "WRONG, expected: " + expected));
    }

    void atLeast(String what, long least, long found) {
        rows.add(new Row(what, Long.toString(found), found >= least ? "ok" : "WRONG, expected at least " + least));
    }

    /** A figure that nothing is expected of. */
    void note(String what, String found) {
        rows.add(new Row(what, found, ""));
    }

    boolean allAsExpected() {
        return rows.stream().noneMatch(row -> row.judgement.startsWith("WRONG"));
    }

    void print() {
        System.out.println();
        rows.forEach(row ->
                System.out.println(String.format(Locale.ROOT, "  %-62s %-5s %s", row.what, row.judgement, row.found)));
        System.out.println();
        System.out.println(allAsExpected() ? "All as expected." : "NOT AS EXPECTED.");
    }

    private record Row(String what, String found, String judgement) {}
}
