package openledger.wiring;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The end of a stop that does not end by itself: whatever clients, providers or the database do, the process is gone once its parts have
 * had the time they may have.
 */
@Singleton
final class StopDeadline {
    /** For the journal to write what is pending, settlement to stop and telemetry to send what is left. */
    private static final Duration LAST_WORK = Duration.ofSeconds(25);

    /** Where a stop was cut off: EX_SOFTWARE of sysexits.h. */
    static final int EXIT = 70;

    private final Duration allowed;

    @Inject
    StopDeadline(
            @ConfigProperty(name = "quarkus.shutdown.delay", defaultValue = "0S") Duration delay,
            @ConfigProperty(name = "quarkus.shutdown.timeout", defaultValue = "0S") Duration timeout) {
        this.allowed = delay.plus(timeout).plus(LAST_WORK);
    }

    void watch(@Observes StartupEvent started) {
        watch(allowed);
    }

    /** The hook itself ends at once: the virtual machine waits for hooks, and not for the thread that it starts. */
    static void watch(Duration allowed) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform()
                        .unstarted(() -> Thread.ofPlatform()
                                .daemon()
                                .name("stop-deadline")
                                .start(() -> end(allowed))));
    }

    private static void end(Duration allowed) {
        try {
            Thread.sleep(allowed);
            System.err.println(
                    "The shutdown did not end within " + allowed.toSeconds() + " s; the process is ended now.");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT);
    }
}
