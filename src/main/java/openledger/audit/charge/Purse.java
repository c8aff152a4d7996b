package openledger.audit.charge;

import io.smallrye.mutiny.Uni;
import openledger.audit.court.Court;
import openledger.unit.Wei;

/** Port: what an account has, and what a unit of gas costs. Never blocks; fails as {@link Court} does. */
public interface Purse {
    /** What the account has at the newest block, and what a transaction would pay now. */
    Uni<Funds> funds();

    /**
     * Money and price.
     *
     * @param balance wei
     * @param gasPrice wei for a unit of gas
     */
    record Funds(Wei balance, Wei gasPrice) {}
}
