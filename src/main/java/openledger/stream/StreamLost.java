package openledger.stream;

/** Another has taken the lane's part of the stream: whoever is told so writes no more of it until it has taken it back. */
public final class StreamLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StreamLost(Throwable cause) {
        super("another has taken the lane's part of the stream", cause);
    }
}
