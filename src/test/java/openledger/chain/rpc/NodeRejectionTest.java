package openledger.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import openledger.chain.rpc.NodeRejection.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.web3j.protocol.core.Response;

final class NodeRejectionTest {
    @ParameterizedTest
    @CsvSource({
        "-32000, already known, KNOWN",
        "-32003, transaction already imported, KNOWN",
        "-32000, AlreadyKnown, KNOWN",
        "-32000, 'nonce too low: next nonce 5, tx nonce 4', NONCE_USED",
        "-32003, nonce too low, NONCE_USED",
        "-32000, nonce too high, NONCE_GAP",
        "6, whatever, NONCE_GAP",
        "-32000, 'nonce too high: gapped nonce', NONCE_GAP",
        "-32000, replacement transaction underpriced, UNDERPRICED",
        "-32000, 'transaction underpriced: gas tip cap 1, minimum needed 2', UNDERPRICED",
        "-32003, max fee per gas less than block base fee, UNDERPRICED",
        "-32000, 'insufficient funds for gas * price + value: balance 0', REFUSED",
        "-32000, Insufficient funds for gas * price + value, REFUSED",
        "-32000, 'intrinsic gas too low: gas 1, minimum needed 21000', REFUSED",
        "-32000, exceeds block gas limit, REFUSED",
        "-32000, invalid chain id for signer, REFUSED",
        "4, anything, NOT_IN_TIME",
        "5, anything, NOT_READY",
        "-32601, Method not found, NO_SUCH_METHOD",
        "-32000, the method eth_sendRawTransactionSync does not exist/is not available, NO_SUCH_METHOD",
        "-32001, rpc method is not whitelisted, NO_SUCH_METHOD",
        "-32603, internal error, UNCLEAR",
        "-32000, txpool is full, UNCLEAR",
    })
    void nodesObjectInManyWords(int code, String message, Kind kind) {
        assertThat(NodeRejection.of(new Response.Error(code, message)).kind()).isEqualTo(kind);
    }

    @Test
    void wordsAreCleanedAndCut() {
        NodeRejection objection =
                NodeRejection.of(new Response.Error(-32000, "a\u001b[31m\nb\u202e" + "x".repeat(10_000)));

        assertThat(objection.words()).startsWith("a?[31m?b?x").hasSize(200);
        assertThat(NodeRejection.of(new Response.Error(-32000, null)).kind()).isEqualTo(Kind.UNCLEAR);
    }
}
