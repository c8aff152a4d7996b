package openledger.bench.guard;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import openledger.commitment.LeafPromise;
import openledger.commitment.SignedPromise;
import openledger.commitment.leaf.LeafKind;
import openledger.commitment.leaf.RequestCommitment;
import openledger.commitment.leaf.RequestDigest;
import openledger.commitment.verify.PromiseHeader;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.RequestId;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/**
 * Requests of one body and as many nonces, and the promise of each, signed before anything is measured. Thread-safe.
 *
 * @param signer who has signed
 * @param requests each a whole message of HTTP/1.1
 * @param headers values of {@code openledger-promise}, one for each request
 */
record PromisedAnswers(Address signer, List<byte[]> requests, List<String> headers) {
    /** Where a request has its number: the answer that it gets. */
    static final String NUMBER = "number";

    static final long LANE = 1;
    private static final long CHAIN_ID = 901;
    private static final Address REGISTRY = Address.parse("0x0000000000000000000000000000000000000901");
    private static final long LONGEST_SECONDS = 3_600;
    private static final byte[] SALT = new byte[16];
    private static final String BODY =
            "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"How much later?\"}]}";

    static PromisedAnswers make(int count) {
        ECKeyPair key = ECKeyPair.create(BigInteger.valueOf(901));
        Address signer = Address.parse("0x" + Keys.getAddress(key));
        List<byte[]> requests = new ArrayList<>(count);
        List<String> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String nonce = "bench-" + i;
            RequestId id = new RequestId(LANE, i + 1L);
            byte[] digest = RequestDigest.of(BODY.getBytes(StandardCharsets.US_ASCII), nonce);
            long now = Instant.now().getEpochSecond();
            LeafPromise promise = new LeafPromise(
                    LANE,
                    RequestCommitment.of(id, digest, SALT),
                    LeafKind.OUTCOME,
                    Hash32.ZERO,
                    now,
                    now + LONGEST_SECONDS);
            byte[] signature = sign(key, promise.digest(CHAIN_ID, REGISTRY));
            headers.add(
                    PromiseHeader.text(new SignedPromise(CHAIN_ID, REGISTRY, promise, signature, signer), id, SALT));
            requests.add(("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer sk-bench\r\n"
                            + "openledger-nonce: " + nonce + "\r\n" + NUMBER + ": " + i
                            + "\r\ncontent-type: application/json\r\ncontent-length: " + BODY.length() + "\r\n\r\n"
                            + BODY)
                    .getBytes(StandardCharsets.US_ASCII));
        }
        return new PromisedAnswers(signer, requests, headers);
    }

    /** What a guard that is to trust them is started with. */
    List<String> trust() {
        return List.of(
                "--lane",
                Long.toString(LANE),
                "--chain-id",
                Long.toString(CHAIN_ID),
                "--registry",
                REGISTRY.toString(),
                "--signer",
                signer.toString());
    }

    private static byte[] sign(ECKeyPair key, Hash32 digest) {
        Sign.SignatureData made = Sign.signMessage(digest.bytes(), key, false);
        byte[] signature = new byte[SignedPromise.SIGNATURE_BYTES];
        System.arraycopy(made.getR(), 0, signature, 0, 32);
        System.arraycopy(made.getS(), 0, signature, 32, 32);
        signature[64] = made.getV()[0];
        return signature;
    }
}
