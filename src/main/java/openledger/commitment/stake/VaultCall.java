package openledger.commitment.stake;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import openledger.commitment.BatchHeader;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.evm.CallData;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * A transaction of a vault ({@code contracts/src/stake/IStakeVault.sol}). Long because all of them stand in one place, as in the contract.
 * Immutable; the arrays within are never changed.
 */
public sealed interface VaultCall {
    /** Its call data by Solidity's ABI. */
    byte[] encode();

    /** Its call data as people paste it: {@code 0x} and hex digits. */
    default String hex() {
        return "0x" + HexFormat.of().formatHex(encode());
    }

    /** Opens a game, so a bond goes with it. */
    sealed interface Opening extends VaultCall {
        /** The id that the game will have, so that nobody opens it twice. */
        Hash32 game();
    }

    /** Ends a game for the lane: by anybody, and the bond is the lane owner's. */
    sealed interface Answer extends VaultCall {
        /** The game that it answers. */
        Hash32 game();
    }

    /** Proves a fault in one step, without a bond. */
    sealed interface Proof extends VaultCall {}

    /** A leaf breaks a rule. */
    record ProveLeaf(ShownLeaf leaf) implements Proof {
        @Override
        public byte[] encode() {
            return of("proveLeaf", ShownLeaf.ABI_TYPE).dynamic(leaf.abi()).encode();
        }
    }

    /** Leaves of one batch break rules; they share header and time, and are not none. */
    record ProveLeaves(List<ShownLeaf> leaves) implements Proof {
        public ProveLeaves {
            leaves = List.copyOf(leaves);
        }

        @Override
        public byte[] encode() {
            CallData elements = CallData.nested();
            leaves.forEach(leaf -> elements.dynamic(leaf.alone()));
            ShownLeaf first = leaves.getFirst();
            return of("proveLeaves", BatchHeader.ABI_TYPE, "uint64", ShownLeaf.ALONE_ABI_TYPE + "[]")
                    .words(first.header().encode())
                    .number(first.committedAt())
                    .dynamic(CallData.nested().number(leaves.size()).words(elements.encode()))
                    .encode();
        }
    }

    /** An outcome does not follow its plan, or was committed before it. */
    record ProvePair(ShownLeaf plan, ShownLeaf outcome) implements Proof {
        @Override
        public byte[] encode() {
            return two("provePair", plan, outcome);
        }
    }

    /** A request has two leaves of one kind; the first has the lower place. */
    record ProveTwice(ShownLeaf first, ShownLeaf second) implements Proof {
        @Override
        public byte[] encode() {
            return two("proveTwice", first, second);
        }
    }

    /** A plan was passed over by another. */
    record ProveOvertaken(ShownLeaf passed, ShownLeaf first) implements Proof {
        @Override
        public byte[] encode() {
            return two("proveOvertaken", passed, first);
        }
    }

    /** Another leaf was committed than was promised. */
    record ProveDiffers(SignedPromise promise, ShownLeaf leaf) implements Proof {
        @Override
        public byte[] encode() {
            return of("proveDiffers", VaultWords.PROMISE, "bytes", ShownLeaf.ABI_TYPE)
                    .words(VaultWords.of(promise.promise()))
                    .bytes(promise.signature())
                    .dynamic(leaf.abi())
                    .encode();
        }
    }

    /** One place of the log has two leaves, under an earlier and a later header. */
    record ProveForked(ShownLeaf earlier, ShownLeaf later) implements Proof {
        @Override
        public byte[] encode() {
            return two("proveForked", earlier, later);
        }
    }

    /**
     * Two heads of one batch were signed.
     *
     * @param committed the head that the registry has: one of the two, or another
     * @param committedAt time of its block, Unix s
     */
    record ProveEquivocation(Hash32 committed, long committedAt, SignedHead one, SignedHead other) implements Proof {
        @Override
        public byte[] encode() {
            return of("proveEquivocation", "(uint64,uint64,bytes32,uint64,(bytes32,bytes),(bytes32,bytes))")
                    .dynamic(CallData.nested()
                            .number(one.head().lane())
                            .number(one.head().sequence())
                            .hash(committed)
                            .number(committedAt)
                            .dynamic(head(one))
                            .dynamic(head(other)))
                    .encode();
        }

