package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.stake.StakeCheck;
import openledger.commitment.stake.StakeCheck.Window;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.ChainEvidence.Tags;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.commitment.verify.Receipt.Anchor;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Finding.Failed;
import openledger.commitment.verify.ReceiptVerification.Finding.Passed;
import openledger.commitment.verify.ReceiptVerification.Finding.Skipped;
import openledger.commitment.verify.ReceiptVerification.Finding.Unchecked;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Pins.OtherLanes;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.unit.Address;
import openledger.unit.Hash32;

/**
 * Checks a receipt against a node's answers about the chain, or against what is proved from a block's state, and against what its owner
 * requires. Long because each answer is a case.
 */
final class ChainChecks {
    private static final Finding NOT_THERE =
            new Unchecked("The receipt names no transaction: its batch is not on chain yet.");

    private final Receipt receipt;
    private final BatchHeader header;
    private final ChainEvidence evidence;
    private final Pins pins;

    ChainChecks(Receipt receipt, ChainEvidence evidence, Pins pins) {
        this.receipt = receipt;
        this.header = receipt.header();
        this.evidence = evidence;
        this.pins = pins;
    }

    /** Adds them and returns how far the leaf has come. */
    Optional<ConfirmationLevel> addTo(List<Check> checks) {
        Finding recorded = recorded();
        Finding block = block();
        Optional<ConfirmationLevel> reached = reached(recorded, block);
        checks.add(new Check(Subject.CHAIN, chain()));
        checks.add(new Check(Subject.REGISTRY, registry()));
        checks.add(new Check(Subject.LANE, lane()));
        checks.add(new Check(Subject.RECORDED, recorded));
        checks.add(new Check(Subject.REGISTRY_PROOF, registryProof()));
        checks.add(new Check(Subject.BLOCK, block));
        StakeCheck stake = StakeCheck.of(receipt, evidence);
        checks.add(new Check(Subject.LEVEL, level(reached, stake.window())));
        SignatureChecks signatures = new SignatureChecks(receipt, evidence);
        checks.add(new Check(Subject.PROMISE, signatures.promise()));
        checks.add(new Check(Subject.SIGNED_HEAD, signatures.head()));
        checks.add(new Check(Subject.STAKE, stake.finding()));
        return reached;
    }

    private Finding chain() {
        if (pins.chainId().isPresent() && pins.chainId().getAsLong() != header.chainId()) {
            return new Failed("The batch is for chain " + header.chainId() + ", not for chain "
                    + pins.chainId().getAsLong() + " as expected.");
        }
        return switch (evidence.chainId()) {
            case Silent<Long>(var why)
            when evidence.state().isPresent() -> new Unchecked("It is not known which chain it is: " + why);
            case Silent<Long>(var why) -> new Unchecked("The node did not return its chain id: " + why);
            case Said<Long>(var id)
            when id != header.chainId() ->
                new Failed("The batch is for chain " + header.chainId() + ", but the node is on chain " + id + ".");
            case Said<Long>(var id)
            when evidence.state().isPresent() ->
                new Passed("The registry takes only batches of its own chain, and has this one of chain " + id + ".");
            case Said<Long>(var id) -> new Passed("Batch and node are both of chain " + id + ".");
        };
    }

    private Finding registry() {
        Optional<Address> expected = pins.registry();
        if (expected.isPresent() && !expected.get().equals(header.registry())) {
            return new Failed(
                    "The batch is for registry " + header.registry() + ", not for " + expected.get() + " as expected.");
        }
        return switch (evidence.registryCode()) {
            case Silent<Hash32>(var why) -> new Unchecked("It is not known whether there is a registry: " + why);
            case Said<Hash32>(var code)
            when code.equals(Hash32.ZERO) ->
                new Failed("There is no contract at " + header.registry()
                        + evidence.state()
                                .map(block -> " in the state of block " + block.number() + ".")
                                .orElse(" on the node's chain."));
            case Said<Hash32>(var code)
            when expected.isPresent() -> new Passed("There is a contract at " + header.registry() + ", as expected.");
            case Said<Hash32>(var code)
            when !code.equals(RegistryCode.HASH) ->
                new Failed("The contract at " + header.registry()
                        + " is not the registry that this verifier knows: its code differs.");
            case Said<Hash32>(var code)
            when !header.registry().equals(RegistryCode.ADDRESS) ->
                new Unchecked("The contract at " + header.registry()
                        + " has the registry's code, but not the address that follows"
                        + " from that code (" + RegistryCode.ADDRESS
                        + "), so its initial state is not known: name it if you trust it.");
            case Said<Hash32>(var code) ->
                new Passed("The contract at " + header.registry()
                        + " is the registry that this verifier knows: its code, at the address that follows from it.");
        };
    }

