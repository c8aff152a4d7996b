package openledger.verifier;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import openledger.chain.LaneAccount;
import openledger.chain.LaneSigner;
import openledger.chain.LocalChain;
import openledger.chain.Web3jLedger;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.LaneNumber;
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
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Own;
import openledger.commitment.verify.ReceiptVerification.Pins;
import openledger.commitment.verify.ReceiptVerification.Subject;
import openledger.commitment.verify.ReceiptVerification.Verdict;
import openledger.demo.AnvilNode;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.settlement.ledger.LedgerCall;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.RequestId;
import openledger.unit.RouteId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.crypto.ContractUtils;

/**
 * Forgers on a real chain, beside the real registry: each makes up a request that nobody sent, and everything about it is consistent.
 * Long because a receipt has many parts.
 */
final class ForgedRegistryTest {
    private static final LaneId LANE = LocalChain.LANE;
    private static final Hash32 DIGEST = LocalChain.POLICY_HASH;
    private static final byte[] SALT = new byte[LaneSecret.SALT_BYTES];

    @TempDir
    Path folder = Path.of("");

    private @Nullable LocalChain started;
    private String forger = "";

    private LocalChain chain() {
        return Objects.requireNonNull(started, "the chain has not been started");
    }

    @BeforeEach
    void start() throws IOException, InterruptedException {
        started = new LocalChain(folder);
        forger = ((JsonArray) chain().node.call("eth_accounts")).getString(1);
    }

    @AfterEach
    void end() throws IOException {
        chain().close();
    }

