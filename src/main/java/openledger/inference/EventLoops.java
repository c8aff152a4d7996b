package openledger.inference;

/** Port: the threads that requests live on. */
public interface EventLoops {
    /** The event loop of the caller. */
    Loop here();

    /** One event loop; what is confined to it is touched by its own thread alone. Equal if it is the same. */
    interface Loop {
        /** Runs {@code task} at once if this is the caller's loop, else soon, in the order given. */
        void run(Runnable task);
    }
}
