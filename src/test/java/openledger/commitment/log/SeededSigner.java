package openledger.commitment.log;

import java.util.HexFormat;
import openledger.identity.NoteSecret;

/** Makes signers from their secrets as bytes. */
public final class SeededSigner {
    private SeededSigner() {}

    public static NoteSigner of(String name, NoteKey.Kind kind, byte[] seed) {
        return NoteSecret.signer(name, kind, HexFormat.of().formatHex(seed));
    }
}
