package openledger.inference;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Port: the texts of all policies that have been in force. Safe for several threads. */
public interface PolicyVersions {
    /** The canonical text whose keccak-256 is {@code hash} (32 bytes); empty if none has it. */
    Uni<Optional<byte[]>> canonical(byte[] hash);
}
