package openledger.cluster.slot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.cluster.TargetKey;
import openledger.cluster.slot.SlotEngine.Grant;
import openledger.cluster.slot.SlotEngine.Question;
import openledger.cluster.slot.SlotEngine.Wish;

/** The arithmetic of an engine, with time as an argument. */
final class SimulatedSlots {
    private static final long SECOND = 1_000_000_000L;
    private static final long PAUSE = SECOND / 5;

    private final Map<TargetKey, Total> totals = new HashMap<>();
    private final Map<TargetKey, Map<String, Lease>> leases = new HashMap<>();
    private long born;

    SimulatedSlots(long born) {
        this.born = born;
    }

    private static final class Total {
        int slots;
        long grown;
        long cut;
    }

    private record Lease(long number, int slots, int need, int used, long expires) {}

    /** As after a crash of one that keeps nothing. */
    void forget(long clock) {
        totals.clear();
        leases.clear();
        born = clock;
    }

    int total(TargetKey target) {
        Total known = totals.get(target);
        return known == null ? 0 : known.slots;
    }

    /** What all have together. */
    int granted(TargetKey target, long clock) {
        return leases.getOrDefault(target, Map.of()).values().stream()
                .filter(lease -> lease.expires > clock)
                .mapToInt(Lease::slots)
                .sum();
    }

    List<Grant> answer(String router, Question question, long clock) {
        List<Grant> grants = new ArrayList<>();
        question.wishes().forEach(wish -> grants.add(grant(router, question.number(), wish, clock)));
        return grants;
    }

    private Grant grant(String router, long number, Wish wish, long clock) {
        Total total = totals.computeIfAbsent(wish.target(), first -> {
            Total fresh = new Total();
            fresh.slots = wish.initial();
            fresh.grown = Long.MIN_VALUE / 2;
            fresh.cut = Long.MIN_VALUE / 2;
            return fresh;
        });
        Map<String, Lease> of = leases.computeIfAbsent(wish.target(), first -> new HashMap<>());
        Lease before = of.get(router);
        if (before != null && before.number >= number) {
            return new Grant(wish.kept(), wish.kept());
        }
        of.remove(router);
        of.values().removeIf(lease -> lease.expires <= clock);
        int others = of.values().stream().mapToInt(Lease::slots).sum();
        learn(total, wish, of.values().stream().mapToInt(Lease::used).sum() + wish.used(), clock);
        List<Member> members = new ArrayList<>();
        of.forEach((name, lease) -> members.add(new Member(name, lease.need)));
        members.add(new Member(router, wish.need()));
        int share = share(router, members, total.slots, clock);
        int granted = clock < born + TargetSlots.TERM.toNanos()
                ? wish.kept()
                : Math.max(wish.kept(), Math.min(share, total.slots - others));
        of.put(router, new Lease(number, granted, wish.need(), wish.used(), clock + TargetSlots.TERM.toNanos()));
        return new Grant(granted, share);
    }

    private static void learn(Total total, Wish wish, int used, long clock) {
        total.slots = Math.clamp(total.slots, wish.min(), wish.max());
        if (wish.refused() > 0) {
            if (clock >= total.cut + PAUSE) {
                total.slots = Math.max(wish.min(), Math.min(total.slots - 3, total.slots * 85 / 100));
                total.cut = clock;
            }
        } else if (wish.answered() > 0
                && 2 * used >= total.slots
                && clock >= Math.max(total.grown, total.cut) + PAUSE) {
            int step = Math.max(2, total.slots / 12);
            total.slots = Math.min(wish.max(), total.slots + Math.min(2 * wish.answered(), step));
            total.grown = clock;
        }
    }

    private record Member(String name, int need) {
        Member atLeast(int least) {
            return new Member(name, Math.max(least, need));
        }
    }

    private static int share(String router, List<Member> all, int total, long clock) {
        boolean isEnough = total >= all.size();
        List<Member> order = all.stream()
                .map(member -> member.atLeast(isEnough ? 1 : 0))
                .sorted(Comparator.comparingInt(Member::need)
                        .thenComparing(member -> isEnough
                                ? member.name
                                : Integer.toString((member.name + clock / (2 * SECOND)).hashCode())))
                .toList();
        int rest = total;
        int share = 0;
        int place = 0;
        for (int i = 0; i < order.size(); i++) {
            int part = Math.min(order.get(i).need, rest / (order.size() - i));
            rest -= part;
            if (order.get(i).name.equals(router)) {
                share = part;
                place = i;
            }
        }
        return share + rest / order.size() + (place < rest % order.size() ? 1 : 0);
    }
}
