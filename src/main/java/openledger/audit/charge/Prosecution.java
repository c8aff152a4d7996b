package openledger.audit.charge;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import openledger.audit.court.ChainTime;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Hash32;
import openledger.unit.Wei;

/**
 * Which charges become which transactions, and which have to wait: proofs before games, leaves of one batch together, at SAFE what is on
 * the lane's chain alone and at FINALIZED what puts up a bond, never at a loss unless that is wanted, never beyond a cap a day, and never
 * below a reserve. Pure.
 *
 * @param terms of the vault
 * @param limits what may be spent
 */
public record Prosecution(VaultTerms terms, Limits limits) {
    /** Leaves in one proof: a node takes no call data of 128 KB. */
    private static final int MOST_LEAVES = 24;

    private static final long GAS_LEAVES = 90_000;
    private static final long GAS_LEAF = 90_000;
    private static final long GAS_PROOF = 230_000;
    private static final long GAS_OPENING = 190_000;
    private static final long GAS_CONCLUDE = 160_000;
    private static final long GAS_CLAIM = 70_000;
    /** Floor price of a byte (EIP-7623). */
    private static final long GAS_BYTE = 40;

    private static final BigInteger BPS = BigInteger.valueOf(10_000);

    /**
     * What may be spent.
     *
     * @param aDay wei in 24 hours, bonds included
     * @param reserve wei that stay in the account
     * @param atALoss whether a penalty may cost more than its reporter gets
     */
    public record Limits(Wei aDay, Wei reserve, boolean atALoss) {}

    /**
     * What is there at the moment.
     *
     * @param time of the chain
     * @param funds of the account
     * @param bond what opens a game
     * @param spent in the last 24 hours
     */
    public record Means(ChainTime time, Purse.Funds funds, Wei bond, Wei spent) {}

    /**
     * A transaction to be sent.
     *
     * @param value that goes with it
     * @param cost what it is estimated to cost, without the value
     * @param reward what is the reporter's if it holds
     * @param charges that it settles
     */
    public record Step(VaultCall call, Wei value, Wei cost, Wei reward, List<Charge> charges) {
        public Step {
            charges = List.copyOf(charges);
        }

        /** What has to be there for it. */
        public Wei outlay() {
            return value.plus(cost);
        }
    }

    /** A charge that waits, and for what. */
    public record Held(Charge charge, String why) {}

    /** What is to be done, in this order, and what is not. */
    public record Plan(List<Step> steps, List<Held> held) {
        public Plan {
            steps = List.copyOf(steps);
            held = List.copyOf(held);
        }
    }

    /** What becomes of charges that are neither settled nor on their way; the steps together keep the limits. */
    public Plan plan(List<Charge> charges, Means means) {
        List<Step> wanted = new ArrayList<>();
        List<Held> held = new ArrayList<>();
        Map<Hash32, List<Charge>> batches = new LinkedHashMap<>();
        List<Charge> games = new ArrayList<>();
        for (Charge charge : charges) {
            long now = means.time.seconds();
            if (now > charge.from() + terms.window().toSeconds()) {
                held.add(new Held(charge, "its window is over"));
            } else if (charge.block() > settled(charge, means.time)) {
                held.add(new Held(charge, charge.isGame() ? "not yet FINALIZED" : "not yet SAFE"));
            } else if (charge.call() instanceof VaultCall.ProveLeaf(var leaf)) {
                batches.computeIfAbsent(leaf.header().head(), head -> new ArrayList<>())
                        .add(charge);
            } else if (charge.isGame()) {
                games.add(charge);
            } else {
                wanted.add(step(charge.call(), Wei.ZERO, List.of(charge), means));
            }
        }
        batches.values().forEach(batch -> together(batch, means, wanted));
        wanted.sort(Comparator.comparing(Step::reward).reversed());
        games.forEach(game -> wanted.add(step(game.call(), means.bond, List.of(game), means)));
        return affordable(wanted, held, means);
    }

    private static long settled(Charge charge, ChainTime time) {
        return charge.isGame() ? time.finalized() : time.safe();
    }

    private void together(List<Charge> batch, Means means, List<Step> to) {
        for (int from = 0; from < batch.size(); from += MOST_LEAVES) {
            List<Charge> some = batch.subList(from, Math.min(batch.size(), from + MOST_LEAVES));
            List<ShownLeaf> leaves = some.stream()
                    .map(charge -> ((VaultCall.ProveLeaf) charge.call()).leaf())
                    .toList();
            VaultCall call = leaves.size() == 1 ? some.getFirst().call() : new VaultCall.ProveLeaves(leaves);
            to.add(step(call, Wei.ZERO, some, means));
        }
    }

    private Plan affordable(List<Step> wanted, List<Held> held, Means means) {
        List<Step> steps = new ArrayList<>();
        BigInteger left = limits.aDay.value().subtract(means.spent.value());
        BigInteger there = means.funds.balance().value().subtract(limits.reserve.value());
        for (Step step : wanted) {
            BigInteger outlay = step.outlay().value();
            String why = "";
            if (!limits.atALoss && step.cost.compareTo(step.reward) > 0) {
                why = "its reward of " + step.reward + " does not pay for it: " + step.cost;
            } else if (outlay.compareTo(left) > 0) {
                why = "what may be spent in a day is spent";
            } else if (outlay.compareTo(there) > 0) {
                why = "the account has not enough above its reserve";
            }
            if (why.isEmpty()) {
                steps.add(step);
                left = left.subtract(outlay);
                there = there.subtract(outlay);
            } else {
                String reason = why;
                step.charges.forEach(charge -> held.add(new Held(charge, reason)));
            }
        }
        return new Plan(steps, held);
    }

    private Step step(VaultCall call, Wei value, List<Charge> charges, Means means) {
        return new Step(call, value, cost(call, means.funds.gasPrice()), reward(charges), charges);
    }

    /** The transaction that ends a game of ours, or pays out what is ours. */
    public Step end(VaultCall call, Wei reward, Means means) {
        return new Step(call, Wei.ZERO, cost(call, means.funds.gasPrice()), reward, List.of());
    }

    private Wei reward(List<Charge> charges) {
        BigInteger taken = BigInteger.ZERO;
        int leaves = 0;
        for (Charge charge : charges) {
            boolean isLeaf = charge.punished().isPresent();
            leaves += isLeaf ? 1 : 0;
            if (!isLeaf) {
                taken = taken.add(terms.promisePenalty());
            } else if (leaves <= terms.mostPerBatch()) {
                taken = taken.add(terms.leafPenalty());
            }
        }
        return new Wei(taken.multiply(BigInteger.valueOf(terms.reporterBps())).divide(BPS));
    }

    /** An estimate from above, without what an L2 asks for its data on L1. */
    private static Wei cost(VaultCall call, Wei gasPrice) {
        long bytes = call.encode().length;
        long work = switch (call) {
            case VaultCall.ProveLeaves(var leaves) -> GAS_LEAVES + GAS_LEAF * leaves.size();
            case VaultCall.Opening opening -> GAS_OPENING;
            case VaultCall.Conclude conclude -> GAS_CONCLUDE;
            case VaultCall.Claim claim -> GAS_CLAIM;
            default -> GAS_PROOF;
        };
        return gasPrice.times(Math.max(work, GAS_BYTE * bytes));
    }
}
