package openledger.cli.stake;

import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import openledger.audit.court.Court;
import openledger.audit.court.Court.LaneStake;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * What a staker has of a lane's stake. Immutable.
 *
 * @param stake what it is a part of
 * @param position the part
 * @param terms of the vault
 */
record Held(LaneStake stake, StakePosition position, VaultTerms terms) {
    /** As the vault says it at the newest block. */
    static Uni<Held> of(Court court, LaneId lane, Address staker) {
        return Uni.combine()
                .all()
                .unis(court.stake(lane), court.position(lane, staker), court.terms())
                .asTuple()
                .map(read -> new Held(read.getItem1(), read.getItem2(), read.getItem3()));
    }

    /** What of a pool its shares that stay are worth, wei, down. */
    BigInteger worth() {
        LanePool pool = stake.pool();
        return pool.shares().signum() == 0
                ? BigInteger.ZERO
                : position.shares().multiply(pool.assets()).divide(pool.shares());
    }

    /** The shares that are worth an amount, up: at least that much leaves. */
    BigInteger shares(Wei amount) {
        LanePool pool = stake.pool();
        return pool.assets().signum() == 0
                ? BigInteger.ZERO
                : amount.value()
                        .multiply(pool.shares())
                        .add(pool.assets())
                        .subtract(BigInteger.ONE)
                        .divide(pool.assets());
    }

    /** What it would mean for the lane if so many shares left; empty if nothing. */
    String meaning(LaneId lane, BigInteger leaving) {
        if (!stake.gated()) {
            return " It backs nothing that the lane has to have: "
                    + stake.guard().words(lane) + ".";
        }
        LanePool pool = stake.pool();
        BigInteger gone =
                pool.assets().multiply(pool.leavingShares().add(leaving)).divide(pool.shares());
        boolean isShort =
                pool.assets().subtract(gone).compareTo(stake.required().value()) < 0;
        return isShort ? " The lane will be short, and cannot commit any more." : "";
    }
}
