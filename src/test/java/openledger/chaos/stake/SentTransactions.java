package openledger.chaos.stake;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import openledger.demo.AnvilNode;
import openledger.unit.Address;

/**
 * What an account has sent, as the blocks of a chain have it.
 *
 * @param count its transactions
 * @param refused those of them that cost something and did nothing
 * @param gas of all of them
 * @param wei that they have cost, without what went with them
 */
record SentTransactions(long count, long refused, long gas, BigInteger wei) {
    static SentTransactions of(AnvilNode node, Address account) throws IOException, InterruptedException {
        SentTransactions all = new SentTransactions(0, 0, 0, BigInteger.ZERO);
        for (long block = node.blockNumber(); block >= 0; block--) {
            JsonObject found = (JsonObject) node.call("eth_getBlockByNumber", "0x" + Long.toHexString(block), true);
            JsonArray transactions = found.getJsonArray("transactions");
            for (int i = 0; i < transactions.size(); i++) {
                JsonObject transaction = transactions.getJsonObject(i);
                if (account.toString().equalsIgnoreCase(transaction.getString("from"))) {
                    all = all.and((JsonObject) node.call("eth_getTransactionReceipt", transaction.getString("hash")));
                }
            }
        }
        return all;
    }

    private SentTransactions and(JsonObject receipt) {
        long used = Long.decode(receipt.getString("gasUsed"));
        long price = Long.decode(receipt.getString("effectiveGasPrice"));
        return new SentTransactions(
                count + 1,
                refused + ("0x1".equals(receipt.getString("status")) ? 0 : 1),
                gas + used,
                wei.add(BigInteger.valueOf(used).multiply(BigInteger.valueOf(price))));
    }
}
