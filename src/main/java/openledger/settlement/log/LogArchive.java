package openledger.settlement.log;

import java.io.IOException;
import java.util.Optional;

/**
 * Port: a store of objects under names, which has the exports of lanes ({@link ArchiveNames}). Whoever may write there may write anything,
 * so what is read is checked against the database before it is used. Blocks its caller for a bounded time: for commands and workers.
 * Thread-safe.
 */
public interface LogArchive {
    /**
     * What is under a name; empty if there is nothing.
     *
     * @param most bytes that are taken
     * @throws IOException if it cannot be read, or is longer, with a reason for people
     */
    Optional<byte[]> read(String name, int most) throws IOException;

    /**
     * Puts an object under a name: all of it or nothing, whenever the process ends. It lasts once this returns.
     *
     * @param before what has to be there; empty for nothing
     * @return false if something else is there, which stays
     * @throws IOException if it cannot be written, with a reason for people
     */
    boolean write(String name, Optional<byte[]> before, byte[] content) throws IOException;
}