        private static CallData head(SignedHead head) {
            return CallData.nested().hash(head.head().head()).bytes(head.signature());
        }
    }

    /** Asks for a leaf that was promised. */
    record OpenOmitted(SignedPromise promise) implements Opening {
        @Override
        public Hash32 game() {
            return promise.digest();
        }

        @Override
        public byte[] encode() {
            return of("openOmitted", VaultWords.PROMISE, "bytes")
                    .words(VaultWords.of(promise.promise()))
                    .bytes(promise.signature())
                    .encode();
        }
    }

    /**
     * Shows it.
     *
     * @param game digest of the promise
     */
    record AnswerOmitted(Hash32 game, LeafPromise promise, ShownLeaf leaf) implements Answer {
        @Override
        public byte[] encode() {
            return of("answerOmitted", VaultWords.PROMISE, ShownLeaf.ABI_TYPE)
                    .words(VaultWords.of(promise))
                    .dynamic(leaf.abi())
                    .encode();
        }
    }

    /** Asks for a leaf of a batch. */
    record OpenWithheld(BatchHeader header, long committedAt, long index) implements Opening {
        @Override
        public Hash32 game() {
            return GameId.ofPlace(VaultFault.WITHHELD, header.lane(), index, header.sequence());
        }

        @Override
        public byte[] encode() {
            return place("openWithheld", header, committedAt, index);
        }
    }

    /** Shows it. */
    record AnswerWithheld(ShownLeaf leaf) implements Answer {
        @Override
        public Hash32 game() {
            BatchHeader header = leaf.header();
            return GameId.ofPlace(VaultFault.WITHHELD, header.lane(), leaf.index(), header.sequence());
        }

        @Override
        public byte[] encode() {
            return of("answerWithheld", ShownLeaf.ABI_TYPE).dynamic(leaf.abi()).encode();
        }
    }

    /** Asks for the record of a leaf. */
    record OpenRecordWithheld(BatchHeader header, long committedAt, long index) implements Opening {
        @Override
        public Hash32 game() {
            return GameId.ofPlace(VaultFault.RECORD_WITHHELD, header.lane(), index, header.sequence());
        }

        @Override
        public byte[] encode() {
            return place("openRecordWithheld", header, committedAt, index);
        }
    }

    /**
     * Shows it.
     *
     * @param record the record in place of the leaf's bytes, and its way to {@code recordsRoot}
     */
    record AnswerRecordWithheld(ShownLeaf record) implements Answer {
        @Override
        public Hash32 game() {
            BatchHeader header = record.header();
            return GameId.ofPlace(VaultFault.RECORD_WITHHELD, header.lane(), record.index(), header.sequence());
        }

        @Override
        public byte[] encode() {
            return of("answerRecordWithheld", BatchHeader.ABI_TYPE, "uint64", ShownLeaf.ALONE_ABI_TYPE)
                    .words(record.header().encode())
                    .number(record.committedAt())
                    .dynamic(record.alone())
                    .encode();
        }
    }

    /**
     * Asks for the plan of an outcome that names one.
     *
     * @param request bytes 0 to 31 of the outcome
     */
    record OpenPlanMissing(ShownLeaf outcome, Hash32 request) implements Opening {
        @Override
        public Hash32 game() {
            return GameId.of(VaultFault.PLAN_MISSING, outcome.header().lane(), request, 0);
        }

        @Override
        public byte[] encode() {
            return of("openPlanMissing", ShownLeaf.ABI_TYPE)
                    .dynamic(outcome.abi())
                    .encode();
        }
    }

    /**
     * Shows it.
     *
     * @param request bytes 0 to 31 of the plan
     */
    record AnswerPlanMissing(ShownLeaf plan, Hash32 request) implements Answer {
        @Override
        public Hash32 game() {
            return GameId.of(VaultFault.PLAN_MISSING, plan.header().lane(), request, 0);
        }

