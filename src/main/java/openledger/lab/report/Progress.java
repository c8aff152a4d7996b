package openledger.lab.report;

/** Receives the progress of a run. Called from several threads. */
@FunctionalInterface
public interface Progress {
    /** Nobody. */
    Progress NONE = (words, done, of) -> {};

    /**
     * So much is done.
     *
     * @param words what is being done
     * @param done parts that are
     * @param of parts there are
     */
    void done(String words, int done, int of);
}
