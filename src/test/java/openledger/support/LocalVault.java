package openledger.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import openledger.commitment.evm.CallData;
import openledger.commitment.stake.VaultCode;
import openledger.commitment.stake.VaultTerms;
import openledger.demo.AnvilNode;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/**
 * A vault on a chain of this machine. Its terms are as short as a vault takes them, and that is days: so time is moved there. The accounts
 * are the chain's own, which it signs for.
 */
public final class LocalVault {
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    /** The bounds of a vault allow no shorter times. */
    public static final VaultTerms TERMS = new VaultTerms(
            ETHER.multiply(BigInteger.TEN),
            BigInteger.ZERO,
            Duration.ofHours(1),
            ETHER.divide(BigInteger.TEN),
            ETHER,
            3,
            ETHER.divide(BigInteger.valueOf(20)),
            250_000,
            3_000,
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofHours(1),
            Duration.ofDays(1));

    private static final String FACTORY = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
    private static final Path ARTIFACT = Path.of("contracts/artifacts/StakeVault.json");
    private static final int MOST_LOOKS = 100;
    private static final long LOOK_MILLIS = 100;
    private static final String GAS = "0xe4e1c0";

    private LocalVault() {}

    /** The contract's own description of itself. */
    public static JsonObject artifact() throws IOException {
        return new JsonObject(Files.readString(ARTIFACT));
    }

    /** Deploys a vault for the lanes of a registry. */
    public static Address deploy(AnvilNode chain, Address registry, VaultTerms terms)
            throws IOException, InterruptedException {
        String arguments = HexFormat.of()
                .formatHex(CallData.nested()
                        .address(registry)
                        .words(terms.encode())
                        .encode());
        String from = ((JsonArray) chain.call("eth_accounts")).getString(0);
        JsonObject receipt = mined(
                chain, new JsonObject().put("from", from).put("data", artifact().getString("bytecode") + arguments));
        return Address.parse(receipt.getString("contractAddress"));
    }

    /** Deploys a vault through the deployment proxy, so that it is where everybody looks for it. */
    public static Address deployWhereItBelongs(AnvilNode chain, Address registry, VaultTerms terms)
            throws IOException, InterruptedException {
        String arguments = HexFormat.of()
                .formatHex(CallData.nested()
                        .address(registry)
                        .words(terms.encode())
                        .encode());
        String from = ((JsonArray) chain.call("eth_accounts")).getString(0);
        String code = artifact().getString("bytecode").substring(2);
        mined(chain, new JsonObject().put("from", from).put("to", FACTORY).put("data", Hash32.ZERO + code + arguments));
        return VaultCode.address(registry, terms);
    }

    /** Adds to a lane's stake, from an account of the chain's own. */
    public static void deposit(AnvilNode chain, Address vault, LaneId lane, Wei amount)
            throws IOException, InterruptedException {
        byte[] call = CallData.of("deposit(uint64)").number(lane.value()).encode();
        mined(
                chain,
                new JsonObject()
                        .put("from", ((JsonArray) chain.call("eth_accounts")).getString(0))
                        .put("to", vault.toString())
                        .put("value", "0x" + amount.value().toString(16))
                        .put("data", "0x" + HexFormat.of().formatHex(call)));
    }

    /**
     * Makes a vault the gate of a lane, or takes it away.
     *
     * @param owner of the lane, an account of the chain's own
     * @param gate the vault; the address zero for none
     */
    public static void gate(AnvilNode chain, Address registry, LaneId lane, Address owner, Address gate)
            throws IOException, InterruptedException {
        byte[] call = CallData.of("setGate(uint64,address)")
                .number(lane.value())
                .address(gate)
                .encode();
        mined(
                chain,
                new JsonObject()
                        .put("from", owner.toString())
                        .put("to", registry.toString())
                        .put("data", "0x" + HexFormat.of().formatHex(call)));
    }

    /** Lets time pass on the chain, and makes a block after it. */
    public static void pass(AnvilNode chain, Duration time) throws IOException, InterruptedException {
        chain.call("evm_increaseTime", time.toSeconds());
        chain.mine();
    }

    private static JsonObject mined(AnvilNode chain, JsonObject transaction) throws IOException, InterruptedException {
        Object hash = chain.call("eth_sendTransaction", transaction.put("gas", GAS));
        for (int look = 0; look < MOST_LOOKS; look++) {
            if (chain.call("eth_getTransactionReceipt", hash) instanceof JsonObject receipt) {
                if (!"0x1".equals(receipt.getString("status"))) {
                    throw new IOException("the chain refuses it: " + receipt);
                }
                return receipt;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new IOException("no block has taken it");
    }
}
