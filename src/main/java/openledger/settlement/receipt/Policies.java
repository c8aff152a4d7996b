package openledger.settlement.receipt;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.settlement.ledger.LedgerCall.RouteBudget;
import openledger.unit.Hash32;
import openledger.unit.RouteId;

/** Port: all policies that have been in force in our lane, those of earlier starts included. Safe for several threads. */
public interface Policies {
    /**
     * Hashes of policies that together have all of these route versions: as few as we find, the newest of them last.
     *
     * @return empty only if there is no policy at all
     */
    Uni<List<Hash32>> covering(Set<RouteId> routes);

    /** The policy of that hash; empty if we do not have it. */
    Uni<Optional<PolicyText>> byHash(Hash32 hash);

    /**
     * A policy as it is published.
     *
     * @param canonical its canonical text; never changed after construction
     * @param routes every route version of it
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes to be sent; compared by hash
    record PolicyText(byte[] canonical, List<RouteBudget> routes) {}
}
