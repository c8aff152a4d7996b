package openledger.lab.stake;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import openledger.audit.PublishedBatch;
import openledger.lab.engine.Arrival;
import openledger.lab.report.Answer;
import openledger.lab.report.EvidenceLevel;
import openledger.lab.report.Figure;
import openledger.lab.report.Measured;
import openledger.lab.report.Progress;
import openledger.lab.report.Question;
import openledger.lab.report.Section;
import openledger.lab.report.Seeds;
import openledger.lab.report.Unit;
import openledger.lab.stake.StakeLane.Pen;
import openledger.lab.stake.StakeLane.Served;
import openledger.routing.Plan;
import openledger.unit.Hash32;

/**
 * What replay of the settlement layer finds of a router: ends that do not follow their plans, and plans that were left out, as the
 * product's own replay of the published batches finds them; for a router that publishes what happened, and one that changes and omits a
 * hundredth each.
 */
public final class SettlementChecks {
    private static final double LOAD = 0.8;
    private static final double TAMPERED = 0.01;
    private static final int FEW_SEEDS = 5;

    private final Seeds seeds;
    private final Progress progress;

    public SettlementChecks(Seeds seeds, Progress progress) {
        this.seeds = new Seeds(Math.min(FEW_SEEDS, seeds.count()));
        this.progress = progress;
    }

    /** Shares of all requests. */
    private record Rates(double honest, double changed, double foundChanged, double omitted, double foundOmitted) {}

    public void add(Section.Draft draft) {
        List<Rates> runs = seeds.each("settlement, honest and not", progress, SettlementChecks::rates);
        Figure honest =
                figure(draft, "mismatch_honest", "settlement: found against an honest router", runs, Rates::honest);
        Figure changed = figure(
                draft,
                "mismatch_tampered",
                "settlement: ends that do not follow their plan, found",
                runs,
                Rates::foundChanged);
        Figure omitted =
                figure(draft, "omission_tampered", "settlement: plans left out, found", runs, Rates::foundOmitted);
        double wasChanged = runs.stream().mapToDouble(Rates::changed).average().orElse(0);
        double wasOmitted = runs.stream().mapToDouble(Rates::omitted).average().orElse(0);
        draft.add(new Answer(
                Question.WHERE_FAIRNESS_LIVES,
                "Settlement: replay finds " + Unit.SMALL_SHARE.show(honest.measured())
                        + " of the requests of an honest router in mismatch."
                        + " Where " + Unit.SMALL_SHARE.show(wasChanged) + " of the ends were changed it finds "
                        + Unit.SMALL_SHARE.show(changed.measured()) + "; where " + Unit.SMALL_SHARE.show(wasOmitted)
                        + " of the plans were left out, " + Unit.SMALL_SHARE.show(omitted.measured()) + ".",
                List.of(honest, changed, omitted)));
    }

    private static Figure figure(
            Section.Draft draft, String key, String words, List<Rates> runs, ToDoubleFunction<Rates> of) {
        Measured measured = Measured.of(runs.stream().mapToDouble(of).toArray());
        return draft.add(Figure.of(key, words, Unit.SMALL_SHARE, measured, EvidenceLevel.ROBUST));
    }

    private static Rates rates(long seed) {
        StakeLane lane = StakeLane.of(LOAD, seed);
        double all = lane.served().size();
        Set<Arrival> chosen = new HashSet<>();
        for (Served one : lane.served()) {
            if (new SplittableRandom(one.arrival().luck()).nextDouble() < TAMPERED && one.isBest()) {
                chosen.add(one.arrival());
            }
        }
        double share = chosen.size() / all;
        return new Rates(
                found(lane.publish(Pen.HONEST)) / all,
                share,
                found(lane.publish(changing(chosen))) / all,
                share,
                found(lane.publish(omitting(chosen))) / all);
    }

    private static double found(List<PublishedBatch> batches) {
        Set<Hash32> convicted = StakeLane.convictedByFullReplay(batches);
        return convicted.size();
    }

    private static Pen changing(Set<Arrival> chosen) {
        return new Pen() {
            @Override
            public void end(Served served, LabLane to) {
                if (chosen.contains(served.arrival())) {
                    StakeLane.offThePlan(served, to);
                } else {
                    HONEST.end(served, to);
                }
            }
        };
    }

    private static Pen omitting(Set<Arrival> chosen) {
        return new Pen() {
            @Override
            public Optional<Plan> plan(Arrival arrival, Plan plan) {
                return chosen.contains(arrival) ? Optional.empty() : Optional.of(plan);
            }
        };
    }
}
