package openledger.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalStack;
import openledger.support.broker.KafkaBroker;

/** {@code make cluster}: three routers and all that they share, until it is interrupted, and what to try with them. */
public final class ClusterDemo {
    private static final String ADMIN_KEY = "sk-openledger-admin-of-this-machine";

    private ClusterDemo() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.out.println(
                "Starting a Kafka broker, PostgreSQL and its standby, a chain, a provider and three routers, about a minute ...");
        KafkaBroker broker = KafkaBroker.start();
        ClusterStack stack = ClusterStack.start(
                Path.of("target/cluster"),
                Map.of(
                        "OPENLEDGER_STREAM_KAFKA_BOOTSTRAP_SERVERS",
                        broker.address(),
                        "OPENLEDGER_ADMIN_KEY_ENV",
                        "OPENLEDGER_ADMIN_KEY",
                        "OPENLEDGER_ADMIN_KEY",
                        ADMIN_KEY));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stops(stack), "stop"));
        System.out.println(welcome(stack, broker));
        Thread.currentThread().join();
    }

    /** All processes are told to end by hooks of their own. */
    private static void stops(ClusterStack stack) {
        stack.routers().forEach(ClusterRouter::isLeftAlone);
        System.out.println("\nStopping everything; routers end what they have begun ...");
    }

    private static String welcome(ClusterStack stack, KafkaBroker broker) {
        String balancer = stack.balancer().address();
        return """

                Three routers share the lanes %s of one database.

                  balancer   %s/v1            key %s
                  routers    %s
                  provider   http://127.0.0.1:%d           counts calls by the word marker-… in their bodies
                  chain      %s
                  registry   %s           which has all lanes
                  database   %s   (user and password %s)
                  standby    %s
                  broker     %s           Kafka; every decision is in the topic openledger.decisions.v1
                  logs       target/cluster/

                Ask something:

                  curl -si %s/v1/chat/completions -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\
                    -d '{"model": "assistant", "messages": [{"role": "user", "content": "marker-one"}]}'

                Try:

                - Send it twice with  -H 'Idempotency-Key: one', the second time to another router: there is one answer, and one budget; with
                  another body it is 422. How often the provider was called:  curl -s http://127.0.0.1:%d/calls/marker-one
                - Reach a limit of all routers together: %s has %d requests a minute, %s has %d at once, %s has %d tokens a minute.
                - See the figures of all:  %s/  with the key %s
                - See who holds which lane:  select * from lane_lease  in the database; a router's log names its own (lane claimed).
                - Kill a router, and see the others finish its lane; it is started again after half a minute:
                  %s
                - Change target/cluster/router-1.yaml, and have all routers follow it or none (their files differ, so all the others have to
                  be changed alike later):
                  curl -si -X POST '%s/admin/policy/reload?all=true' -H 'Authorization: Bearer %s'
                - Verify what %s/v1/decisions/ID answers:
                  make verify RECEIPT=receipt.json RPC=%s REGISTRY=%s ANY_LANE=1

                Ctrl-C stops everything; that takes some seconds.
                """.formatted(
                        ClusterStack.LANES.numbers(),
                        balancer,
                        LocalStack.KEY,
                        stack.routers().stream().map(ClusterRouter::address).collect(Collectors.joining(" ")),
                        stack.provider().port(),
                        stack.chain().rpc(),
                        stack.registry(),
                        stack.database().first().reactiveUrl(),
                        LocalPostgres.USER,
                        stack.database().second().reactiveUrl(),
                        broker.address(),
                        balancer,
                        LocalStack.KEY,
                        stack.provider().port(),
                        ClusterStack.FEW_KEY,
                        ClusterStack.FEW,
                        ClusterStack.NARROW_KEY,
                        ClusterStack.NARROW,
                        ClusterStack.TOKENS_KEY,
                        ClusterStack.TOKENS,
                        balancer,
                        LocalStack.KEY,
                        stack.routers().stream()
                                .map(router -> "kill -9 " + router.pid() + " (" + router.name() + ")")
                                .collect(Collectors.joining(", ")),
                        stack.routers().getFirst().address(),
                        ADMIN_KEY,
                        balancer,
                        stack.chain().rpc(),
                        stack.registry());
    }
}
