package openledger.audit.court;

import java.util.Comparator;
import java.util.List;
import openledger.audit.court.Court.LaneStake;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultEvent.Challenged;
import openledger.commitment.stake.VaultEvent.Penalised;
import openledger.commitment.stake.VaultTerms;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * What a vault has of a lane, as it was at a block.
 *
 * @param vault the contract
 * @param time how far the chain had come
 * @param terms the vault's
 * @param stake what is behind the lane
 * @param leavesBy until when all that leaves is liable at the latest, Unix s; 0 if nothing leaves. It may be later than the truth, by as much as
 *     passed between the request and when it was seen
 * @param games those of 30 days, oldest first
 * @param penalties those of 30 days, oldest first
 * @param since from when on nothing that the vault has told of the lane is missing above, Unix s
 */
public record StakeView(
        Address vault,
        ChainTime time,
        VaultTerms terms,
        LaneStake stake,
        long leavesBy,
        List<OpenedGame> games,
        List<Penalty> penalties,
        long since) {
    public StakeView {
        games = List.copyOf(games);
        penalties = List.copyOf(penalties);
    }

    /** Those that are not over, the most urgent first. */
    public List<OpenedGame> open() {
        return games.stream()
                .filter(game -> game.state() == Game.State.OPEN)
                .sorted(Comparator.comparingLong(game -> game.challenged().deadline()))
                .toList();
    }

    /**
     * A game and what has become of it.
     *
     * @param transaction that opened it
     */
    public record OpenedGame(Challenged challenged, Hash32 transaction, Game.State state) {}

    /**
     * A penalty and where it is on chain.
     *
     * @param block its number
     */
    public record Penalty(Penalised penalised, long block, Hash32 transaction) {}
}
