package openledger.audit.court;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.LanePool;
import openledger.commitment.stake.StakePosition;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * Port: a vault on its chain, and an account that may send it something. Never blocks; every call has a time-out. What only reads fails
 * with {@link openledger.settlement.ledger.Ledger.LedgerUnavailable} if no node answers, or what is there is no vault of ours.
 */
public interface Court {
    /** The vault's address. */
    Address vault();

    /** Amounts and times; they never change. */
    Uni<VaultTerms> terms();

    /** How far the chain has come. */
    Uni<ChainTime> time();

    /** What is behind a lane, at the newest block. */
    Uni<LaneStake> stake(LaneId lane);

    /** What a staker has of a lane's stake, at the newest block. */
    Uni<StakePosition> position(LaneId lane, Address staker);

    /** What somebody may claim, at the newest block. */
    Uni<Wei> credit(Address holder);

    /**
     * All that the vault has told of a lane, oldest first. For little more than the gas anybody can make it say more than can be read, so
     * nothing that matters may wait for it.
     *
     * @param from first block
     * @param to last block; read in ranges that nodes allow
     */
    Uni<List<Told>> events(LaneId lane, long from, long to);

    /** Of it the games and penalties, each of which costs somebody money; fails if it is too much at once, and fewer blocks are less. */
    Uni<List<Told>> cases(LaneId lane, long from, long to);

    /** A game as it stands at the newest block; empty if nobody has opened it. */
    Uni<Optional<Game>> game(Hash32 id);

    /** Whether a leaf was punished, at the newest block; {@code place} counts in its batch, from 0. */
    Uni<Boolean> isPunished(LaneId lane, long sequence, long place);

    /**
     * The first block whose time is at least that; where that is not known, one before it.
     *
     * @param seconds Unix s
     */
    default Uni<Long> blockAt(long seconds) {
        return Uni.createFrom().item(0L);
    }

    /** The call data of a transaction; empty if no node has it. */
    default Uni<Optional<byte[]>> callData(Hash32 transaction) {
        return Uni.createFrom().item(Optional.empty());
    }

    /** What opens a game in the next block. */
    Uni<Wei> bond();

    /** What would become of a transaction, without sending it; the account need not have the money. */
    Uni<Trial> attempt(VaultCall call, Wei value);

    /**
     * Sends a transaction of our account and waits for its block, some minutes at most. Never fails: what became of it is an outcome. One at a
     * time.
     *
     * @param value that goes with it
     */
    Uni<Filing> file(VaultCall call, Wei value);

    /**
     * Sends answers to several games in one transaction, and waits for its block as {@link #file} does. A game that is over meanwhile is
     * passed over; if one answer fails for another reason, all of them do. Empty, and nothing is sent, if this chain has no contract for
     * that. Never fails.
     */
    default Uni<Optional<Filing>> fileTogether(List<VaultCall.Answer> answers) {
        return Uni.createFrom().item(Optional.empty());
    }

    /**
     * What is behind a lane.
     *
     * @param active what is behind its next batch, wei
     * @param required what it needs to commit, wei
     * @param pool its stake, with what leaves
     * @param guard what the lane is asked by before it commits
     */
    record LaneStake(Wei active, Wei required, LanePool pool, LaneGuard guard) {
        /** Whether the vault is the lane's gate: if not, the lane commits without it. */
        public boolean gated() {
            return guard.isThisVault();
        }

        /** Whether too little is behind the lane for what the vault requires, gate or not. */
        public boolean isShort() {
            return active.compareTo(required) < 0;
        }
    }
}