    private Finding lane() {
        long lane = header.lane().value();
        if (receipt.request().lane() != lane) {
            return new Failed(
                    "The request is of lane " + receipt.request().lane() + ", but the batch is of lane " + lane + ".");
        }
        if (pins.lane().isPresent() && !pins.lane().get().equals(header.lane())) {
            return new Failed("The batch is of lane " + lane + ", not of lane "
                    + pins.lane().get().value() + " as expected.");
        }
        if (pins.laneOwner().isPresent()) {
            return owner(lane, pins.laneOwner().get());
        }
        if (pins.lane().isPresent()) {
            return new Passed("Request and batch are both of lane " + lane + ", as expected.");
        }
        return pins.otherLanes() == OtherLanes.ALLOWED
                ? new Passed("Request and batch are both of lane " + lane
                        + "; any lane was accepted, so its owner is not checked.")
                : new Unchecked("Request and batch are both of lane " + lane
                        + ", which anybody can have opened: name the lane that you expect, or its owner.");
    }

    private Finding owner(long lane, Address expected) {
        return switch (evidence.laneOwner()) {
            case Silent<Address>(var why) -> new Unchecked("Who owns lane " + lane + " is not known: " + why);
            case Said<Address>(var owner)
            when owner.equals(expected) ->
                new Passed("Request and batch are both of lane " + lane + ", which " + owner + " owns, as expected.");
            case Said<Address>(var owner) ->
                new Failed("Lane " + lane + " belongs to " + owner + ", not to " + expected + " as expected.");
        };
    }

    private Finding recorded() {
        if (receipt.anchor().isEmpty()) {
            return NOT_THERE;
        }
        long committedAt = receipt.anchor().get().committedAt();
        String batch =
                "batch " + header.sequence() + " of lane " + header.lane().value();
        return switch (evidence.batchRecord()) {
            case Silent<Hash32>(var why) -> new Unchecked("The registry could not be read: " + why);
            case Said<Hash32>(var word)
            when word.equals(Hash32.ZERO) -> new Failed("The registry has no " + batch + ".");
            case Said<Hash32>(var word)
            when word.equals(BatchHeader.record(header.head(), committedAt)) ->
                new Passed("The registry has this header as " + batch + ".");
            case Said<Hash32>(var word) ->
                new Failed("As " + batch
                        + " the registry has another header, or another commit time than " + committedAt
                        + ". If there was a reorg since, get the receipt again.");
        };
    }

    private Finding registryProof() {
        return switch (evidence.leafVerified()) {
            case Silent<Agreement>(var why) -> new Unchecked("The registry was not queried: " + why);
            case Said<Agreement>(var says)
            when says == Agreement.YES ->
                new Passed(
                        evidence.state().isPresent()
                                ? "The registry's check, whose code is known, accepts leaf and proof by what it keeps."
                                : "The registry's own check accepts leaf and proof.");
            case Said<Agreement>(var says) -> new Failed("The registry's own check rejects leaf and proof.");
        };
    }

    private Finding block() {
        if (receipt.anchor().isEmpty()) {
            return NOT_THERE;
        }
        if (evidence.state().isPresent()) {
            return named(evidence.state().get());
        }
        Anchor anchor = receipt.anchor().get();
        return switch (evidence.transaction()) {
            case Silent<Optional<SeenBlock>>(var why) ->
                new Unchecked("The place of the transaction is not known: " + why);
            case Said<Optional<SeenBlock>>(var seen)
            when seen.isEmpty() ->
                new Failed("The node has transaction " + anchor.transaction()
                        + " in no block: dropped, or never sent to this chain.");
            case Said<Optional<SeenBlock>>(var seen) -> block(anchor, seen.get());
        };
    }

    /** A state has the record of the batch, and no transactions. */
    private Finding named(SeenBlock block) {
        String which = "block " + block.number() + ", " + block.hash() + ",";
        return switch (evidence.canonical()) {
            case Silent<Optional<Hash32>>(var why) ->
                new Unchecked("Whether " + which + " is part of the chain is not known: " + why);
            case Said<Optional<Hash32>>(var canonical)
            when canonical.isEmpty() -> new Unchecked("The node's chain has no block " + block.number() + " yet.");
            case Said<Optional<Hash32>>(var canonical)
            when !canonical.get().equals(block.hash()) ->
                new Failed("The proofs are from the state of " + which + " but the chain's block is " + canonical.get()
                        + ": a reorg removed it, or it is of another number or another chain.");
            case Said<Optional<Hash32>>(var canonical) ->
                new Skipped("The proofs are from the state of " + which
                        + " which is part of the chain. No state shows which transaction committed the batch.");
        };
    }

