package openledger.routing.choice;

import java.util.List;
import openledger.routing.Target;

/**
 * Choice of a target for a request of a session: rendezvous hashing by weight (Thaler and Ravishankar, 1998; with weights: Schindelhauer
 * and Schomaker, 2005). Each target of the tier draws −ln(u) / weight, where u in (0, 1] is made of the session's key and the target's
 * name alone; the least draw among those with a free slot is called, so over many sessions shares are weights, and a target that is full, closed or
 * gone moves only its own sessions, each to the next in its own order. Any router, and anybody who knows the key, comes to the same.
 * Pure.
 *
 * @param session 64 bits that are even, such as a hash's
 */
public record RendezvousChoice(long session) implements TargetChoice {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int MANTISSA = 53;

    @Override
    public int choose(List<Target> targets, List<TargetLoad> loads, long tried) {
        int chosen = -1;
        double least = Double.POSITIVE_INFINITY;
        for (long rest = PowerOfTwoChoices.eligible(loads, tried); rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            double draw = draw(targets.get(index));
            if (chosen < 0 || draw < least) {
                chosen = index;
                least = draw;
            }
        }
        return chosen;
    }

    private double draw(Target target) {
        long bits = mixed(session + GOLDEN * named(target)) >>> (Long.SIZE - MANTISSA);
        return -StrictMath.log((bits + 1) * 0x1p-53) / target.weight();
    }

    /** FNV-1a over the UTF-16 units of the target's name: numbers of targets differ from lane to lane. */
    private static long named(Target target) {
        long hash = FNV_BASIS;
        for (String part : List.of(target.provider(), "/", target.model())) {
            for (int i = 0; i < part.length(); i++) {
                hash = (hash ^ part.charAt(i)) * FNV_PRIME;
            }
        }
        return hash;
    }

    /** The steps of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mixed(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