        @Override
        public byte[] encode() {
            return of("answerPlanMissing", ShownLeaf.ABI_TYPE)
                    .dynamic(plan.abi())
                    .encode();
        }
    }

    /**
     * Asks for the outcome of a plan that is older than a promise may be.
     *
     * @param counter number of the request
     */
    record OpenOutcomeMissing(ShownLeaf plan, long counter) implements Opening {
        @Override
        public Hash32 game() {
            return GameId.ofPlace(VaultFault.OUTCOME_MISSING, plan.header().lane(), counter, 0);
        }

        @Override
        public byte[] encode() {
            return of("openOutcomeMissing", ShownLeaf.ABI_TYPE)
                    .dynamic(plan.abi())
                    .encode();
        }
    }

    /**
     * Asks for the outcome of a request that a header is the first to call ended.
     *
     * @param earlier the header before; for the first batch the header itself, and it is not read
     * @param committedAt time of the header's block, Unix s
     * @param counter number of the request
     */
    record OpenCounterMissing(BatchHeader earlier, BatchHeader header, long committedAt, long counter)
            implements Opening {
        @Override
        public Hash32 game() {
            return GameId.ofPlace(VaultFault.OUTCOME_MISSING, header.lane(), counter, header.sequence());
        }

        @Override
        public byte[] encode() {
            return of("openCounterMissing", BatchHeader.ABI_TYPE, BatchHeader.ABI_TYPE, "uint64", "uint64")
                    .words(earlier.encode())
                    .words(header.encode())
                    .number(committedAt)
                    .number(counter)
                    .encode();
        }
    }

    /**
     * Shows it.
     *
     * @param counter number of the request
     * @param sequence as the challenge has it: of the batch that calls the request ended; 0 for the outcome of a plan
     */
    record AnswerOutcomeMissing(ShownLeaf outcome, long counter, long sequence) implements Answer {
        @Override
        public Hash32 game() {
            return GameId.ofPlace(VaultFault.OUTCOME_MISSING, outcome.header().lane(), counter, sequence);
        }

        @Override
        public byte[] encode() {
            return of("answerOutcomeMissing", ShownLeaf.ABI_TYPE, "uint64")
                    .dynamic(outcome.abi())
                    .number(sequence)
                    .encode();
        }
    }

    /** Ends a game that nobody has answered in time. */
    record Conclude(Hash32 game) implements VaultCall {
        @Override
        public byte[] encode() {
            return of("conclude", "bytes32").hash(game).encode();
        }
    }

    /** Pays out the caller's rewards and bonds. */
    record Claim(Address to) implements VaultCall {
        @Override
        public byte[] encode() {
            return of("claim", "address").address(to).encode();
        }
    }

    /** Adds what goes with it to a lane's stake. */
    record Deposit(LaneId lane) implements VaultCall {
        @Override
        public byte[] encode() {
            return of("deposit", "uint64").number(lane.value()).encode();
        }
    }

    /** Lets the caller's shares leave. */
    record AskWithdrawal(LaneId lane, BigInteger shares) implements VaultCall {
        @Override
        public byte[] encode() {
            return of("askWithdrawal", "uint64", "uint256")
                    .number(lane.value())
                    .words(VaultWords.of(shares))
                    .encode();
        }
    }

    /** Pays out what has left. */
    record Withdraw(LaneId lane, Address to) implements VaultCall {
        @Override
        public byte[] encode() {
            return of("withdraw", "uint64", "address")
                    .number(lane.value())
                    .address(to)
                    .encode();
        }
    }

    private static CallData of(String function, String... types) {
        return CallData.of(function + "(" + String.join(",", types) + ")");
    }

    private static byte[] two(String function, ShownLeaf one, ShownLeaf other) {
        return of(function, ShownLeaf.ABI_TYPE, ShownLeaf.ABI_TYPE)
                .dynamic(one.abi())
                .dynamic(other.abi())
                .encode();
    }

    private static byte[] place(String function, BatchHeader header, long committedAt, long index) {
        return of(function, BatchHeader.ABI_TYPE, "uint64", "uint64")
                .words(header.encode())
                .number(committedAt)
                .number(index)
                .encode();
    }
}
