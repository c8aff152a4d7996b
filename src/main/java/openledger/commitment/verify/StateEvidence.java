package openledger.commitment.verify;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import openledger.commitment.BatchHeader;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.LogHasher;
import openledger.commitment.state.BlockHeader;
import openledger.commitment.state.ProvedAccount;
import openledger.commitment.state.RegistrySlots;
import openledger.commitment.state.StateProof;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/**
 * Finds in the proved state of a block what a node would have been asked about a receipt. Nothing is found while it is not known that the
 * block is part of the chain, and nothing is read from a contract of other code than the one that ships with the verifier: what a slot
 * means depends on the code. Pure.
 */
public final class StateEvidence {
    private static final String NO_TRANSACTIONS = "a state has no transactions.";
    private static final int LOW_NUMBER = Hash32.BYTES - Long.BYTES;

    private final Receipt receipt;
    private final BatchHeader header;
    private final StateProof proof;
    private final BlockHeader block;
    private final NodeTestimony<Optional<Hash32>> canonical;

    private StateEvidence(
            Receipt receipt, StateProof proof, BlockHeader block, NodeTestimony<Optional<Hash32>> canonical) {
        this.receipt = receipt;
        this.header = receipt.header();
        this.proof = proof;
        this.block = block;
        this.canonical = canonical;
    }

    /** The slots of the registry that prove a receipt and the plan beside it, each once, always in the same order. */
    public static List<Hash32> slots(Receipt receipt) {
        Set<Hash32> slots = new LinkedHashSet<>(slotsOfOne(receipt));
        receipt.ofPlan().ifPresent(plan -> slots.addAll(slotsOfOne(plan)));
        return List.copyOf(slots);
    }

    private static List<Hash32> slotsOfOne(Receipt receipt) {
        LaneId lane = receipt.header().lane();
        List<Hash32> slots = new ArrayList<>();
        slots.add(RegistrySlots.record(lane, receipt.header().sequence()));
        slots.add(RegistrySlots.owner(lane));
        route(receipt).ifPresent(slots::add);
        receipt.promised().ifPresent(promised -> slots.add(RegistrySlots.signer(lane, promised.signer())));
        receipt.signedHead().ifPresent(signed -> slots.add(RegistrySlots.signer(lane, signed.signer())));
        return slots;
    }

    private static Optional<Hash32> route(Receipt receipt) {
        try {
            return Optional.of(RegistrySlots.route(
                    receipt.header().lane(), LeafEncoding.decode(receipt.leaf()).route()));
        } catch (IllegalArgumentException noLeaf) {
            return Optional.empty();
        }
    }

    /**
     * The evidence.
     *
     * @param proof with a header that can be read
     * @param canonical hash of the chain's block of the header's number, from whom the verifier trusts; empty if there is none yet
     * @param promiseSigner as in {@link ChainEvidence}
     */
    public static ChainEvidence of(
            Receipt receipt,
            StateProof proof,
            NodeTestimony<Optional<Hash32>> canonical,
            NodeTestimony<Optional<Address>> promiseSigner) {
        return new StateEvidence(receipt, proof, proof.block(), canonical).evidence(promiseSigner);
    }

    private ChainEvidence evidence(NodeTestimony<Optional<Address>> promiseSigner) {
        if (!canonical.equals(new Said<>(Optional.of(block.hash())))) {
            String unknown =
                    "block " + block.number() + ", " + block.hash() + ", is not known to be part of the chain.";
            return evidence(new Silent<>(unknown), new Silent<>(unknown), promiseSigner);
        }
        NodeTestimony<ProvedAccount> account = proved(() -> proof.account(header.registry()));
        return switch (account) {
            case Silent<ProvedAccount>(var why) -> evidence(new Silent<>(why), new Silent<>(why), promiseSigner);
            case Said<ProvedAccount>(var there)
            when !there.codeHash().equals(RegistryCode.HASH) ->
                evidence(
                        new Said<>(there.codeHash()),
                        new Silent<>(
                                "what a contract keeps where is known only of the code that ships with this verifier."),
                        promiseSigner);
            case Said<ProvedAccount>(var there) -> evidence(new Said<>(there.codeHash()), whole(there), promiseSigner);
        };
    }

    /** A proof that is broken spoils the others: which of them a verification needs is no excuse for carrying it. */
    private NodeTestimony<ProvedAccount> whole(ProvedAccount registry) {
        return proved(() -> {
            proof.storage().keySet().forEach(slot -> proof.word(registry, slot));
            return registry;
        });
    }

