package openledger.cli;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import openledger.access.KeyGrant;
import openledger.access.KeyLimits;
import openledger.access.KeyRegister;
import openledger.access.KeyRegister.Filter;
import openledger.access.KeyRegister.RegisterUnavailable;
import openledger.routing.RoutingMode;
import openledger.store.DatabaseServers;
import openledger.store.DatabaseTrouble;
import openledger.store.key.StoredKeyRegister;
import openledger.unit.ShortDuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Manages the keys of tenants, directly in the database; running routers apply a change within two seconds. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Create, list, rotate and revoke the keys of tenants, directly in the database.",
        footer = {
            "Running routers apply a change within two seconds.",
            "Exit codes: 0 done; 1 there is no such key, or the database does not answer; 2 wrong usage."
        })
public final class KeysCommand {
    private static final int LARGEST_LIMIT = 1_000;

    @Mixin
    private final Console console = new Console();

    /** What every command takes. */
    static final class Shared {
        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The router's configuration; its quarkus.datasource keys name the database.")
        private Path config = Path.of("");

        @Option(names = "--json", description = "Print one JSON object a line.")
        private boolean json;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Create a key and print it; it is shown only once.",
            footer = {
                "Example:",
                "  openledger keys create --config openledger.yaml --tenant acme --label ci --expires 90d"
            })
    int create(
            @Mixin Shared shared,
            @Option(names = "--tenant", required = true, description = "The tenant that the key belongs to.")
                    String tenant,
            @Option(names = "--label", defaultValue = "", description = "What the key is for.") String label,
            @Option(
                            names = "--requests-per-minute",
                            paramLabel = "N",
                            description = "Rate limit of the key; default: none.")
                    Optional<Integer> rate,
            @Option(
                            names = "--concurrent-requests",
                            paramLabel = "N",
                            description = "Limit of requests at once; default: none.")
                    Optional<Integer> concurrent,
            @Option(
                            names = "--tokens-per-minute",
                            paramLabel = "N",
                            description = "Limit of tokens of requests and answers a minute; default: none.")
                    Optional<Integer> tokens,
            @Option(
                            names = "--default-mode",
                            paramLabel = "MODE",
                            description =
                                    "Mode of requests that name none, on routes that allow it: fast or confirmed.")
                    Optional<String> mode,
            @Option(
                            names = "--expires",
                            paramLabel = "WHEN",
                            description = "When the key expires: 90d, 12h, or 2027-01-31T12:00:00Z; default: never.")
                    Optional<String> expires) {
        KeyGrant grant = valid(() -> new KeyGrant(
                tenant,
                label,
                new KeyLimits(limit(rate), limit(concurrent), limit(tokens)),
                mode.map(this::mode),
                expires.map(this::end)));
        return run(shared, (register, printer) -> {
            printer.issued(now(register.create(grant)));
            return 0;
        });
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List keys, newest first; never the keys themselves.",
            footer = {"Example:", "  openledger keys list --config openledger.yaml"})
    int list(
            @Mixin Shared shared,
            @Option(names = "--tenant", description = "Only this tenant's.") Optional<String> tenant,
            @Option(names = "--before", paramLabel = "ID", description = "Only keys older than this one.")
                    Optional<Long> before,
            @Option(
                            names = "--limit",
                            defaultValue = "100",
                            paramLabel = "N",
                            description = "Number of keys, 1 to 1000; default: ${DEFAULT-VALUE}.")
                    int limit) {
        if (limit < 1 || limit > LARGEST_LIMIT) {
            throw console.usage("--limit must be 1 to 1000.");
        }
        return run(shared, (register, printer) -> {
            var page = now(register.list(new Filter(tenant, before.orElse(Long.MAX_VALUE), limit)));
            printer.entries(page.entries());
            page.next().ifPresent(next -> say("There are more keys: --before " + next));
            return 0;
        });
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Replace a key by a new one with the same rules, and print it; it is shown only once.",
            footer = {"Example:", "  openledger keys rotate 42 --config openledger.yaml --grace 24h"})
    int rotate(
            @Mixin Shared shared,
            @Parameters(paramLabel = "ID", description = "The key to replace.") long id,
            @Option(
                            names = "--grace",
                            defaultValue = "0",
                            paramLabel = "TIME",
                            description =
                                    "How long the old key stays valid: 30s, 24h, 7d; at most 90d; default: it ends at once.")
                    String grace) {
        Duration length = ShortDuration.parse(grace)
                .filter(time -> time.compareTo(KeyRegister.LONGEST_GRACE) <= 0)
                .orElseThrow(() -> console.usage("--grace must be like 30s, 10m, 24h or 7d, and at most 90d."));
        return run(shared, (register, printer) -> {
            var issued = now(register.rotate(id, length));
            issued.ifPresent(printer::issued);
            return issued.isPresent() ? 0 : noSuchKey();
        });
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "End a key now.",
            footer = {"Example:", "  openledger keys revoke 42 --config openledger.yaml"})
    int revoke(@Mixin Shared shared, @Parameters(paramLabel = "ID", description = "The key to end.") long id) {
        return run(shared, (register, printer) -> {
            var entry = now(register.revoke(id));
            entry.ifPresent(ended -> printer.entries(java.util.List.of(ended)));
            return entry.isPresent() ? 0 : noSuchKey();
        });
    }

    private int run(Shared shared, Work work) {
        KeyPrinter.Form form = shared.json ? KeyPrinter.Form.JSON : KeyPrinter.Form.TABLE;
        Vertx vertx = NodeCall.loop();
        try {
            DatabaseServers database = ConfiguredDatabase.database(shared.config);
            return run(StoredKeyRegister.at(vertx, database, new SecureRandom()), database, form, work);
        } catch (IOException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        } finally {
            NodeCall.end(vertx);
        }
    }

    private int run(KeyRegister register, DatabaseServers database, KeyPrinter.Form form, Work work) {
        try {
            return work.on(register, new KeyPrinter(console.out(), form));
        } catch (RegisterUnavailable e) {
            Throwable cause = e.getCause();
            say("The command failed: " + DatabaseTrouble.of(cause == null ? e : cause, database) + ".");
            return 1;
        }
    }

    private static <T> T now(Uni<T> answer) {
        return answer.await().indefinitely();
    }

    private int noSuchKey() {
        say("No such key, or it has ended.");
        return 1;
    }

    private void say(String text) {
        console.complain(text);
    }

    private <T> T valid(java.util.function.Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw console.usage(String.valueOf(e.getMessage()));
        }
    }

    private static OptionalInt limit(Optional<Integer> limit) {
        return limit.map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private RoutingMode mode(String word) {
        return RoutingMode.ofWord(word)
                .orElseThrow(() -> console.usage("--default-mode must be 'fast' or 'confirmed'."));
    }

    private Instant end(String text) {
        Instant now = Instant.now();
        try {
            Instant end = ShortDuration.parse(text).map(now::plus).orElseGet(() -> Instant.parse(text));
            if (end.isAfter(now)) {
                return end;
            }
        } catch (DateTimeException e) {
            throw console.usage("--expires must be like 90d, 12h or 2027-01-31T12:00:00Z.");
        }
        throw console.usage("--expires must be in the future.");
    }

    /** What is done with the register. */
    @FunctionalInterface
    private interface Work {
        int on(KeyRegister register, KeyPrinter printer);
    }
}
