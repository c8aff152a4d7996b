package openledger.commitment.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.commitment.BatchHeader;
import openledger.commitment.CommitmentVectors;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.HeaderVectors;
import openledger.commitment.LeafBytes;
import openledger.commitment.LeafPromise;
import openledger.commitment.PublishedPolicy;
import openledger.commitment.SignedHead;
import openledger.commitment.SignedPromise;
import openledger.commitment.VectorsWriter;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.HashedEntries;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.stake.GateEvidence;
import openledger.commitment.stake.StakeClaim;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.ChainEvidence.SeenBlock;
import openledger.commitment.verify.ChainEvidence.Tags;
import openledger.commitment.verify.Receipt.Anchor;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;

/** A genuine receipt and what a node says of it, to be changed by tests: leaf 4 of 7 of batch 42 of lane 7. Long because a receipt has many members. */
final class ReceiptFixture {
    private static final int COUNT = 7;
    private static final int EARLIER = 100;
    private static final int SIZE = EARLIER + COUNT;
    private static final int INDEX = EARLIER + 4;
    static final long BLOCK = 50;
    private static final long TIME = 1_795_600_000_123L;
    static final Address REGISTRY = RegistryCode.ADDRESS;
    static final Address COMMITTER = Address.parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    private static final Hash32 BLOCK_HASH = Hash32.of(VectorsWriter.word("block"));

    final Hash32 digest = Hash32.of(VectorsWriter.word("digest"));
    final byte[] salt = CommitmentVectors.salt();
    final long committedAt = 1_795_600_002;
    RequestId request = new RequestId(7, 105);
    Hash32 responseDigest = Hash32.of(VectorsWriter.word("response"));
    byte[] leaf = new byte[0];
    InclusionPath proof = new InclusionPath(0, 1, List.of());
    BatchHeader header = HeaderVectors.ordinary();
    Hash32 head = Hash32.ZERO;
    ConfirmationLevel level = ConfirmationLevel.SEQUENCED;
    Pins pins = Pins.ofLane(new LaneId(7));
    Own own = Own.NOTHING;
    long blockTime = committedAt;
    NodeTestimony<Long> chainId = new NodeTestimony.Said<>(901L);
    NodeTestimony<Hash32> registryCode = new NodeTestimony.Said<>(RegistryCode.HASH);
    Address owner = COMMITTER;
    NodeTestimony<Hash32> record = new NodeTestimony.Said<>(Hash32.ZERO);
    NodeTestimony<Optional<Hash32>> canonical = new NodeTestimony.Said<>(Optional.of(BLOCK_HASH));
    NodeTestimony<Tags> tags = new NodeTestimony.Said<>(new Tags(60, OptionalLong.of(49), OptionalLong.of(40)));
    NodeTestimony<Agreement> committed = new NodeTestimony.Said<>(Agreement.YES);
    NodeTestimony<Agreement> verified = new NodeTestimony.Said<>(Agreement.YES);
    NodeTestimony<List<Integer>> upTo = new NodeTestimony.Said<>(List.of(3, 4));
    Address signer = COMMITTER;
    Optional<Address> signedBy = Optional.of(COMMITTER);
    NodeTestimony<Long> signerRetiredAt = new NodeTestimony.Said<>(ChainEvidence.NOT_RETIRED);
    Optional<SignedHead> signedHead = Optional.empty();
    Optional<StakeClaim> stake = Optional.empty();
    NodeTestimony<GateEvidence> gate = new NodeTestimony.Silent<>("nobody asked");
    NodeTestimony<Long> headSignerRetiredAt = new NodeTestimony.Said<>(ChainEvidence.NOT_RETIRED);
    NodeTestimony<List<PublishedPolicy>> policies = new NodeTestimony.Said<>(List.of(policy("assistant")));
    ReceiptContent content = ReceiptContent.NONE;
    Optional<Receipt.Witnessed> witnessed = Optional.empty();
    long namedBlock = BLOCK;
    Hash32 namedBlockHash = BLOCK_HASH;
    private boolean moved;
    private NodeTestimony<Optional<SeenBlock>> movedTo = new NodeTestimony.Silent<>("");
    private Optional<SignedPromise> promised = Optional.empty();

    ReceiptFixture() {
        committed(DecisionStatus.SERVED, 4, 2, 0);
    }

    /** A policy with route 3: three attempts of two targets, then one of another. */
    static PublishedPolicy policy(String name) {
        return new PublishedPolicy(
                List.of(new PublishedPolicy.Budget(new RouteId(3), List.of(3, 4))),
                List.of(new PublishedPolicy.Route(
                        name,
                        List.of(
                                new PublishedPolicy.Tier("best", 3, List.of("a/one", "b/two")),
                                new PublishedPolicy.Tier("other", 4, List.of("c/three"))))));
    }

