package openledger.verifier;

import java.util.List;
import java.util.stream.Stream;
import openledger.commitment.ConfirmationLevel;

/** Explains to a person what a level proves, and what no level proves. */
public final class LevelMeaning {
    private static final List<String> BY_NOTHING = List.of(
            "that a time-out or an error of a provider, which a trigger names, really happened",
            "that the provider ran the model that it names",
            "in which order requests arrived, and that none was left out: compare the counters of the lane's batches");

    /** What cannot be proved with any receipt and a node. */
    public static final List<String> NOT_PROVED =
            with("that the node tells the truth about its chain: ask one that you trust");

    /** What cannot be proved with any bundle. */
    public static final List<String> NOT_PROVED_BY_STATE =
            with("that its block is part of the chain: whoever named the hash answers for that");

    /** What cannot be proved with a receipt that a log has signed. */
    public static final List<String> NOT_PROVED_BY_LOG = List.of(
            "that a time-out or an error of a provider, which a trigger names, really happened",
            "that the leaf is about your request and your answer: the receipt in JSON has what they are bound with",
            "that the log shows everybody the same leaves, unless named witnesses have cosigned it: compare its checkpoints with those of others, or on the chain",
            "that names, budget and tiers are the published ones: the receipt in JSON is held against the chain");

    private LevelMeaning() {}

    private static List<String> with(String last) {
        return Stream.concat(BY_NOTHING.stream(), Stream.of(last)).toList();
    }

    public static String of(ConfirmationLevel level) {
        return switch (level) {
            case RECORDED -> "It is in the router's journal: the router's word alone.";
            case ACCEPTED -> "The router has signed that the leaf will be on chain by a certain time.";
            case PRECONFIRMED -> "A node has announced the transaction, but its block can still be dropped.";
            case SEQUENCED ->
                "It is in the chain as the sequencer has it. This trusts the sequencer: until the block is on L1, a"
                        + " reorg can take it away.";
            case SAFE -> "The block follows from data on L1; a reorg of L1 can still take it away.";
            case FINALIZED ->
                "The block follows from data on an L1 block that is final: nobody can change it any more.";
            case SETTLED -> "Final, and the time to challenge it has passed.";
        };
    }
}
