package openledger.lab.stake;

import static openledger.lab.report.EvidenceLevel.ROBUST;
import static openledger.lab.report.EvidenceLevel.TUNED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import openledger.lab.report.Cell;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Numbers;
import openledger.lab.report.Section;
import openledger.lab.report.Table;
import openledger.lab.report.Unit;

/** What a pool of a given stake makes of an operator, and the least one with which it is honest. */
final class PoolTables {
    static final List<Double> POOLS = List.of(10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 10_000_000.0);
    private static final String NONE = "none: laziness pays";

    private final Map<Double, List<Temptation>> lanes;
    private final double headline;

    /**
     * Of lanes by their load.
     *
     * @param headline load whose figures are shown
     */
    PoolTables(Map<Double, List<Temptation>> lanes, double headline) {
        this.lanes = lanes;
        this.headline = headline;
    }

    void add(Section.Draft draft) {
        List<Temptation> at = at(headline);
        Measured perHour = Measured.of(prospects(headline, Terms.DEFAULT)
                .mapToDouble(Prospect::gainPerHour)
                .toArray());
        draft.add(Figure.of("gain_per_hour", "all acts off the plan are worth, an hour", Unit.GAINS, perHour, TUNED));
        Measured perDecision =
                Measured.of(at.stream().mapToDouble(Temptation::gainPerDecision).toArray());
        draft.add(Figure.of("gain_per_decision", "the same, gains a decision", Unit.RATIO, perDecision, TUNED));
        Measured leaves = Measured.ratio(
                at.stream().mapToDouble(Temptation::leaves).toArray(),
                at.stream().mapToDouble(Temptation::decisions).toArray());
        draft.add(Figure.of("leaves_per_decision", "leaves a decision", Unit.RATIO, leaves, ROBUST));
        draft.add(Figure.of(
                "stake_per_leaf",
                "stake for each leaf of the unbacked time, gains",
                Unit.RATIO,
                perDecision.times(1 / Terms.DEFAULT.burnedOf(leaves.value())),
                TUNED));
        least(draft, "least_stake_10_minutes", Unbacked.TEN_MINUTES);
        least(draft, "least_stake_7_days", Unbacked.A_WEEK);
        least(draft, "least_stake_10_minutes_and_grace", Unbacked.TEN_MINUTES_AND_GRACE);
        draft.add(leastByLoad());
        draft.add(leastInDollars());
        draft.add(ways(Terms.DEFAULT.audited(1)));
        draft.add(ways(Terms.DEFAULT));
    }

    private void least(Section.Draft draft, String key, Unbacked time) {
        leastStake(headline, Terms.DEFAULT.audited(1), time)
                .map(gains -> Figure.of(
                        key,
                        "least stake if all is checked, unbacked for " + time.words(),
                        Unit.DOLLARS,
                        Prices.dollars(gains),
                        TUNED))
                .forEach(draft::add);
    }

    private List<Temptation> at(double load) {
        return lanes.getOrDefault(load, List.of());
    }

    private Stream<Prospect> prospects(double load, Terms terms) {
        return at(load).stream().map(lane -> Prospect.at(load, lane, terms));
    }

    /** One, or none if some operator is honest with no pool at all. */
    private Stream<Measured> leastStake(double load, Terms terms, Unbacked time) {
        List<OptionalDouble> all = prospects(load, terms)
                .map(prospect -> prospect.leastStake(time.hours()))
                .toList();
        return all.stream().allMatch(OptionalDouble::isPresent)
                ? Stream.of(Measured.of(
                        all.stream().mapToDouble(OptionalDouble::orElseThrow).toArray()))
                : Stream.empty();
    }

    private Table leastByLoad() {
        List<List<Cell>> rows = new ArrayList<>();
        for (double load : lanes.keySet()) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Numbers.plain(load))));
            for (Unbacked time : Unbacked.values()) {
                row.add(leastStake(load, Terms.DEFAULT.audited(1), time)
                        .map(gains -> Cell.of(gains, Unit.GAINS))
                        .findAny()
                        .orElse(Cell.of(NONE)));
            }
            rows.add(row);
        }
        return new Table(
                "Least stake with which honesty pays best, everything checked, by load and unbacked time",
                columns("load"),
                rows);
    }

    private Table leastInDollars() {
        List<List<Cell>> rows = new ArrayList<>();
        for (double share : DeterrenceTables.AUDIT_SHARES) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Unit.SHARE.show(share))));
            for (Unbacked time : Unbacked.values()) {
                row.add(leastStake(headline, Terms.DEFAULT.audited(share), time)
                        .map(gains -> Cell.of(Prices.dollars(gains), Unit.DOLLARS))
                        .findAny()
                        .orElse(Cell.of(NONE)));
            }
            rows.add(row);
        }
        return new Table("The same at a load of 0.8 in dollars, by what is checked", columns("checked"), rows);
    }

    private Table ways(Terms terms) {
        Prospect prospect = Prospect.at(headline, Temptation.together(at(headline)), terms);
        List<List<Cell>> rows = new ArrayList<>();
        for (double pool : POOLS) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(Prices.dollars(Measured.exactly(pool)), Unit.DOLLARS)));
            for (Unbacked time : Unbacked.values()) {
                row.add(Cell.of(prospect.best(pool, time.hours()).words()));
            }
            rows.add(row);
        }
        return new Table(
                "What pays best at a load of 0.8, " + Unit.SHARE.show(terms.auditShare())
                        + " checked, by pool and unbacked time",
                columns("pool"),
                rows);
    }

    private static List<String> columns(String first) {
        return Stream.concat(Stream.of(first), Stream.of(Unbacked.values()).map(Unbacked::words))
                .toList();
    }
}
