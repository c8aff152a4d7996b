package openledger.audit.charge;

import java.util.Optional;
import openledger.commitment.stake.ShownLeaf;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.unit.LaneId;

/**
 * What a lane is charged with, and the call that proves it, or asks for what is missing. What was found in a block that a reorganisation
 * takes is no charge any more. Immutable.
 *
 * @param sequence of the batch that is about to be punished; 0 if it is of none
 * @param block in which the newest of its evidence was committed
 * @param from when the vault's window begins, Unix s
 * @param why a sentence for people, without words of others
 */
public record Charge(VaultFault fault, LaneId lane, long sequence, long block, long from, String why, VaultCall call) {
    /** Whether it puts up a bond and waits for an answer. */
    public boolean isGame() {
        return call instanceof VaultCall.Opening;
    }

    /** The leaf for which it can be punished once, whatever it breaks; empty if it is about something else. */
    public Optional<ShownLeaf> punished() {
        return switch (call) {
            case VaultCall.ProveLeaf(var leaf) -> Optional.of(leaf);
            case VaultCall.ProvePair(var plan, var outcome) -> Optional.of(outcome);
            case VaultCall.ProveTwice(var first, var second) -> Optional.of(second);
            case VaultCall.ProveOvertaken(var passed, var first) -> Optional.of(passed);
            default -> Optional.empty();
        };
    }

    /** What it is about, the same in every process that finds it: of charges with one name, one is enough. */
    public String name() {
        if (call instanceof VaultCall.Opening opening) {
            return "game/" + opening.game();
        }
        return punished().map(leaf -> "leaf/" + sequence + "/" + leaf.index()).orElseGet(() -> switch (call) {
            case VaultCall.ProveDiffers(var promise, var leaf) -> "promise/" + promise.digest();
            case VaultCall.ProveForked(var earlier, var later) -> "fork/" + sequence;
            case VaultCall.ProveEquivocation(var head, var at, var one, var other) ->
                "heads/" + sequence + "/" + one.signer() + "/" + other.signer();
            default -> "heads/" + sequence;
        });
    }

    /** Place of its leaf in its batch, from 0. */
    static long place(ShownLeaf leaf) {
        return leaf.index() - leaf.header().firstIndex();
    }
}