    @Test
    void aRegistryThatSaysYesToEverythingIsRefuted() throws IOException, InterruptedException {
        byte[] leaf = leaf(LANE);
        Address fake = born();
        BatchHeader header = header(fake, LANE, leaf);
        JsonObject deployed = created(ForgedContract.yesSaying(forger, header), fake);
        Receipt receipt = receipt(leaf, header, deployed, timeOf(deployed), Optional.empty());

        ReceiptVerification unpinned = verify(receipt, Pins.ofLane(LANE));

        assertThat(unpinned.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(finding(unpinned, Subject.REGISTRY)).isInstanceOf(Finding.Failed.class);
        // Nothing else would have given it away.
        ReceiptVerification trusted = verify(
                receipt,
                new Pins(
                        OptionalLong.empty(),
                        Optional.of(fake),
                        Optional.of(LANE),
                        Optional.empty(),
                        Pins.OtherLanes.UNCHECKED));
        assertThat(trusted.verdict()).as("%s", trusted.checks()).isEqualTo(Verdict.HOLDS);
    }

    /** Whoever creates a contract can write into its storage what he likes, and leave the right code behind. */
    @Test
    void theRightCodeThatWasBornWithAForgedBatchIsNotVerified() throws IOException, InterruptedException {
        byte[] leaf = leaf(LANE);
        Address born = born();
        BatchHeader header = header(born, LANE, leaf);
        JsonObject deployed = created(ForgedContract.poisoned(header), born);
        Receipt receipt = receipt(leaf, header, deployed, timeOf(deployed), Optional.empty());

        ReceiptVerification verification = verify(receipt, Pins.ofLane(LANE));

        assertThat(finding(verification, Subject.RECORDED)).isInstanceOf(Finding.Passed.class);
        assertThat(finding(verification, Subject.REGISTRY_PROOF)).isInstanceOf(Finding.Passed.class);
        assertThat(finding(verification, Subject.BLOCK)).isInstanceOf(Finding.Passed.class);
        assertThat(finding(verification, Subject.REGISTRY)).isInstanceOf(Finding.Unchecked.class);
        assertThat(verification.verdict()).isEqualTo(Verdict.OPEN);
    }

    @Test
    void aForgersOwnLaneOfTheRealRegistryIsNotVerified() throws IOException, InterruptedException {
        LaneAccount account = LaneAccount.of(AnvilNode.KEYS.get(1));
        LaneId own = LaneNumber.of(account.address(), 8);
        Web3jLedger ledger = chain().ledger(own, account);
        chain().include(ledger, new LedgerCall.OpenLane(8, account.address()));
        chain().include(
                        ledger,
                        new LedgerCall.PublishPolicy(
                                own,
                                LocalChain.POLICY,
                                List.of(new LedgerCall.RouteBudget(new RouteId(1), List.of(2, 3)))));
        byte[] leaf = leaf(own);
        BatchHeader header = header(chain().registry, own, leaf);
        String transaction = chain().include(ledger, new LedgerCall.Commit(header, Optional.empty()))
                .inclusion()
                .transaction()
                .toString();
        ledger.close();
        JsonObject included = (JsonObject) chain().node.call("eth_getTransactionReceipt", transaction);
        Receipt receipt = receipt(leaf, header, included, timeOf(included), Optional.empty());

        ReceiptVerification unpinned = verify(receipt, Pins.NONE);

        assertThat(unpinned.verdict()).isEqualTo(Verdict.OPEN);
        assertThat(finding(unpinned, Subject.LANE)).isInstanceOf(Finding.Unchecked.class);
        assertThat(unpinned.members().proved()).isEmpty();
        assertThat(verify(receipt, Pins.ofLane(LANE)).verdict()).isEqualTo(Verdict.BROKEN);
        Pins owner = new Pins(
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(chain().account.address()),
                Pins.OtherLanes.UNCHECKED);
        assertThat(verify(receipt, owner).verdict()).isEqualTo(Verdict.BROKEN);
    }

    /** The runbook LaneKey: promises of before stay good, and a retired key cannot make new ones. */
    @Test
    void aPromiseCountsIfItsKeySignedForTheLaneAtThatTime() throws IOException, InterruptedException {
        LaneAccount first = chain().account;
        LaneAccount second = LaneAccount.of(AnvilNode.KEYS.get(1));
        LaneAccount stranger = LaneAccount.of(AnvilNode.KEYS.get(2));
        Web3jLedger ledger = chain().ledger();
        chain().open(ledger);
        byte[] leaf = leaf(LANE);
        BatchHeader header = header(chain().registry, LANE, leaf);
        String transaction = chain().include(ledger, new LedgerCall.Commit(header, Optional.empty()))
                .inclusion()
                .transaction()
                .toString();
        JsonObject included = (JsonObject) chain().node.call("eth_getTransactionReceipt", transaction);
        long committedAt = timeOf(included);

        assertPromise(
                leaf, header, included, first, committedAt, Finding.Passed.class, "The lane's signing key signed");
        assertPromise(leaf, header, included, second, committedAt, Finding.Failed.class, "never was a signing key");

        long retiredAt = chain().include(ledger, new LedgerCall.SetSigner(LANE, second.address()))
                .inclusion()
                .committedAt();
        ledger.close();

        assertPromise(leaf, header, included, first, retiredAt, Finding.Passed.class, "until " + retiredAt);
        assertPromise(
                leaf, header, included, first, retiredAt + 1, Finding.Failed.class, "was retired at " + retiredAt);
        assertPromise(leaf, header, included, second, retiredAt, Finding.Passed.class, "The lane's signing key signed");
        assertPromise(leaf, header, included, stranger, committedAt, Finding.Failed.class, "never was a signing key");
    }

    private void assertPromise(
            byte[] leaf,
            BatchHeader header,
            JsonObject included,
            LaneAccount signer,
            long signedAt,
            Class<? extends Finding> expected,
            String words)
            throws IOException, InterruptedException {
        LeafPromise promise = new LeafPromise(
                LANE.value(),
                RequestCommitment.of(new RequestId(LANE.value(), 1), DIGEST.bytes(), SALT),
                LeafKind.OUTCOME,
                new LogHasher().entry(leaf),
                signedAt,
                signedAt + 60);
        byte[] signature =
                await(new LaneSigner(chain().vertx, signer).sign(promise.digest(AnvilNode.CHAIN_ID, chain().registry)));
        SignedPromise signed =
                new SignedPromise(AnvilNode.CHAIN_ID, chain().registry, promise, signature, signer.address());

        ReceiptVerification verification =
                verify(receipt(leaf, header, included, timeOf(included), Optional.of(signed)), Pins.ofLane(LANE));

        assertThat(finding(verification, Subject.PROMISE)).isInstanceOf(expected);
        assertThat(finding(verification, Subject.PROMISE).toString()).contains(words);
        assertThat(verification.verdict()).isEqualTo(expected == Finding.Passed.class ? Verdict.HOLDS : Verdict.BROKEN);
    }

    private ReceiptVerification verify(Receipt receipt, Pins pins) {
        try (ReceiptVerifier verifier = ReceiptVerifier.at(chain().node.rpc())) {
            return verifier.verify(receipt, pins, Own.NOTHING);
        }
    }

    private static Finding finding(ReceiptVerification verification, Subject subject) {
        return verification.checks().stream()
                .filter(check -> check.subject() == subject)
                .map(Check::finding)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] leaf(LaneId lane) {
        RequestId request = new RequestId(lane.value(), 1);
        return LeafEncoding.encode(new Leaf(
                RequestCommitment.of(request, DIGEST.bytes(), SALT),
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
                        OutcomeCommitment.of(SALT, DIGEST.bytes(), List.of(""), UsageRecord.NONE))));
    }

