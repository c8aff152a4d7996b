package openledger.chain;

import java.math.BigInteger;
import java.util.HexFormat;
import openledger.chain.rpc.NodeValue;
import openledger.commitment.evm.Keccak256;
import openledger.settlement.ledger.Ledger.Fees;
import openledger.settlement.ledger.SignedTransaction;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.Wei;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;

/** An account that commits or signs for us: a private key and its address. Its text form shows the address only. */
public final class LaneAccount {
    private static final int KEY_DIGITS = 64;
    private static final int HEX = 16;

    private final Credentials credentials;
    private final Address address;

    private LaneAccount(Credentials credentials) {
        this.credentials = credentials;
        this.address = Address.parse(credentials.getAddress());
    }

    /**
     * Reads a private key: 64 hex digits, with or without {@code 0x}.
     *
     * @throws IllegalArgumentException for anything else; the message does not have the key
     */
    public static LaneAccount of(String privateKey) {
        String digits = privateKey.strip();
        if (digits.startsWith("0x")) {
            digits = digits.substring(2);
        }
        if (digits.length() != KEY_DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("a private key must have 64 hex digits");
        }
        BigInteger key = new BigInteger(digits, HEX);
        if (key.signum() == 0 || key.compareTo(Sign.CURVE_PARAMS.getN()) >= 0) {
            throw new IllegalArgumentException("the private key is not valid for secp256k1");
        }
        return new LaneAccount(Credentials.create(ECKeyPair.create(key)));
    }

    /** Who transactions come from, or promises are signed by. */
    public Address address() {
        return address;
    }

    /** Makes and signs a transaction of EIP-1559 that sends no coins. Takes about a millisecond. */
    public SignedTransaction sign(long chainId, long nonce, BigInteger gasLimit, Address to, byte[] data, Fees fees) {
        return sign(chainId, nonce, gasLimit, to, data, Wei.ZERO, fees);
    }

    /** The same with coins. */
    public SignedTransaction sign(
            long chainId, long nonce, BigInteger gasLimit, Address to, byte[] data, Wei value, Fees fees) {
        RawTransaction transaction = RawTransaction.createTransaction(
                chainId,
                BigInteger.valueOf(nonce),
                gasLimit,
                to.toString(),
                value.value(),
                NodeValue.hex(data),
                fees.priorityFee().value(),
                fees.maxFee().value());
        byte[] raw = TransactionEncoder.signMessage(transaction, credentials);
        return new SignedTransaction(Hash32.of(Keccak256.digest(raw)), raw, nonce, fees.maxFee(), fees.priorityFee());
    }

    Credentials credentials() {
        return credentials;
    }

    @Override
    public String toString() {
        return "LaneAccount[" + address + "]";
    }
}
