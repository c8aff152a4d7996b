package openledger.audit.charge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The charges of a lane and where each stands. Nothing of it is kept on disk: a process that begins anew finds the charges again, and the
 * chain says which are settled. Confined to one thread.
 */
public final class Docket {
    private static final int MOST = 50_000;
    private static final int MOST_CLOSED = 200_000;
    private static final int MOST_REFUSALS = 3;

    private final Map<String, Charge> open = new LinkedHashMap<>();
    private final Map<String, Filed> filed = new LinkedHashMap<>();
    private final Set<String> closed = new LinkedHashSet<>();
    private final Map<String, Integer> refusals = new LinkedHashMap<>();
    /** Of those that are open. */
    private int games;

    /**
     * A charge that a transaction has settled, for as long as a reorganisation can take that.
     *
     * @param block of the transaction; 0 if it is not known to be in one
     * @param at when it was sent, Unix s of the chain
     */
    public record Filed(Charge charge, long block, long at) {}

    /**
     * Adds a charge; false if it is known, or there are more than anybody can settle. Games cost a bond each, and whoever hides a proof behind
     * very many of them must not succeed: it takes the place of the oldest.
     */
    public boolean add(Charge charge) {
        String name = charge.name();
        if (closed.contains(name) || filed.containsKey(name) || open.containsKey(name)) {
            return false;
        }
        if (open.size() >= MOST && (charge.isGame() || !dropAGame())) {
            return false;
        }
        open.put(name, charge);
        games += charge.isGame() ? 1 : 0;
        return true;
    }

    private boolean dropAGame() {
        if (games == 0) {
            return false;
        }
        for (Charge charge : open.values()) {
            if (charge.isGame()) {
                take(charge);
                return true;
            }
        }
        return false;
    }

    private void take(Charge charge) {
        Charge was = open.remove(charge.name());
        games -= was != null && was.isGame() ? 1 : 0;
    }

    /** Closes those whose window is over, for which nobody can be punished any more. */
    public void expire(long now, Duration window) {
        open().stream()
                .filter(charge -> charge.from() + window.toSeconds() < now)
                .forEach(this::close);
    }

    /** Those that are to be settled, oldest first. */
    public List<Charge> open() {
        return new ArrayList<>(open.values());
    }

    /** Those of which it is not sure that they stay settled. */
    public List<Filed> filed() {
        return new ArrayList<>(filed.values());
    }

    /** It was sent. */
    public void filed(Charge charge, long block, long at) {
        take(charge);
        filed.put(charge.name(), new Filed(charge, block, at));
    }

    /** What was sent is not on chain any more, or never came there. */
    public void reopen(Charge charge) {
        if (filed.remove(charge.name()) != null) {
            games += charge.isGame() && !open.containsKey(charge.name()) ? 1 : 0;
            open.put(charge.name(), charge);
        }
    }

    /** It is settled for good, by whomever. */
    public void close(Charge charge) {
        take(charge);
        filed.remove(charge.name());
        closed.add(charge.name());
        if (closed.size() > MOST_CLOSED) {
            closed.remove(closed.iterator().next());
        }
    }

    /** The vault does not take it; true if it has said so several times, and nobody asks again. */
    public boolean refused(Charge charge) {
        if (refusals.merge(charge.name(), 1, Integer::sum) < MOST_REFUSALS) {
            return false;
        }
        refusals.remove(charge.name());
        close(charge);
        return true;
    }

    /** How many are neither settled nor dropped. */
    public int size() {
        return open.size() + filed.size();
    }
}
