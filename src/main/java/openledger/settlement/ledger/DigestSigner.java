package openledger.settlement.ledger;

import io.smallrye.mutiny.Uni;
import openledger.unit.Address;
import openledger.unit.Hash32;

/** Port: signatures with the lane's key, which stays where it is. Safe for several threads. */
public interface DigestSigner {
    /** Whose signatures these are. */
    Address address();

    /** Signs a digest: r, s, and v as 27 or 28, 65 bytes. Takes about a millisecond and runs off the event loop. */
    Uni<byte[]> sign(Hash32 digest);
}