    /** Commits a leaf of this kind, with all that follows from it. */
    void committed(DecisionStatus status, int budget, int attempts, int tier) {
        OutcomeCommitment answer =
                OutcomeCommitment.of(salt, responseDigest.bytes(), List.of("", "req-2"), UsageRecord.NONE);
        commit(new Leaf(
                RequestCommitment.of(request, digest.bytes(), salt),
                LeafMode.FAST,
                11,
                new RouteId(3),
                budget,
                attempts,
                TIME,
                Leaf.NO_SNAPSHOT,
                0,
                1,
                Trigger.SERVER_ERROR,
                List.of(),
                new Stage.Ended(
                        status, tier, tier == Leaf.NO_TIER ? Leaf.NO_TARGET : 2, Attribution.NONE, 0, 900, answer)));
    }

    /** Commits a leaf, with all that follows from it. */
    void commit(Leaf committed) {
        leaf = LeafEncoding.encode(committed);
        byte[] leaves = LeafBytes.any(SIZE);
        System.arraycopy(leaf, 0, leaves, INDEX * LeafEncoding.BYTES, LeafEncoding.BYTES);
        HashedEntries tree = LeafBytes.log(leaves);
        proof = tree.inclusion(INDEX);
        header = header(901, new LaneId(7), tree.root());
        head = header.head();
        record = new NodeTestimony.Said<>(BatchHeader.record(head, committedAt));
    }

    /** The same batch, in another registry. */
    void elsewhere(Address registry) {
        BatchHeader h = header;
        header = new BatchHeader(
                h.chainId(),
                registry,
                h.lane(),
                h.sequence(),
                h.previousHead(),
                h.policyHash(),
                h.firstSnapshot(),
                h.lastSnapshot(),
                h.snapshotRoot(),
                h.firstCounter(),
                h.lastCounter(),
                h.completeThrough(),
                h.count(),
                h.outcomes(),
                h.size(),
                h.root(),
                h.recordsRoot(),
                h.firstMillis(),
                h.lastMillis());
        head = header.head();
        record = new NodeTestimony.Said<>(BatchHeader.record(head, committedAt));
    }

    BatchHeader header(long chain, LaneId lane, Hash32 root) {
        return new BatchHeader(
                chain,
                REGISTRY,
                lane,
                42,
                Hash32.of(VectorsWriter.word("previous head")),
                Hash32.of(VectorsWriter.word("policy hash")),
                1,
                20,
                Hash32.of(VectorsWriter.word("snapshot root")),
                101,
                107,
                100,
                COUNT,
                COUNT,
                SIZE,
                root,
                Hash32.of(VectorsWriter.word("records root")),
                TIME,
                TIME);
    }

    /** The node says that the transaction is somewhere else. */
    void transactionIs(Optional<SeenBlock> where) {
        moved = true;
        movedTo = new NodeTestimony.Said<>(where);
    }

    void promise(long anchorBy, Hash32 leafHash) {
        promise(LeafKind.OUTCOME, anchorBy - 60, anchorBy, leafHash);
    }

    void promise(LeafKind kind, long signedAt, long anchorBy, Hash32 leafHash) {
        RequestKey key = RequestCommitment.of(request, digest.bytes(), salt);
        promised = Optional.of(new SignedPromise(
                901,
                REGISTRY,
                new LeafPromise(7, key, kind, leafHash, signedAt, anchorBy),
                new byte[SignedPromise.SIGNATURE_BYTES],
                signer));
    }

    Receipt receipt() {
        return new Receipt(
                request,
                digest,
                "",
                salt,
                responseDigest,
                List.of("", "req-2"),
                UsageRecord.NONE,
                leaf,
                proof,
                header,
                head,
                level,
                Optional.of(new Anchor(
                        Hash32.of(VectorsWriter.word("transaction")), namedBlock, namedBlockHash, committedAt)),
                promised,
                content,
                Optional.empty(),
                witnessed,
                signedHead,
                stake);
    }

    /** The same as the plan of another's receipt. */
    Receipt.Committed committed() {
        Receipt all = receipt();
        return new Receipt.Committed(
                all.leaf(),
                all.proof(),
                all.header(),
                all.head(),
                all.level(),
                all.anchor(),
                all.witnessed(),
                all.signedHead(),
                all.stake());
    }

    /** The receipt with a plan. */
    Receipt with(Receipt.Committed plan) {
        Receipt all = receipt();
        return new Receipt(
                all.request(),
                all.digest(),
                all.nonce(),
                all.salt(),
                all.responseDigest(),
                all.upstreamRequestIds(),
                all.usage(),
                all.leaf(),
                all.proof(),
                all.header(),
                all.head(),
                all.level(),
                all.anchor(),
                all.promised(),
                all.content(),
                Optional.of(plan),
                all.witnessed(),
                all.signedHead(),
                all.stake());
    }

    ChainEvidence evidence() {
        NodeTestimony<Optional<SeenBlock>> seen =
                new NodeTestimony.Said<>(Optional.of(new SeenBlock(BLOCK, BLOCK_HASH, blockTime)));
        ChainEvidence said = new ChainEvidence(
                chainId,
                registryCode,
                record,
                moved ? movedTo : seen,
                committed,
                canonical,
                tags,
                verified,
                upTo,
                policies,
                new NodeTestimony.Said<>(owner),
                signerRetiredAt,
                new NodeTestimony.Said<>(signedBy));
        ChainEvidence signed = signedHead.isPresent() ? said.withHeadSigner(headSignerRetiredAt) : said;
        return signed.withGate(gate);
    }
}
