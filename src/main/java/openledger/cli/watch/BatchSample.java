package openledger.cli.watch;

import openledger.commitment.BatchHeader;
import openledger.commitment.evm.Keccak256;
import openledger.unit.Hash32;

/** Which batches an auditor reads that does not read all: nobody else can tell, and it is the same after a crash. Immutable. */
final class BatchSample {
    private static final double ALL = 0x1p63;

    private final byte[] secret;
    private final double share;

    /** @param share of the batches, 0 to 1 */
    BatchSample(byte[] secret, double share) {
        this.secret = secret.clone();
        this.share = share;
    }

    boolean takes(BatchHeader header) {
        Hash32 luck = new Keccak256().add(secret).add(header.head().bytes()).finish();
        return share >= 1 || (luck.prefix() >>> 1) < share * ALL;
    }
}
