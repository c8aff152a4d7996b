package openledger.inference;

import java.util.concurrent.Executor;

/** Port: the threads that requests live on. */
public interface EventLoops {
    /** The event loop of the caller. */
    Loop here();

    /** The event loop for something that belongs to no request. */
    Loop next();

    /** One event loop; what is confined to it is touched by its own thread alone. Equal if it is the same. */
    interface Loop extends Executor {
        /**
         * Runs {@code task} soon, in the order given, and never before what runs now is done, not even for a caller on this loop: so
         * nobody is called back in the middle of a change. Thread-safe.
         */
        @Override
        void execute(Runnable task);
    }
}