    private static BatchHeader header(Address registry, LaneId lane, byte[] leaf) {
        return new BatchHeader(
                AnvilNode.CHAIN_ID,
                registry,
                lane,
                1,
                Hash32.ZERO,
                LocalChain.POLICY_HASH,
                1,
                0,
                Hash32.ZERO,
                1,
                1,
                1,
                1,
                1,
                1,
                new LogHasher().entry(leaf),
                Hash32.ZERO,
                1_000,
                2_000);
    }

    private static Receipt receipt(
            byte[] leaf, BatchHeader header, JsonObject included, long committedAt, Optional<SignedPromise> promised) {
        return new Receipt(
                new RequestId(header.lane().value(), 1),
                DIGEST,
                "",
                SALT,
                DIGEST,
                List.of(""),
                UsageRecord.NONE,
                leaf,
                new InclusionPath(0, 1, List.of()),
                header,
                header.head(),
                ConfirmationLevel.SEQUENCED,
                Optional.of(new Receipt.Anchor(
                        Hash32.parse(included.getString("transactionHash")),
                        Long.decode(included.getString("blockNumber")),
                        Hash32.parse(included.getString("blockHash")),
                        committedAt)),
                promised,
                ReceiptContent.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Where the forger's next contract will be. */
    private Address born() throws IOException, InterruptedException {
        Object nonce = chain().node.call("eth_getTransactionCount", forger, "latest");
        return Address.parse(
                ContractUtils.generateContractAddress(forger, BigInteger.valueOf(Long.decode((String) nonce))));
    }

    private JsonObject created(String code, Address where) throws IOException, InterruptedException {
        JsonObject receipt = sent(new JsonObject().put("from", forger).put("data", code));
        assertThat(receipt.getString("contractAddress")).isEqualTo(where.toString());
        return receipt;
    }

    /** Sends a transaction from an account that the node has the key of; its receipt once it is in a block. */
    private JsonObject sent(JsonObject transaction) throws IOException, InterruptedException {
        Object hash = chain().node.call("eth_sendTransaction", transaction.put("gas", "0xe4e1c0"));
        for (int look = 0; look < 100; look++) {
            if (chain().node.call("eth_getTransactionReceipt", hash) instanceof JsonObject receipt) {
                assertThat(receipt.getString("status")).isEqualTo("0x1");
                return receipt;
            }
            Thread.sleep(100);
        }
        throw new IOException("a transaction is in no block");
    }

    private long timeOf(JsonObject included) throws IOException, InterruptedException {
        JsonObject block =
                (JsonObject) chain().node.call("eth_getBlockByNumber", included.getString("blockNumber"), false);
        return Long.decode(block.getString("timestamp"));
    }
}
