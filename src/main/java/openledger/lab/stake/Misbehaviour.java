package openledger.lab.stake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.audit.Difference;
import openledger.audit.PlanReplay;
import openledger.audit.PublishedBatch;
import openledger.commitment.leaf.ProvableFault;
import openledger.lab.engine.Arrival;
import openledger.lab.experiment.SurplusRule;
import openledger.lab.experiment.SurplusRules;
import openledger.lab.stake.StakeLane.Pen;
import openledger.lab.stake.StakeLane.Served;
import openledger.lab.world.Market;
import openledger.lab.world.Workload;
import openledger.routing.Plan;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;

/** Ways to misroute. Each is tried once in an otherwise honest lane, and the rule book and the product's auditor are asked what they find. */
enum Misbehaviour {
    OTHER_TARGET("served by another target of the best tier than the plan's") {
        @Override
        Pen pen(Served victim) {
            return ending(
                    victim,
                    lane -> lane.end(
                            victim.arrival(),
                            victim.plan(),
                            victim.attempt(),
                            0,
                            (victim.target() + 1) % Market.PROVIDERS,
                            victim.millis()));
        }
    },
    CHEAP_AT_ONCE("served by the tier below with attempts left") {
        @Override
        Pen pen(Served victim) {
            return ending(victim, lane -> StakeLane.offThePlan(victim, lane));
        }
    },
    OTHER_PLAN("a plan that the allocator does not give, and carried out") {
        @Override
        Pen pen(Served victim) {
            Plan plan = victim.plan();
            List<Integer> places = new ArrayList<>(plan.places());
            places.set(plan.spent(), StakeLane.CHEAP);
            Plan other = new Plan(
                    plan.snapshot(),
                    plan.arrival(),
                    plan.turn(),
                    plan.deficit(),
                    plan.rank(),
                    plan.open(),
                    plan.spent(),
                    places);
            return new Pen() {
                @Override
                public Optional<Plan> plan(Arrival arrival, Plan honest) {
                    return Optional.of(arrival.equals(victim.arrival()) ? other : honest);
                }

                @Override
                public void end(Served served, LabLane to) {
                    if (served.equals(victim)) {
                        to.end(served.arrival(), other, other.spent() + 1, 1, StakeLane.CHEAP, served.millis());
                    } else {
                        HONEST.end(served, to);
                    }
                }
            };
        }
    },
    NO_PLAN("the plan is left out of the batches") {
        @Override
        Pen pen(Served victim) {
            return new Pen() {
                @Override
                public Optional<Plan> plan(Arrival arrival, Plan honest) {
                    return arrival.equals(victim.arrival()) ? Optional.empty() : Optional.of(honest);
                }
            };
        }
    },
    QUEUE_JUMPED("a request that waits gets an earlier place in the next snapshot") {
        @Override
        Pen pen(Served victim) {
            return new Pen() {
                private boolean isDone;

                @Override
                public Snapshot snapshot(Snapshot honest) {
                    List<OpenRequest> open = new ArrayList<>(honest.open());
                    for (int i = 0; i < open.size() && !isDone; i++) {
                        if (open.get(i).turn() != OpenRequest.NO_TURN) {
                            open.set(i, open.get(i).inTurn(open.get(i).turn() - 1));
                            isDone = true;
                        }
                    }
                    return with(honest, honest.targets(), open);
                }
            };
        }
    },
    FALSE_REFUSALS("calls are said to have been refused that were not made") {
        @Override
        Pen pen(Served victim) {
            return ending(victim, lane -> StakeLane.behindRefusals(victim, lane));
        }
    },
    SLOTS_HIDDEN("the snapshots of a second show no free slot of the best tier") {
        @Override
        SurplusRule rule() {
            return new SurplusRule() {
                @Override
                public String word() {
                    return "slots hidden";
                }

                @Override
                public Shown show(Snapshot snapshot) {
                    boolean isHidden = snapshot.number() >= HIDDEN_FROM && snapshot.number() < HIDDEN_TO;
                    return new Shown(isHidden ? withoutSlots(snapshot) : snapshot);
                }
            };
        }
    },
    ARRIVAL_LATE("a tenant's requests are said to have arrived an epoch later") {
        @Override
        List<Arrival> arrivals(List<Arrival> honest) {
            List<Arrival> late = new ArrayList<>();
            for (Arrival arrival : honest) {
                boolean isVictim = arrival.tenant() == Workload.LARGEST;
                late.add(new Arrival(
                        arrival.number(),
                        arrival.millis() + (isVictim ? Market.GRID.epoch().toMillis() : 0),
                        arrival.tenant(),
                        arrival.luck(),
                        arrival.twin()));
            }
            return late;
        }
    };

    private static final long HIDDEN_FROM = 100;
    private static final long HIDDEN_TO = 110;

    private final String words;

    Misbehaviour(String words) {
        this.words = words;
    }

    /** In tables. */
    String words() {
        return words;
    }

    /** What the operator writes. */
    Pen pen(Served victim) {
        return Pen.HONEST;
    }

    /** What the operator shows its allocator. */
    SurplusRule rule() {
        return SurplusRules.PRODUCT;
    }

    /** When the operator says that requests came. */
    List<Arrival> arrivals(List<Arrival> honest) {
        return honest;
    }

    /**
     * What is found of it.
     *
     * @param oneStep faults that leaves prove
     * @param hasGame whether somebody who asks for a plan that is not there wins
     * @param replay kinds of differences in a replay of all batches, in order
     */
    record Found(List<ProvableFault> oneStep, boolean hasGame, List<Difference.Kind> replay) {}

    /** In a lane of that load and seed. */
    Found found(double load, long seed) {
        StakeLane lane = StakeLane.of(arrivals(StakeLane.arrivals(load, seed)), seed, rule());
        List<Served> served = lane.served();
        Served victim = served.subList(served.size() / 2, served.size()).stream()
                .filter(Served::isBest)
                .filter(Served::metNoCongestion)
                .findFirst()
                .orElseThrow();
        List<PublishedBatch> published = lane.publish(pen(victim));
        PlanReplay replay = new PlanReplay();
        published.forEach(replay::take);
        OneStepProofs proofs = OneStepProofs.of(published);
        return new Found(
                proofs.faults(),
                !proofs.unplanned().isEmpty(),
                replay.finish().differences().stream()
                        .map(Difference::kind)
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** Writes an end. */
    private interface Ending {
        void write(LabLane to);
    }

    private static Pen ending(Served victim, Ending ending) {
        return new Pen() {
            @Override
            public void end(Served served, LabLane to) {
                if (served.equals(victim)) {
                    ending.write(to);
                } else {
                    HONEST.end(served, to);
                }
            }
        };
    }

    private static Snapshot withoutSlots(Snapshot honest) {
        List<TargetView> targets = honest.targets().stream()
                .map(view -> view.id().value() == StakeLane.CHEAP ? view : new TargetView(view.id(), 0, true))
                .toList();
        return with(honest, targets, honest.open());
    }

    private static Snapshot with(Snapshot honest, List<TargetView> targets, List<OpenRequest> open) {
        return new Snapshot(
                honest.number(),
                honest.closedMillis(),
                honest.seed(),
                honest.seedBlock(),
                targets,
                honest.routes(),
                honest.tenants(),
                open);
    }
}
