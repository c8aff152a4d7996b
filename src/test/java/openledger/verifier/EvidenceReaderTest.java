package openledger.verifier;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import openledger.chain.LaneSigner;
import openledger.chain.LocalChain;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.OutcomeCommitment;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.UsageRecord;
import openledger.commitment.log.InclusionPath;
import openledger.commitment.log.LogHasher;
import openledger.commitment.stake.StakeCheck;
import openledger.commitment.stake.StakeClaim;
import openledger.commitment.stake.VaultTerms;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.commitment.verify.RegistryCode;
import openledger.demo.AnvilNode;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.LedgerCall;
import openledger.support.LocalVault;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.Wei;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real chain, the real registry and a real vault. Long because a receipt has many parts. */
final class EvidenceReaderTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aReceiptIsVerifiedByWhatANodeSays() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                RpcNode node = new RpcNode(chain.node.rpc(), new BoundedHttp())) {
            Web3jLedger ledger = chain.ledger();
            chain.open(ledger);
            Receipt receipt = receipt(chain, ledger);
            ledger.close();

            ChainEvidence evidence = new EvidenceReader(node).read(receipt);

            assertThat(evidence.chainId()).isEqualTo(new Said<>(AnvilNode.CHAIN_ID));
            assertThat(evidence.registryCode()).isEqualTo(new Said<>(RegistryCode.HASH));
            assertThat(evidence.leafVerified()).isEqualTo(new Said<>(Agreement.YES));
            assertThat(evidence.upTo()).isEqualTo(new Said<>(List.of(2, 3)));
            assertThat(evidence.laneOwner()).isEqualTo(new Said<>(chain.account.address()));
            assertThat(evidence.signerRetiredAt()).isEqualTo(new Said<>(ChainEvidence.NOT_RETIRED));
            assertThat(evidence.promiseSigner()).isEqualTo(new Said<>(Optional.of(chain.account.address())));
            ReceiptVerification verification =
                    ReceiptVerification.of(receipt, evidence, Pins.ofLane(LocalChain.LANE), Own.NOTHING);
            assertThat(verification.verdict()).as("%s", verification.checks()).isEqualTo(Verdict.HOLDS);
            assertThat(verification.reached().orElseThrow().reaches(ConfirmationLevel.SEQUENCED))
                    .isTrue();
        }
    }

    @Test
    void whatStandsBehindALeafIsReadFromTheLanesGate() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                RpcNode node = new RpcNode(chain.node.rpc(), new BoundedHttp())) {
            VaultTerms terms = LocalVault.TERMS;
            Web3jLedger ledger = chain.ledger();
            chain.open(ledger);
            Address vault = LocalVault.deployWhereItBelongs(chain.node, chain.registry, terms);
            LocalVault.deposit(chain.node, vault, LocalChain.LANE, new Wei(terms.floor()));
            LocalVault.gate(chain.node, chain.registry, LocalChain.LANE, chain.account.address(), vault);
            Receipt plain = receipt(chain, ledger);
            ledger.close();
            long until =
                    plain.anchor().orElseThrow().committedAt() + terms.window().toSeconds();
            Receipt receipt = with(
                    plain,
                    new StakeClaim(vault, BigInteger.ZERO, terms.leafPenalty(), terms.promisePenalty(), until, false));

            StakeCheck check = StakeCheck.of(receipt, new EvidenceReader(node).read(receipt));

            assertThat(check.finding())
                    .isEqualTo(new Finding.Passed("10 ETH stand behind this batch until " + Instant.ofEpochSecond(until)
                            + "; the receipt says 0 ETH."));
            assertThat(StakeCheck.of(plain, new EvidenceReader(node).read(plain))
                            .finding())
                    .isEqualTo(new Finding.Skipped("There is no stake in the receipt, although lane "
                            + LocalChain.LANE.value() + " has a gate: " + vault + "."));
        }
    }

    /** A root covers the whole log, so a leaf of an earlier batch has a path to it too; its own batch is another. */
    @Test
    void theRegistryRefusesALeafThatIsInAnotherBatch() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                RpcNode node = new RpcNode(chain.node.rpc(), new BoundedHttp())) {
            Web3jLedger ledger = chain.ledger();
            chain.open(ledger);
            Receipt first = receipt(chain, ledger);
            Hash32 earlier = new LogHasher().entry(first.leaf());
            Hash32 root = new LogHasher().node(earlier, earlier);
            BatchHeader header = chain.header(2, first.head(), first.leaf(), root);
            Inclusion second = chain.include(ledger, new LedgerCall.Commit(header, Optional.empty()))
                    .inclusion();
            ledger.close();

            assertThat(new EvidenceReader(node)
                            .read(at(first, 1, earlier, header, second))
                            .leafVerified())
                    .isEqualTo(new Said<>(Agreement.YES));
            assertThat(new EvidenceReader(node)
                            .read(at(first, 0, earlier, header, second))
                            .leafVerified())
                    .isEqualTo(new Said<>(Agreement.NO));
        }
    }

    private static Receipt with(Receipt of, StakeClaim stake) {
        return new Receipt(
                of.request(),
                of.digest(),
                of.nonce(),
                of.salt(),
                of.responseDigest(),
                of.upstreamRequestIds(),
                of.usage(),
                of.leaf(),
                of.proof(),
                of.header(),
                of.head(),
                of.level(),
                of.anchor(),
                of.promised(),
                of.content(),
                of.plan(),
                of.witnessed(),
                of.signedHead(),
                Optional.of(stake));
    }

    /** The same leaf, at another place of the log, in another batch. */
    private static Receipt at(Receipt of, long index, Hash32 neighbour, BatchHeader header, Inclusion where) {
        return new Receipt(
                of.request(),
                of.digest(),
                of.nonce(),
                of.salt(),
                of.responseDigest(),
                of.upstreamRequestIds(),
                of.usage(),
                of.leaf(),
                new InclusionPath(index, header.size(), List.of(neighbour)),
                header,
                header.head(),
                of.level(),
                Optional.of(new Receipt.Anchor(
                        where.transaction(),
                        where.block().number(),
                        where.block().hash(),
                        where.committedAt())),
                Optional.empty(),
                of.content(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aNodeThatIsNotThereIsSilent() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                RpcNode node = new RpcNode(URI.create("http://127.0.0.1:1"), new BoundedHttp())) {
            Web3jLedger ledger = chain.ledger();
            chain.open(ledger);
            Receipt receipt = receipt(chain, ledger);
            ledger.close();

            ChainEvidence evidence = new EvidenceReader(node).read(receipt);

            assertThat(evidence.chainId()).isInstanceOf(NodeTestimony.Silent.class);
            assertThat(evidence.batchRecord()).isInstanceOf(NodeTestimony.Silent.class);
        }
    }

    private static Receipt receipt(LocalChain chain, Web3jLedger ledger) {
        RequestId request = new RequestId(LocalChain.LANE.value(), 1);
        Hash32 digest = LocalChain.POLICY_HASH;
        byte[] salt = new byte[LaneSecret.SALT_BYTES];
        RequestKey key = RequestCommitment.of(request, digest.bytes(), salt);
        byte[] leaf = LeafEncoding.encode(new Leaf(
                key,
                LeafMode.FAST,
                5,
                new RouteId(1),
                3,
                1,
                1_500,
                Leaf.NO_SNAPSHOT,
                0,
                4,
                Trigger.NONE,
                List.of(),
                new Leaf.Stage.Ended(
                        DecisionStatus.SERVED,
                        0,
                        4,
                        Attribution.NONE,
                        0,
                        20,
                        OutcomeCommitment.of(salt, digest.bytes(), List.of(""), UsageRecord.NONE))));
        BatchHeader header = chain.header(1, Hash32.ZERO, leaf, new LogHasher().entry(leaf));
        Inclusion inclusion = chain.include(ledger, new LedgerCall.Commit(header, Optional.empty()))
                .inclusion();
        LeafPromise promise = new LeafPromise(
                LocalChain.LANE.value(),
                key,
                LeafKind.OUTCOME,
                Hash32.ZERO,
                inclusion.committedAt(),
                inclusion.committedAt() + 60);
        byte[] signature = await(
                new LaneSigner(chain.vertx, chain.account).sign(promise.digest(AnvilNode.CHAIN_ID, chain.registry)));
        return new Receipt(
                request,
                digest,
                "",
                salt,
                digest,
                List.of(""),
                UsageRecord.NONE,
                leaf,
                new InclusionPath(0, 1, List.of()),
                header,
                header.head(),
                ConfirmationLevel.SEQUENCED,
                Optional.of(new Receipt.Anchor(
                        inclusion.transaction(),
                        inclusion.block().number(),
                        inclusion.block().hash(),
                        inclusion.committedAt())),
                Optional.of(new SignedPromise(
                        AnvilNode.CHAIN_ID, chain.registry, promise, signature, chain.account.address())),
                ReceiptContent.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