    private Finding block(Anchor anchor, SeenBlock seen) {
        if (seen.timeSeconds() != anchor.committedAt()) {
            return new Failed("The transaction's block is of " + seen.timeSeconds()
                    + ", but the receipt says that the batch was committed at " + anchor.committedAt() + ".");
        }
        if (evidence.committed() instanceof Silent<Agreement>(var why)) {
            return new Unchecked("The effect of the transaction is not known: " + why);
        }
        if (evidence.committed().equals(new Said<>(Agreement.NO))) {
            return new Failed("Transaction " + anchor.transaction() + " is not the one that committed this batch.");
        }
        return switch (evidence.canonical()) {
            case Silent<Optional<Hash32>>(var why) ->
                new Unchecked("The node did not return the chain's block " + seen.number() + ": " + why);
            case Said<Optional<Hash32>>(var canonical)
            when canonical.isEmpty() ->
                new Unchecked("Block " + seen.number()
                        + " is announced but not part of the chain yet; it can still be dropped.");
            case Said<Optional<Hash32>>(var canonical)
            when !canonical.get().equals(seen.hash()) ->
                new Failed("The transaction is in block " + seen.hash() + ", but the chain's block " + seen.number()
                        + " is " + canonical.get() + ": a reorg removed it.");
            case Said<Optional<Hash32>>(var canonical)
            when anchor.blockHash().equals(seen.hash()) && anchor.blockNumber() != seen.number() ->
                new Failed("The transaction is in the chain's block " + seen.number()
                        + ", but the receipt names it as block " + anchor.blockNumber() + ".");
            case Said<Optional<Hash32>>(var canonical)
            when !anchor.blockHash().equals(seen.hash()) ->
                new Unchecked("The transaction is in the chain's block " + seen.number()
                        + "; the receipt names another. If there was a reorg since, get the receipt again.");
            case Said<Optional<Hash32>>(var canonical) ->
                new Passed("The transaction's block " + seen.number() + " is the chain's block of that number.");
        };
    }

    private Optional<ConfirmationLevel> reached(Finding recorded, Finding block) {
        if (evidence.state().isPresent()) {
            return recorded instanceof Passed ? Optional.of(ConfirmationLevel.SEQUENCED) : Optional.empty();
        }
        if (!(evidence.transaction() instanceof Said<Optional<SeenBlock>>(var seen)) || seen.isEmpty()) {
            return Optional.empty();
        }
        boolean announced =
                evidence.canonical() instanceof Said<Optional<Hash32>>(var canonical) && canonical.isEmpty();
        if (announced && block instanceof Unchecked) {
            return Optional.of(ConfirmationLevel.PRECONFIRMED);
        }
        if (!(recorded instanceof Passed) || !(block instanceof Passed)) {
            return Optional.empty();
        }
        long number = seen.get().number();
        return Optional.of(
                switch (evidence.tags()) {
                    case Silent<Tags> silent -> ConfirmationLevel.SEQUENCED;
                    case Said<Tags>(var tags) when tags.finalized().orElse(-1) >= number -> ConfirmationLevel.FINALIZED;
                    case Said<Tags>(var tags) when tags.safe().orElse(-1) >= number -> ConfirmationLevel.SAFE;
                    case Said<Tags>(var tags) -> ConfirmationLevel.SEQUENCED;
                });
    }

    /** A node can lag behind another, so less than was claimed is no proof of a lie. */
    private Finding level(Optional<ConfirmationLevel> reached, Window window) {
        ConfirmationLevel claimed = receipt.level();
        if (reached.isEmpty()) {
            String source = evidence.state().isPresent() ? "what is proved" : "what the node says";
            return new Unchecked("The receipt claims " + claimed + "; by " + source + " the leaf is not on chain.");
        }
        if (reached.get().reaches(claimed)) {
            return new Passed("It is " + reached.get() + " by the evidence; the receipt claims " + claimed + ".");
        }
        if (evidence.state().isPresent()) {
            return new Skipped("The receipt claims " + claimed + ". The batch is in the state of block "
                    + evidence.state().get().number()
                    + " and is as final as that block is, which no state shows.");
        }
        if (claimed == ConfirmationLevel.SETTLED && reached.get() == ConfirmationLevel.FINALIZED) {
            return switch (window) {
                case UNKNOWN ->
                    new Passed(
                            "It is FINALIZED by the evidence; judge yourself whether the time to challenge it has passed.");
                case OVER ->
                    new Passed(
                            "It is FINALIZED by the evidence, and by the lane's vault the time to challenge it has passed.");
                case OPEN ->
                    new Unchecked(
                            "The receipt claims SETTLED, but by the lane's vault the time to challenge it has not passed.");
            };
        }
        return new Unchecked(
                "The receipt claims " + claimed + ", but by what this node says it is only " + reached.get() + ".");
    }
}
