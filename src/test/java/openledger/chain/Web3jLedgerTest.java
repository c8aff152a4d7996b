package openledger.chain;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import openledger.commitment.LaneNumber;
import openledger.demo.AnvilNode;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.Ledger.Published;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.ledger.LedgerView.SigningKey;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.support.RpcFault;
import openledger.support.RpcFaultProxy.Passage;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real chain; what it cannot be made to say, a proxy says for it. Long because a chain has many answers. */
final class Web3jLedgerTest {
    @TempDir
    Path folder = Path.of("");

    private LocalChain chain;
    private Web3jLedger ledger;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        chain = new LocalChain(folder);
        ledger = chain.ledger();
    }

    @AfterEach
    void stop() throws IOException {
        ledger.close();
        chain.close();
    }

    @Test
    void aLaneIsOpenedGetsAPolicyAndGrowsByBatches() {
        assertThat(await(ledger.view()).lane()).isEqualTo(new Lane.NotOpen());
        assertThat(await(ledger.published(LocalChain.POLICY_HASH))).isEqualTo(Published.NO);

        chain.open(ledger);
        LedgerCall.Commit first = chain.commit(1, Hash32.ZERO);
        Inclusion inclusion = chain.include(ledger, first).inclusion();

        assertThat(await(ledger.published(LocalChain.POLICY_HASH))).isEqualTo(Published.YES);
        assertThat(inclusion.effect()).isEqualTo(Effect.DONE);
        assertThat(inclusion.committedAt()).isPositive();
        assertThat(inclusion.fee()).isGreaterThan(Wei.ZERO);
        LedgerView view = await(ledger.view());
        assertThat(view.lane())
                .isEqualTo(new Lane.Open(
                        chain.account.address(),
                        chain.account.address(),
                        chain.account.address(),
                        SigningKey.SIGNS,
                        1,
                        first.header().head()));
        assertThat(view.latest().number())
                .isGreaterThanOrEqualTo(inclusion.block().number());
        assertThat(view.safe().number()).isLessThanOrEqualTo(view.latest().number());
        assertThat(view.finalized().number()).isLessThanOrEqualTo(view.safe().number());
        assertThat(await(ledger.canonical(List.of(inclusion.block().number(), 1_000_000_000L))))
                .containsExactly(Optional.of(inclusion.block().hash()), Optional.empty());
    }

    @Test
    void aLaneHasTheNumberThatFollowsFromItsOpenerAndTheSalt() {
        chain.include(ledger, LocalChain.opening());
        for (long salt : new long[] {0, 1, 2, 1L << 40, Long.MAX_VALUE}) {
            Address signer = Address.parse("0x" + "5a".repeat(Address.BYTES));
            Inclusion opened =
                    chain.include(ledger, new LedgerCall.OpenLane(salt, signer)).inclusion();
            LaneId lane = LaneNumber.of(chain.account.address(), salt);

            assertThat(opened.effect()).isEqualTo(Effect.DONE);
            assertThat(lane.value()).isLessThan(1L << 53);
            Web3jLedger other = chain.ledger(lane, chain.account.address());
            assertThat(await(other.view()).lane())
                    .isEqualTo(new Lane.Open(
                            chain.account.address(),
                            chain.account.address(),
                            signer,
                            SigningKey.UNKNOWN,
                            0,
                            Hash32.ZERO));
            other.close();
        }
    }

    @Test
    void aLaneIsOpenedOnce() {
        chain.include(ledger, LocalChain.opening());

        assertThat(chain.include(ledger, LocalChain.opening()).inclusion().effect())
                .isEqualTo(Effect.REVERTED);
    }

    @Test
    void aKeyThatWasReplacedIsRetiredForGood() {
        Address second = Address.parse("0x" + "5a".repeat(Address.BYTES));
        chain.open(ledger);

        chain.include(ledger, new LedgerCall.SetSigner(LocalChain.LANE, second));

        Lane.Open open = (Lane.Open) await(ledger.view()).lane();
        assertThat(open.signer()).isEqualTo(second);
        assertThat(open.ours()).isEqualTo(SigningKey.RETIRED);
        assertThat(chain.include(ledger, new LedgerCall.SetSigner(LocalChain.LANE, chain.account.address()))
                        .inclusion()
                        .effect())
                .isEqualTo(Effect.REVERTED);
        assertThat(chain.include(ledger, chain.commit(1, Hash32.ZERO))
                        .inclusion()
                        .effect())
                .isEqualTo(Effect.DONE);
    }

    @Test
    void leavesCanBePostedAsCallData() {
        chain.open(ledger);
        byte[] leaves = new byte[96];
        LedgerCall.Commit commit = new LedgerCall.Commit(
                chain.header(1, Hash32.ZERO, leaves, LocalChain.POLICY_HASH), Optional.of(leaves));

        assertThat(chain.include(ledger, commit).inclusion().effect()).isEqualTo(Effect.DONE);
    }

    @Test
    void whatTheRegistryRefusesIsRevertedInABlock() {
        chain.open(ledger);

        assertThat(chain.include(ledger, chain.commit(2, Hash32.ZERO))
                        .inclusion()
                        .effect())
                .isEqualTo(Effect.REVERTED);
    }

    @Test
    void anAddressWithoutCodeIsNoRegistry() {
        Web3jLedger elsewhere = new Web3jLedger(
                chain.vertx,
                new ChainSettings(
                        RpcSettings.of(
                                List.of(chain.node.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5)),
                        AnvilNode.CHAIN_ID,
                        Address.parse("0x00000000000000000000000000000000000000aa"),
                        LocalChain.LANE,
                        chain.account.address(),
                        LocalChain.FEES,
                        Duration.ofSeconds(1),
                        List.of(),
                        LocalChain.POLL),
                chain.account);

        assertThat(await(elsewhere.view()).lane()).isEqualTo(new Lane.NoRegistry());
        assertThat(await(elsewhere.published(Hash32.ZERO))).isEqualTo(Published.NO);
        elsewhere.close();
    }

    @Test
    void theFeeForDataOnL1IsPartOfTheFee() {
        Inclusion plain = chain.include(ledger, LocalChain.opening()).inclusion();
        chain.proxy.put(RpcFault.l1Fee(12_345));

        assertThat(await(ledger.inclusion(plain.transaction())).orElseThrow().fee())
                .isEqualTo(plain.fee().plus(Wei.of(12_345)));
    }

    @Test
    void feesFollowTheChainUpToTheCap() {
        Fees usual = await(ledger.fees());
        chain.proxy.put(RpcFault.feeSpike(20));
        Fees dear = await(ledger.fees());
        chain.proxy.put(RpcFault.feeSpike(1_000));
        Fees capped = await(ledger.fees());

        assertThat(usual.priorityFee()).isGreaterThanOrEqualTo(LocalChain.FEES.leastPriority());
        assertThat(dear.maxFee()).isGreaterThan(usual.maxFee());
        assertThat(dear.maxFee()).isGreaterThanOrEqualTo(Wei.of(40_000_000_000L));
        assertThat(capped.maxFee()).isEqualTo(LocalChain.FEES.cap());
    }

    @Test
    void aViewIsOfOneBlockWhileTheChainReorganises() throws IOException, InterruptedException {
        AtomicReference<BlockRef> orphan = new AtomicReference<>();
        chain.open(ledger);
        // Or the block that is asked for is too deep by the time of the reorganisation.
        chain.node.stall();
        chain.proxy.put(new RpcFault() {
            @Override
            public boolean concerns(JsonObject question) {
                return orphan.get() == null && "eth_getTransactionCount".equals(question.getString("method"));
            }

            @Override
            public void befall(JsonObject question, Passage passage) {
                String hash = question.getJsonArray("params").getJsonObject(1).getString("blockHash");
                orphan.set(new BlockRef(0, Hash32.parse(hash)));
                passage.ask(
                        new JsonObject()
                                .put("jsonrpc", "2.0")
                                .put("id", 1)
                                .put("method", "anvil_reorg")
                                .put("params", new JsonArray().add(2).add(new JsonArray())),
                        done -> passage.ask(passage::answer));
            }
        });

        LedgerView view = await(ledger.view());

        assertThat(view.latest().hash()).isNotEqualTo(orphan.get().hash());
    }

    @Test
    void afterAReorgTheSameBytesAreTakenAgain() throws IOException, InterruptedException {
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());
        Inclusion before = ((Submission.Included) await(ledger.submit(sent))).inclusion();
        chain.node.stall();
        chain.node.mine();
        int depth = Math.toIntExact(chain.node.blockNumber() - before.block().number() + 1);

        chain.node.reorg(depth);

        assertThat(await(ledger.inclusion(sent.hash()))).isEmpty();
        assertThat(await(ledger.canonical(List.of(before.block().number()))))
                .doesNotContain(Optional.of(before.block().hash()));
        chain.node.resume(1);
        assertThat(await(ledger.submit(sent))).isInstanceOf(Submission.Included.class);
    }

    @Test
    void aRefusalToAnswerIsNotTakenForAbsence() {
        Inclusion inclusion = chain.include(ledger, LocalChain.opening()).inclusion();
        chain.proxy.put(RpcFault.refused(RpcFault.RECEIPT, -32000, "transaction indexing is in progress"));
        chain.proxy.put(RpcFault.refused("eth_getBlockByNumber", -32005, "limit exceeded"));

        assertThatThrownBy(() -> await(ledger.inclusion(inclusion.transaction())))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("indexing");
        assertThatThrownBy(() -> await(ledger.canonical(List.of(1L)))).isInstanceOf(LedgerUnavailable.class);
        assertThatThrownBy(() -> await(ledger.view())).isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void aNodeThatIsGoneIsLeftForTheNext() {
        Web3jLedger two = chain.ledger(
                List.of(chain.proxy.rpc(), chain.node.rpc()), LocalChain.FEES, Duration.ofSeconds(3), List.of());
        await(two.view());
        chain.proxy.down();

        assertThat(await(two.view()).lane()).isEqualTo(new Lane.NotOpen());

        chain.proxy.up();
        two.close();
    }
}
