package openledger.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many connections a real server has, for how long, and what they take. Long because the bounds are best read as one list. */
final class ConnectionBoundsTest {
    private static final Duration NEVER = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final String GET = "GET /x HTTP/1.1\r\nhost: a\r\n\r\n";
    private static final String SILENT = "GET /silent HTTP/1.1\r\nhost: a\r\n\r\n";

    private final List<Wire> wires = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Wire wire : wires) {
            wire.close();
        }
    }

    private Wire wire(GuardedServer server, String own) throws IOException {
        Wire wire = new Wire(server.port(), own);
        wires.add(wire);
        return wire;
    }

    @Test
    void connectionsThatAreSilentMakeRoom() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(40, 40, List.of(), NEVER))) {
            for (int i = 0; i < 100; i++) {
                wire(server, "127.0.0.1");
            }

            assertThat(wire(server, "127.0.0.1").send(GET).readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            server.awaitOpen(40);
        }
    }

    @Test
    void oneAddressHasItsShareAndNoMore() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(1_000, 10, List.of(), NEVER))) {
            Wire other = wire(server, "127.0.0.3");
            for (int i = 0; i < 200; i++) {
                wire(server, "127.0.0.2");
            }

            assertThat(other.send(GET).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
            server.awaitOpen(11);
        }
    }

    @Test
    void aTrustedAddressHasMore() throws Exception {
        List<AddressRange> trusted = List.of(AddressRange.of("127.0.0.2/31"));
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(100, 2, trusted, NEVER))) {
            for (int i = 0; i < 20; i++) {
                assertThat(wire(server, "127.0.0.3").send(SILENT).readUntil("begun"))
                        .startsWith("HTTP/1.1 200");
            }

            assertThat(server.open()).isEqualTo(20);
        }
    }

    @Test
    void aRequestUnderWayMakesNoRoom() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(20, 20, List.of(), NEVER))) {
            for (int i = 0; i < 20; i++) {
                wire(server, "127.0.0.1").send(SILENT).readUntil("begun");
            }

            String refused = wire(server, "127.0.0.1").send(GET).readToEnd();

            assertThat(refused).isEmpty();
            assertThat(server.open()).isEqualTo(20);
            assertThat(server.reached()).hasSize(20);
        }
    }

    @Test
    void aPlaceIsGivenBack() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(3, 3, List.of(), NEVER))) {
            for (int i = 0; i < 100; i++) {
                try (Wire wire = new Wire(server.port())) {
                    assertThat(wire.send(GET).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
                }
            }
        }
    }

    @Test
    void aHeadThatDripsIsAnswered408() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(100, 100, List.of(), NEVER, SOON, NEVER, NEVER, NEVER);
        try (GuardedServer server = new GuardedServer(limits)) {
            Wire wire = wire(server, "127.0.0.1").send("GET /x HTTP/1.1\r\nx: a");
            Thread drip = Thread.startVirtualThread(() -> drip(wire));

            assertThat(wire.readToEnd()).startsWith("HTTP/1.1 408 ").contains("head-timeout");
            drip.join();
            assertThat(server.reached()).isEmpty();
        }
    }

    private static void drip(Wire wire) {
        // The server's close ends this; were there none, the octets would.
        for (int i = 0; i < 1_000; i++) {
            try {
                wire.send("y".getBytes(StandardCharsets.US_ASCII), 1);
                Thread.sleep(5);
            } catch (IOException | InterruptedException over) {
                return;
            }
        }
    }

    @Test
    void aConnectionWithoutARequestIsClosed() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(100, 100, List.of(), SOON, NEVER, NEVER, NEVER, NEVER);
        try (GuardedServer server = new GuardedServer(limits)) {
            assertThat(wire(server, "127.0.0.1").readToEnd()).isEmpty();
        }
    }

    @Test
    void aConnectionBetweenRequestsIsClosed() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(100, 100, List.of(), NEVER, NEVER, NEVER, SOON, NEVER);
        try (GuardedServer server = new GuardedServer(limits)) {
            assertThat(wire(server, "127.0.0.1").send(GET + GET).readToEnd().split("200 OK", -1))
                    .hasSize(3);
        }
    }

    @Test
    void aBodyThatNeverEndsIsCutOff() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(100, 100, List.of(), NEVER, NEVER, SOON, NEVER, NEVER);
        try (GuardedServer server = new GuardedServer(limits)) {
            String head = "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n";

            assertThat(wire(server, "127.0.0.1").send(head + "{").readToEnd()).isEmpty();
            server.awaitOpen(0);
        }
    }

    @Test
    void anAnswerThatNobodyReadsIsCutOff() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(100, 100, List.of(), SOON, SOON, SOON, SOON, SOON);
        try (GuardedServer server = new GuardedServer(limits)) {
            Wire wire = wire(server, "127.0.0.1").send("GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
            wire.readUntil("\r\n\r\n");

            server.awaitOpen(0);

            assertThat(wire.readToEnd().length()).isLessThan(GuardedServer.LARGE);
        }
    }

    @Test
    void anAnswerThatIsReadOrSilentIsNot() throws Exception {
        ConnectionLimits limits = new ConnectionLimits(100, 100, List.of(), SOON, SOON, SOON, SOON, SOON);
        try (GuardedServer server = new GuardedServer(limits)) {
            Wire silent = wire(server, "127.0.0.1");
            silent.send(SILENT).readUntil("begun");
            // Another connection's whole life passes meanwhile, twice.
            wire(server, "127.0.0.1").readToEnd();
            wire(server, "127.0.0.1").readToEnd();

            server.awaitOpen(1);
            assertThat(server.open()).isEqualTo(1);
            Wire large = wire(server, "127.0.0.1").send("GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            assertThat(large.readToEnd().length()).isGreaterThan(GuardedServer.LARGE);
        }
    }

    @Test
    void requestsThatAreSentEarlyWaitForTheAnswersBeforeThem() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.WIDE)) {
            wire(server, "127.0.0.1").send(SILENT + GET.repeat(1_000)).readUntil("begun");
            wire(server, "127.0.0.1").send(GET).readUntil("\r\n\r\n");
            assertThat(server.reached()).containsExactly("GET /silent", "GET /x");

            String answers = wire(server, "127.0.0.1")
                    .send(GET.repeat(1_000) + GET.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"))
                    .readToEnd();
            assertThat(answers.split("200 OK", -1)).hasSize(1_002);
        }
    }

    @Test
    void whoSentARequestEarlyIsSeenToLeaveAllTheSame() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.WIDE)) {
            Wire wire = wire(server, "127.0.0.1");
            wire.send(SILENT + GET).readUntil("begun");

            wire.close();

            server.awaitOpen(0);
        }
    }

    @Test
    void answersThatNobodyReadsTakeLittleMemory() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.WIDE)) {
            int clients = 60;
            String page = "GET /page HTTP/1.1\r\nhost: a\r\n\r\n";
            long before = outsideOfTheHeap();
            for (int i = 0; i < clients; i++) {
                wire(server, "127.0.0.1").send(page.repeat(60)).readUntil("\r\n\r\n");
            }
            assertThat(wire(server, "127.0.0.1").send(GET).readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");

            assertThat(outsideOfTheHeap() - before).isLessThan(clients * 512L * 1024);
            // The system takes a page or two of what is written.
            assertThat(server.reached()).hasSizeLessThan(clients * 4);
            Wire reader = wire(server, "127.0.0.1");
            String answers = reader.send(page + page + page.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"))
                    .readToEnd();
            assertThat(answers.length()).isBetween(3 * GuardedServer.PAGE, 3 * GuardedServer.PAGE + 1_000);
        }
    }

    /** Netty counts what it takes without the JDK, if it may; the JDK counts the rest. */
    private static long outsideOfTheHeap() {
        long byJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> "direct".equals(pool.getName()))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return byJdk + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    @Test
    void anAnsweredRequestWhoseBodyDoesNotComeKeepsNobodyOut() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(40, 40, List.of(), NEVER))) {
            String head = "POST /early HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n";
            Wire idle = wire(server, "127.0.0.1").send(GET);
            idle.readUntil("\r\n\r\n");
            for (int i = 0; i < 39; i++) {
                wire(server, "127.0.0.1").send(head + "{").readUntil("early");
            }

            assertThat(wire(server, "127.0.0.1").send(GET).readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
            assertThat(idle.send(GET).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
            server.awaitOpen(2);
        }
    }

    @Test
    void whoHadAGoodKeyKeepsItsPlaceBeforeStrangers() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(40, 40, List.of(), NEVER))) {
            Wire known = wire(server, "127.0.0.1");
            known.send(GET.replace("/x", "/key")).readUntil("\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                wire(server, "127.0.0.1").send(GET).readUntil("\r\n\r\n");
            }

            assertThat(known.send(GET).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
            server.awaitOpen(40);
        }
    }

    @Test
    void aConnectionWhoseFirstRequestMayBeOnItsWayGoesAfterThoseThatWereAnswered() {
        ConnectionLimits limits = GuardedServer.limits(2, 2, List.of(), NEVER);
        Connections connections = new Connections(limits);
        ClientConnection answered = admitted(connections, limits);
        assertThat(answered.isBegun()).isTrue();
        answered.answerIsSent();
        ClientConnection known = admitted(connections, limits);

        ClientConnection fresh = admitted(connections, limits);

        assertThat(answered.isDisplaced()).as("it has gone").isFalse();
        assertThat(known.isBegun()).isTrue();
        assertThat(fresh.isBegun()).isTrue();
        assertThat(connections.size()).isEqualTo(2);
    }

    private static ClientConnection admitted(Connections connections, ConnectionLimits limits) {
        ClientConnection connection = new ClientConnection(new EmbeddedChannel(), limits, connections);
        assertThat(connections.isAdmitted(connection)).isTrue();
        return connection;
    }

    @Test
    void whoHasSentTheRestOfItsBodyWaitsLikeOthers() throws Exception {
        try (GuardedServer server = new GuardedServer(GuardedServer.limits(20, 20, List.of(), NEVER))) {
            String head = "POST /early HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\n";
            Wire late = wire(server, "127.0.0.1").send(head);
            late.readUntil("early");
            late.send("{" + GET).readUntil("\r\n\r\n");
            for (int i = 0; i < 19; i++) {
                wire(server, "127.0.0.1").send(head).readUntil("early");
            }

            wire(server, "127.0.0.1").send(GET).readUntil("\r\n\r\n");

            assertThat(late.send(GET).readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void ofTooManyThatLeaveTheirAnswersUnreadTheEldestIsClosed() {
        Connections connections = new Connections(GuardedServer.WIDE, 0);
        List<EmbeddedChannel> channels = new ArrayList<>();
        for (int i = 0; i <= 64; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            channels.add(channel);
            ClientConnection connection = new ClientConnection(channel, GuardedServer.WIDE, connections);
            assertThat(connections.isAdmitted(connection)).isTrue();
            var _ = channel.closeFuture().addListener(closed -> connection.closed());
            connection.isTaken(false);
        }

        assertThat(channels.getFirst().isOpen()).isFalse();
        assertThat(channels.stream().filter(EmbeddedChannel::isOpen)).hasSize(64);
        channels.forEach(channel -> {
            var _ = channel.close();
        });
        assertThat(connections.size()).isZero();
    }

    @Test
    void theBoundIsWithinTheDescriptorsOfTheProcess() {
        ConnectionLimits wanted = GuardedServer.limits(16_384, 4_096, List.of(), NEVER);

        assertThat(wanted.within(1L << 20)).isEqualTo(wanted);
        assertThat(wanted.within(1_000).most()).isEqualTo(500);
        assertThat(wanted.within(1_000).mostPerAddress()).isEqualTo(250);
    }

    @Test
    void rangesOfAddressesAreReadAndNothingElseIs() {
        assertThat(AddressRange.of("10.0.0.0/8").contains(java.net.InetAddress.ofLiteral("10.200.3.4")))
                .isTrue();
        assertThat(AddressRange.of("10.0.0.0/9").contains(java.net.InetAddress.ofLiteral("10.200.3.4")))
                .isFalse();
        assertThat(AddressRange.of("2001:db8::/33").contains(java.net.InetAddress.ofLiteral("2001:db8:7fff::1")))
                .isTrue();
        assertThat(AddressRange.of("::/0").contains(java.net.InetAddress.ofLiteral("10.0.0.1")))
                .isFalse();
        for (String none : List.of(
                "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8", "", "10.0.0.0/8/8", "10.0.0.0/a")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> AddressRange.of(none))
                    .as(none)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
