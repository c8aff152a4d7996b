package openledger.chain;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import openledger.settlement.ledger.Inclusion;
import openledger.settlement.ledger.Inclusion.Effect;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.LedgerCall;
import openledger.settlement.ledger.SignedTransaction;
import openledger.settlement.ledger.Submission;
import openledger.support.RpcFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of sending, on a real chain; what it cannot be made to say, a proxy says for it. */
final class TransactionSenderTest {
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
    void withoutSyncSendATransactionIsPendingAndTheMethodIsNotAskedForAgain() {
        chain.proxy.put(RpcFault.noSyncSend());

        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());
        assertThat(await(ledger.submit(sent))).isEqualTo(new Submission.Pending());
        assertThat(await(ledger.submit(sent))).isInstanceOfAny(Submission.Pending.class, Submission.Included.class);

        assertThat(chain.proxy.timesAsked(RpcFault.SEND_SYNC)).isOne();
        assertThat(included(sent).effect()).isEqualTo(Effect.DONE);
    }

    @Test
    void theSameBytesTwiceDoNoHarm() {
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());
        await(ledger.submit(sent));

        assertThat(await(ledger.submit(sent))).isInstanceOf(Submission.Included.class);
    }

    @Test
    void anAnswerThatWasLostAfterTheTransactionGotInIsFoundByItsHash() {
        RpcFault lost = RpcFault.answerLost();
        chain.proxy.put(lost);

        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());

        assertThat(await(ledger.submit(sent))).isInstanceOfAny(Submission.Included.class, Submission.Pending.class);
        assertThat(included(sent).effect()).isEqualTo(Effect.DONE);
    }

    @Test
    void anErrorForATransactionThatGotInDoesNotDeceive() {
        chain.proxy.put(RpcFault.refusedThoughTaken(-32003, "nonce too low"));

        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());

        assertThat(await(ledger.submit(sent))).isInstanceOf(Submission.Included.class);
    }

    @Test
    void whatWasTakenButIsNotInABlockInTimeIsPending() throws IOException, InterruptedException {
        chain.node.stall();
        chain.proxy.put(RpcFault.notInTime());
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());

        assertThat(await(ledger.submit(sent))).isEqualTo(new Submission.Pending());

        chain.node.mine();
        assertThat(included(sent).effect()).isEqualTo(Effect.DONE);
    }

    @Test
    void aNodeThatWaitsTooLongIsNotWaitedFor() throws IOException, InterruptedException {
        Web3jLedger impatient =
                chain.ledger(List.of(chain.proxy.rpc()), LocalChain.FEES, Duration.ofMillis(300), List.of());
        chain.node.stall();
        SignedTransaction sent = chain.sign(impatient, LocalChain.opening());

        assertThat(await(impatient.submit(sent))).isEqualTo(new Submission.Pending());
        impatient.close();
    }

    @Test
    void whatWasNotTakenBecauseOfAGapIsANonceGap() {
        chain.proxy.put(RpcFault.notReady());
        LedgerCall call = LocalChain.opening();
        long nonce = await(ledger.view()).nonce();
        SignedTransaction early = await(ledger.sign(call, nonce + 1, await(ledger.fees())));

        assertThat(await(ledger.submit(early))).isEqualTo(new Submission.NonceGap());
    }

    @Test
    void aNonceThatAnotherTransactionTookIsUsed() {
        LedgerCall call = LocalChain.opening();
        long nonce = await(ledger.view()).nonce();
        SignedTransaction first = await(ledger.sign(call, nonce, LocalChain.fees(3_000_000_000L)));
        SignedTransaction second = await(ledger.sign(call, nonce, LocalChain.fees(4_000_000_000L)));
        await(ledger.submit(first));

        assertThat(await(ledger.submit(second))).isEqualTo(new Submission.NonceUsed());
    }

    @Test
    void aReplacementThatPaysTooLittleIsUnderpriced() throws IOException, InterruptedException {
        chain.proxy.put(RpcFault.noSyncSend());
        chain.node.stall();
        LedgerCall call = LocalChain.opening();
        long nonce = await(ledger.view()).nonce();
        SignedTransaction first = await(ledger.sign(call, nonce, LocalChain.fees(4_000_000_000L)));
        SignedTransaction second = await(ledger.sign(call, nonce, LocalChain.fees(3_900_000_000L)));
        await(ledger.submit(first));

        assertThat(await(ledger.submit(second))).isEqualTo(new Submission.Underpriced());
    }

    @Test
    void anAccountWithoutCoinsIsRefusedWithTheReason() throws IOException, InterruptedException {
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());
        chain.node.setBalance(chain.account.address().toString(), 1);

        assertThat(await(ledger.submit(sent)))
                .isInstanceOfSatisfying(
                        Submission.Refused.class,
                        refused -> assertThat(refused.reason()).containsIgnoringCase("insufficient funds"));
    }

    @Test
    void whereNobodyAnswersTheOutcomeIsUnknownAndReadingFails() {
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());
        chain.proxy.down();

        assertThat(await(ledger.submit(sent))).isInstanceOf(Submission.Unknown.class);
        assertThatThrownBy(() -> await(ledger.view())).isInstanceOf(LedgerUnavailable.class);

        chain.proxy.up();
    }

    @Test
    void aPreconfirmedReceiptNamesABlockThatIsNotCanonicalAndMayVanish() throws IOException, InterruptedException {
        // Or the chain reaches the block of that number before it is asked for.
        chain.node.stall();
        chain.proxy.put(RpcFault.preconfirmedAndDropped(2));
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());

        Inclusion early = ((Submission.Included) await(ledger.submit(sent))).inclusion();

        assertThat(await(ledger.canonical(List.of(early.block().number()))))
                .doesNotContain(Optional.of(early.block().hash()));
        assertThat(await(ledger.inclusion(sent.hash()))).contains(early);
        assertThat(await(ledger.inclusion(sent.hash()))).isEmpty();
    }

    @Test
    void nothingIsSentWhileDataOnL1IsTooDear() {
        RpcFault dear = RpcFault.l1Oracle(LocalChain.FEES.l1Cap().value().longValue() + 1);
        chain.proxy.put(dear);
        SignedTransaction sent = chain.sign(ledger, LocalChain.opening());

        assertThat(await(ledger.submit(sent)))
                .isInstanceOfSatisfying(
                        Submission.Unknown.class,
                        unknown -> assertThat(unknown.reason()).contains("L1"));
        assertThat(chain.proxy.timesAsked(RpcFault.SEND_SYNC)).isZero();

        chain.proxy.take(dear);
        assertThat(await(ledger.submit(sent))).isInstanceOf(Submission.Included.class);
    }

    private Inclusion included(SignedTransaction sent) {
        Optional<Inclusion> found = Optional.empty();
        while (found.isEmpty()) {
            found = await(ledger.inclusion(sent.hash()));
        }
        return found.get();
    }
}
