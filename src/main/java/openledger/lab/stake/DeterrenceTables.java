package openledger.lab.stake;

import static openledger.lab.report.EvidenceLevel.ROBUST;
import static openledger.lab.report.EvidenceLevel.TUNED;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import openledger.lab.report.Cell;
import openledger.lab.report.Chart;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Numbers;
import openledger.lab.report.Section;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;
import openledger.lab.stake.StakeRun.Found;

/** What the vault's terms prevent: audit share, penalty and the reporter's share, by proofs of one step. */
final class DeterrenceTables {
    static final List<Double> AUDIT_SHARES = List.of(0.001, 0.01, 0.02, 0.1, 1.0);
    static final List<Double> PENALTIES = List.of(1.4, 7.0, 10.0, 20.0, 70.0, 140.0, 700.0, 1_400.0);
    static final List<Double> REPORTER_SHARES = List.of(0.0, 0.3, 0.5, 1.0);
    static final List<Double> PROOF_COSTS = List.of(0.003, 0.02, 0.1);
    /** So many times what a proof costs should be the reporter's, so that a dear hour or a lost race is no loss. */
    private static final double AMPLE = 3;

    private final List<Temptation> lanes;
    private final List<Found> lies;

    /**
     * Of one load.
     *
     * @param lies of operators that lie about their providers' answers
     */
    DeterrenceTables(List<Temptation> lanes, List<Found> lies) {
        this.lanes = List.copyOf(lanes);
        this.lies = List.copyOf(lies);
    }

    void add(Section.Draft draft) {
        figure(draft, "conviction_one_step", "of those that contradict a plan, proved in one step", conviction());
        figure(
                draft,
                "conviction_one_leaf",
                "of those that contradict a plan, proved by one leaf",
                Measured.ratio(values(Temptation::provenByLeaf), values(lane -> lane.traced().length)));
        Measured ceiling = Measured.ratio(values(lane -> lane.traced().length), values(Temptation::chances));
        figure(draft, "ceiling", "lazy fall-backs that contradict a plan: no stake prevents more", ceiling);
        tuned(draft, "reduction_default", "prevented by a penalty of 70 gains, 2 % checked", Terms.DEFAULT);
        tuned(draft, "reduction_tenth", "the same, 10 % checked", Terms.DEFAULT.audited(0.1));
        tuned(draft, "reduction_all_checked", "the same, everything checked", Terms.DEFAULT.audited(1));
        figure(draft, "reduction_lying", "prevented if the operator lies about its providers' answers", lying());
        draft.add(penalties());
        draft.add(reporters());
        draft.add(proofs());
        draft.add(chart());
    }

    private static void figure(Section.Draft draft, String key, String words, Measured measured) {
        draft.add(Figure.of(key, words, Unit.SHARE, measured, ROBUST));
    }

    private void tuned(Section.Draft draft, String key, String words, Terms terms) {
        draft.add(Figure.of(key, words, Unit.SHARE, reduction(terms, terms.burned()), TUNED));
    }

    private Measured conviction() {
        return Measured.ratio(values(Temptation::proven), values(lane -> lane.traced().length));
    }

    /** Of all lazy fall-backs, those that end if a proved one costs so much. */
    private Measured reduction(Terms terms, double cost) {
        return Measured.ratio(
                values(lane -> lane.chances() - lane.remaining(terms, cost)), values(Temptation::chances));
    }

    /** Of the lies, those that end: a proved one would, whatever its penalty. */
    private Measured lying() {
        return Measured.ratio(
                lies.stream().mapToDouble(Found::proved).toArray(),
                lies.stream().mapToDouble(Found::whole).toArray());
    }

    private double[] values(ToDoubleFunction<Temptation> of) {
        return lanes.stream().mapToDouble(of).toArray();
    }

    private Table penalties() {
        List<String> columns = new ArrayList<>(List.of("penalty, gains", "reporter gets", "pays its proof"));
        AUDIT_SHARES.forEach(share -> columns.add(Unit.SHARE.show(share) + " checked"));
        columns.add("operator lies");
        List<List<Cell>> rows = new ArrayList<>();
        for (double penalty : PENALTIES) {
            Terms terms = Terms.DEFAULT.taking(penalty);
            List<Cell> row = new ArrayList<>(List.of(
                    Cell.of(Numbers.plain(penalty)),
                    Cell.of(Prices.dollars(Measured.exactly(terms.reward())), Unit.SMALL_DOLLARS),
                    Cell.of(Prices.payForProof(terms) ? "yes" : "NO")));
            for (double share : AUDIT_SHARES) {
                row.add(Cell.of(reduction(terms.audited(share), terms.burned()), Unit.SHARE));
            }
            row.add(Cell.of(lying(), Unit.SHARE));
            rows.add(row);
        }
        return new Table(
                "Lazy fall-backs prevented at a load of 0.8, of all of them; an operator that reports itself",
                columns,
                rows);
    }

    private Table reporters() {
        List<List<Cell>> rows = new ArrayList<>();
        for (double share : REPORTER_SHARES) {
            Terms terms = Terms.DEFAULT.rewarding(share);
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Unit.SHARE.show(share))));
            for (double checked : List.of(0.02, 0.1)) {
                Terms at = terms.audited(checked);
                row.add(Cell.of(reduction(at, at.penalty()), Unit.SHARE));
                row.add(Cell.of(reduction(at, at.burned()), Unit.SHARE));
            }
            rows.add(row);
        }
        return new Table(
                "Who reports itself gets the reporter's share back: prevented by a penalty of 70 gains",
                List.of(
                        "reporter's share",
                        "2 % checked, waits for others",
                        "2 %, reports itself",
                        "10 % checked, waits for others",
                        "10 %, reports itself"),
                rows);
    }

    private Table proofs() {
        List<List<Cell>> rows = new ArrayList<>();
        for (double cost : PROOF_COSTS) {
            double penalty = AMPLE * cost / Prices.GAIN / Terms.DEFAULT.reporterShare();
            Terms terms = Terms.DEFAULT.taking(penalty);
            List<Cell> row = new ArrayList<>(List.of(
                    Cell.of(Numbers.plain(cost)),
                    Cell.of(Measured.exactly(penalty / AMPLE), Unit.GAINS),
                    Cell.of(Measured.exactly(penalty), Unit.GAINS)));
            for (double share : List.of(0.02, 0.1, 1.0)) {
                row.add(Cell.of(reduction(terms.audited(share), terms.burned()), Unit.SHARE));
            }
            rows.add(row);
        }
        return new Table(
                "What a proof costs, and what is prevented by a penalty whose reporter gets three times that",
                List.of(
                        "a proof costs, $",
                        "least penalty that pays it",
                        "penalty",
                        "2 % checked",
                        "10 % checked",
                        "all checked"),
                rows);
    }

    private Chart chart() {
        List<Chart.Series> series = new ArrayList<>();
        for (double share : AUDIT_SHARES) {
            List<Measured> values = PENALTIES.stream()
                    .map(penalty -> Terms.DEFAULT.taking(penalty).audited(share))
                    .map(terms -> reduction(terms, terms.burned()))
                    .toList();
            series.add(new Chart.Series(Unit.SHARE.show(share) + " checked", values));
        }
        series.add(new Chart.Series(
                "operator lies", PENALTIES.stream().map(any -> lying()).toList()));
        return new Chart(
                "Lazy fall-backs prevented at a load of 0.8, by penalty",
                Chart.Kind.LINES,
                "penalty, mean gains",
                Unit.SHARE,
                Chart.Mark.inARow(PENALTIES.stream().map(Numbers::plain).toList()),
                series);
    }
}
