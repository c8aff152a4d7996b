package openledger.inference.record;

/** Records cannot be read now: the database does not answer, or its connection was lost. */
public final class RecordsUnavailable extends RuntimeException {
    public RecordsUnavailable(Throwable cause) {
        super("the database of records does not answer", cause);
    }
}