    private ChainEvidence evidence(
            NodeTestimony<Hash32> code,
            NodeTestimony<ProvedAccount> registry,
            NodeTestimony<Optional<Address>> promiseSigner) {
        NodeTestimony<Hash32> kept = word(registry, RegistrySlots.record(header.lane(), header.sequence()));
        NodeTestimony<Hash32> record = isOlderThanTheBatch() && kept.equals(new Said<>(Hash32.ZERO))
                ? new Silent<>("block " + block.number() + " is older than the batch.")
                : kept;
        return new ChainEvidence(
                chainId(record),
                code,
                record,
                new Silent<>(NO_TRANSACTIONS),
                new Silent<>(NO_TRANSACTIONS),
                canonical,
                new Silent<>("a state has no levels."),
                leafVerified(record),
                route(receipt)
                        .map(slot -> then(word(registry, slot), word -> new Said<>(upTo(word))))
                        .orElseGet(() -> new Silent<>("the leaf names no route")),
                new Silent<>("a state has no events."),
                then(word(registry, RegistrySlots.owner(header.lane())), StateEvidence::owner),
                receipt.promised()
                        .map(promised -> then(
                                word(registry, RegistrySlots.signer(header.lane(), promised.signer())),
                                word -> retiredAt(low(word), promised.promise().signedAt())))
                        .orElseGet(() -> new Silent<>("the receipt has no promise")),
                promiseSigner,
                receipt.signedHead()
                        .map(signed -> then(
                                word(registry, RegistrySlots.signer(header.lane(), signed.signer())),
                                word -> everRetiredAt(low(word))))
                        .orElseGet(() -> new Silent<>("the receipt has no signed head")),
                new Silent<>("a state of the registry has no vault."),
                Optional.of(new SeenBlock(block.number(), block.hash(), block.timeSeconds())));
    }

    private boolean isOlderThanTheBatch() {
        return receipt.anchor()
                .filter(anchor -> anchor.committedAt() > block.timeSeconds())
                .isPresent();
    }

    /** The registry takes no header of another chain. */
    private NodeTestimony<Long> chainId(NodeTestimony<Hash32> record) {
        return then(
                record,
                word -> isRecorded(word)
                        ? new Said<>(header.chainId())
                        : new Silent<>("a block does not name its chain, and the registry does not have this batch."));
    }

    private boolean isRecorded(Hash32 word) {
        return receipt.anchor()
                .filter(anchor -> word.equals(BatchHeader.record(header.head(), anchor.committedAt())))
                .isPresent();
    }

    /** What {@code verifyLeaf} of the known code returns with this record. */
    private NodeTestimony<Agreement> leafVerified(NodeTestimony<Hash32> record) {
        if (receipt.anchor().isEmpty()) {
            return new Silent<>("the receipt does not say that it is on chain");
        }
        return then(record, word -> new Said<>(isRecorded(word) && leadsToTheRoot() ? Agreement.YES : Agreement.NO));
    }

    private boolean leadsToTheRoot() {
        return receipt.proof().size() == header.size()
                && receipt.proof().index() >= header.firstIndex()
                && receipt.proof().root(new LogHasher().entry(receipt.leaf())).equals(Optional.of(header.root()));
    }

    /** Cumulative attempts, a byte each, best tier lowest. */
    private static List<Integer> upTo(Hash32 word) {
        List<Integer> upTo = new ArrayList<>();
        for (long left = low(word); left != 0; left >>>= Byte.SIZE) {
            upTo.add((int) (left & 0xff));
        }
        return upTo;
    }

    private static NodeTestimony<Address> owner(Hash32 word) {
        byte[] address = new byte[Address.BYTES];
        System.arraycopy(word.bytes(), Hash32.BYTES - Address.BYTES, address, 0, Address.BYTES);
        return word.equals(Hash32.ZERO) ? new Silent<>("nobody has opened the lane") : new Said<>(Address.of(address));
    }

    /** A key that is not retired in this state, or not known yet, can be so when a later promise is signed. */
    private NodeTestimony<Long> retiredAt(long kept, long signedAt) {
        boolean isOpen = kept <= 0;
        if (isOpen && signedAt > block.timeSeconds()) {
            return new Silent<>("the promise was signed after block " + block.number() + ".");
        }
        return new Said<>(kept < 0 ? ChainEvidence.NOT_RETIRED : kept);
    }

    /** Nothing says when a head was signed, so a key that is not known in this state may be one of later. */
    private NodeTestimony<Long> everRetiredAt(long kept) {
        return kept == 0
                ? new Silent<>("block " + block.number() + " has no such key.")
                : new Said<>(kept < 0 ? ChainEvidence.NOT_RETIRED : kept);
    }

    private static long low(Hash32 word) {
        return ByteBuffer.wrap(word.bytes()).getLong(LOW_NUMBER);
    }

    private NodeTestimony<Hash32> word(NodeTestimony<ProvedAccount> registry, Hash32 slot) {
        return then(registry, there -> proved(() -> proof.word(there, slot)));
    }

    private static <A, T> NodeTestimony<T> then(NodeTestimony<A> first, Function<A, NodeTestimony<T>> reading) {
        return switch (first) {
            case Silent<A>(var why) -> new Silent<>(why);
            case Said<A>(var value) -> reading.apply(value);
        };
    }

    private static <T> NodeTestimony<T> proved(Supplier<T> reading) {
        try {
            return new Said<>(reading.get());
        } catch (IllegalArgumentException notProved) {
            return new Silent<>("the state is not proved: " + notProved.getMessage() + ".");
        }
    }
}
