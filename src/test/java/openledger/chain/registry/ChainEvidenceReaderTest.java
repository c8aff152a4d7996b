package openledger.chain.registry;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import openledger.chain.LaneSigner;
import openledger.chain.LocalChain;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.AnswerCommitment;
import openledger.commitment.leaf.LaneSecret;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.tree.InclusionProof;
import openledger.commitment.tree.MerkleTree;
import openledger.commitment.verify.ChainEvidence;
import openledger.commitment.verify.ChainEvidence.Agreement;
import openledger.commitment.verify.NodeTestimony;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptVerification;
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
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real chain and the real registry. */
final class ChainEvidenceReaderTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aReceiptIsVerifiedByWhatANodeSays() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                ChainEvidenceReader reader = new ChainEvidenceReader(chain.vertx, LocalChain.rpc(chain.node.rpc()))) {
            Web3jLedger ledger = chain.ledger();
            chain.open(ledger);
            Receipt receipt = receipt(chain, ledger);
            ledger.close();

            ChainEvidence evidence = await(reader.read(receipt));

            assertThat(evidence.chainId()).isEqualTo(new Said<>(AnvilNode.CHAIN_ID));
            assertThat(evidence.registryCode()).isEqualTo(new Said<>(RegistryCode.HASH));
            assertThat(evidence.leafVerified()).isEqualTo(new Said<>(Agreement.YES));
            assertThat(evidence.upTo()).isEqualTo(new Said<>(List.of(2, 3)));
            assertThat(evidence.committer()).isEqualTo(new Said<>(chain.account.address()));
            assertThat(evidence.laneOwner()).isEqualTo(new Said<>(chain.account.address()));
            assertThat(evidence.committers()).isEqualTo(new Said<>(List.of(chain.account.address())));
            assertThat(evidence.promiseSigner()).isEqualTo(new Said<>(Optional.of(chain.account.address())));
            ReceiptVerification verification =
                    ReceiptVerification.of(receipt, evidence, Pins.ofLane(LocalChain.LANE), Own.NOTHING);
            assertThat(verification.verdict()).as("%s", verification.checks()).isEqualTo(Verdict.HOLDS);
            assertThat(verification.reached().orElseThrow().reaches(ConfirmationLevel.SEQUENCED))
                    .isTrue();
        }
    }

    @Test
    void aNodeThatIsNotThereIsSilent() throws IOException, InterruptedException {
        try (LocalChain chain = new LocalChain(folder);
                ChainEvidenceReader reader =
                        new ChainEvidenceReader(chain.vertx, LocalChain.rpc(URI.create("http://127.0.0.1:1")))) {
            Web3jLedger ledger = chain.ledger();
            chain.open(ledger);
            Receipt receipt = receipt(chain, ledger);
            ledger.close();

            ChainEvidence evidence = await(reader.read(receipt));

            assertThat(evidence.chainId()).isInstanceOf(NodeTestimony.Silent.class);
            assertThat(evidence.batchRecord()).isInstanceOf(NodeTestimony.Silent.class);
        }
    }

    private static Receipt receipt(LocalChain chain, Web3jLedger ledger) {
        RequestId request = new RequestId(LocalChain.LANE.value(), 1);
        Hash32 digest = LocalChain.POLICY_HASH;
        byte[] salt = new byte[LaneSecret.SALT_BYTES];
        Hash32 commitment = RequestCommitment.of(request, digest.bytes(), salt);
        byte[] leaf = LeafEncoding.encode(new Leaf(
                commitment,
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
                        AnswerCommitment.of(salt, digest.bytes(), List.of("")))));
        MerkleTree tree = MerkleTree.of(leaf);
        BatchHeader header = chain.header(1, Hash32.ZERO, leaf, tree.root());
        Inclusion inclusion = chain.include(ledger, new LedgerCall.Commit(header, Optional.empty()))
                .inclusion();
        SignedPromise promise = new SignedPromise(request, commitment, Hash32.ZERO, inclusion.committedAt() + 60);
        byte[] signature = await(
                new LaneSigner(chain.vertx, chain.account).sign(promise.digest(AnvilNode.CHAIN_ID, chain.registry)));
        return new Receipt(
                request,
                digest,
                "",
                salt,
                digest,
                List.of(""),
                leaf,
                new InclusionProof(0, 1, List.of()),
                header,
                header.head(),
                ConfirmationLevel.SEQUENCED,
                Optional.of(new Receipt.Anchor(
                        inclusion.transaction(),
                        inclusion.block().number(),
                        inclusion.block().hash(),
                        inclusion.committedAt())),
                Optional.of(new Receipt.Promised(
                        AnvilNode.CHAIN_ID,
                        chain.registry,
                        LocalChain.LANE.value(),
                        promise,
                        signature,
                        chain.account.address())),
                ReceiptContent.NONE,
                Optional.empty());
    }
}
