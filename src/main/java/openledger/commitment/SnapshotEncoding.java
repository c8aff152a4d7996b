package openledger.commitment;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import openledger.routing.Route;
import openledger.routing.RouteShape;
import openledger.routing.RouteShape.TierShape;
import openledger.routing.Tier;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.routing.allocation.Snapshot.TargetView;
import openledger.routing.allocation.Snapshot.TenantView;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import openledger.unit.TargetId;
import openledger.unit.TenantTag;

/**
 * The bytes of a snapshot, version 2, big-endian, an entry under a batch's snapshot root (RFC 9162, SHA-256): {@code
 * u8 version ‖ u64 number ‖ u64 closed ms ‖ seed(32) ‖ u64 seed block ‖ u16 targets ‖ … ‖ u16 routes ‖ … ‖ u32 tenants ‖ … ‖ u32
 * open ‖ …}; a target is {@code u16 id ‖ u16 free ‖ u8 healthy}, a route {@code u16 id ‖ u16 grid epochs ‖ u8 tiers ‖ (u8 attempts
 * ‖ u8 targets ‖ u16 id …) …}, a tenant {@code tag(16) ‖ u32 deficit}, an open request {@code request key(32) ‖ u32
 * tenant ‖ u16 route ‖ u64 arrival ‖ u8 spent before ‖ u64 turn}, the turn 2⁶⁴ − 1 if it has none yet.
 */
public final class SnapshotEncoding {
    private static final int VERSION = 2;
    private static final int HEAD_BYTES = 1 + 8 + 8 + 32 + 8;
    private static final int COUNTS_BYTES = 2 + 2 + 4 + 4;
    private static final int TARGET_BYTES = 5;
    private static final int TENANT_BYTES = TenantTag.BYTES + 4;
    private static final int OPEN_BYTES = RequestKey.BYTES + 4 + 2 + 8 + 1 + 8;
    private static final long U32 = 0xffff_ffffL;
    private static final int U16 = 0xffff;
    private static final long LARGEST_TABLE = 4_000_000;

    private SnapshotEncoding() {}

    /** The bytes of a snapshot. */
    public static byte[] encode(Snapshot snapshot) {
        ByteBuffer out = ByteBuffer.allocate(size(snapshot));
        out.put((byte) VERSION).putLong(snapshot.number()).putLong(snapshot.closedMillis());
        out.put(snapshot.seed().bytes()).putLong(snapshot.seedBlock());
        out.putShort((short) snapshot.targets().size());
        for (TargetView target : snapshot.targets()) {
            out.putShort((short) target.id().value()).putShort((short) target.free());
            out.put((byte) (target.healthy() ? 1 : 0));
        }
        out.putShort((short) snapshot.routes().size());
        snapshot.routes().forEach(route -> route(route, out));
        out.putInt(snapshot.tenants().size());
        for (TenantView tenant : snapshot.tenants()) {
            out.put(tenant.tag().bytes()).putInt((int) Math.min(tenant.deficit(), U32));
        }
        out.putInt(snapshot.open().size());
        for (OpenRequest request : snapshot.open()) {
            out.put(request.key().bytes());
            out.putInt(request.tenant()).putShort((short) request.route());
            out.putLong(request.arrival()).put((byte) request.spentBefore()).putLong(request.turn());
        }
        return out.array();
    }

    private static int size(Snapshot snapshot) {
        int routes = 0;
        for (RouteShape route : snapshot.routes()) {
            routes += 5;
            for (TierShape tier : route.tiers()) {
                routes += 2 + 2 * tier.targets().size();
            }
        }
        return HEAD_BYTES
                + COUNTS_BYTES
                + TARGET_BYTES * snapshot.targets().size()
                + routes
                + TENANT_BYTES * snapshot.tenants().size()
                + OPEN_BYTES * snapshot.open().size();
    }

    private static void route(RouteShape route, ByteBuffer out) {
        out.putShort((short) route.id().value()).putShort((short) route.gridEpochs());
        out.put((byte) route.tiers().size());
        for (TierShape tier : route.tiers()) {
            out.put((byte) tier.attempts()).put((byte) tier.targets().size());
            tier.targets().forEach(target -> out.putShort((short) target.value()));
        }
    }

    /**
     * Reads a snapshot back.
     *
     * @throws IllegalArgumentException that says what is wrong if these are not the bytes of a snapshot
     */
    public static Snapshot decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            Snapshot snapshot = snapshot(in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("snapshot: bytes left over");
            }
            return snapshot;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("snapshot: cut off", e);
        }
    }

    private static Snapshot snapshot(ByteBuffer in) {
        int version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("snapshot: version 2, not " + version);
        }
        long number = in.getLong();
        long closed = in.getLong();
        Hash32 seed = hash(in);
        long block = in.getLong();
        int count = u16(in);
        List<TargetView> targets = new ArrayList<>();
        Set<TargetId> known = new HashSet<>();
        for (int i = 0; i < count; i++) {
            TargetView target = new TargetView(new TargetId(u16(in)), u16(in), healthy(in));
            if (!known.add(target.id())) {
                throw new IllegalArgumentException(
                        "snapshot: twice the same target: " + target.id().value());
            }
            targets.add(target);
        }
        count = u16(in);
        List<RouteShape> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routes.add(route(in, known));
        }
        count = count(in, TENANT_BYTES);
        List<TenantView> tenants = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] tag = new byte[TenantTag.BYTES];
            in.get(tag);
            tenants.add(new TenantView(TenantTag.of(tag), in.getInt() & U32));
        }
        count = count(in, OPEN_BYTES);
        List<OpenRequest> open = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            open.add(new OpenRequest(
                    RequestKey.read(hash(in).bytes(), 0),
                    index("tenant", in.getInt(), tenants.size()),
                    index("route", u16(in), routes.size()),
                    arrival(in.getLong(), number),
                    in.get() & 0xff,
                    in.getLong()));
        }
        once("route", routes.stream().map(RouteShape::id), routes.size());
        once("tenant", tenants.stream().map(TenantView::tag), tenants.size());
        once("counter", open.stream().map(OpenRequest::counter), open.size());
        // Who allocates keeps a table of both.
        if ((long) routes.size() * tenants.size() > LARGEST_TABLE) {
            throw new IllegalArgumentException("snapshot: too many routes and tenants");
        }
        return new Snapshot(number, closed, seed, block, targets, routes, tenants, open);
    }

    private static void once(String what, Stream<?> values, int count) {
        if (values.distinct().count() != count) {
            throw new IllegalArgumentException("snapshot: twice the same " + what);
        }
    }

    private static RouteShape route(ByteBuffer in, Set<TargetId> known) {
        RouteId id = new RouteId(u16(in));
        int grid = u16(in);
        int tiers = in.get() & 0xff;
        if (tiers > Route.MOST_TIERS) {
            throw new IllegalArgumentException("snapshot: a route has at most 8 tiers, not " + tiers);
        }
        List<TierShape> shapes = new ArrayList<>();
        for (int t = 0; t < tiers; t++) {
            int attempts = in.get() & 0xff;
            int count = in.get() & 0xff;
            if (count > Tier.MOST_TARGETS) {
                throw new IllegalArgumentException("snapshot: a tier has at most 64 targets, not " + count);
            }
            List<TargetId> targets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                TargetId target = new TargetId(u16(in));
                if (!known.contains(target)) {
                    throw new IllegalArgumentException(
                            "snapshot: a route has a target it does not show: " + target.value());
                }
                targets.add(target);
            }
            shapes.add(new TierShape(attempts, targets));
        }
        RouteShape shape = new RouteShape(id, grid, shapes);
        // A plan has a place for each attempt, so a few bytes here would be very many there.
        if (shape.budget() > Route.LARGEST_BUDGET) {
            throw new IllegalArgumentException("snapshot: a route has at most 64 attempts, not " + shape.budget());
        }
        return shape;
    }

    private static boolean healthy(ByteBuffer in) {
        byte value = in.get();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("snapshot: a target is healthy, 1, or not, 0: " + value);
        }
        return value == 1;
    }

    private static long arrival(long arrival, long number) {
        if (arrival < 0 || arrival > number) {
            throw new IllegalArgumentException("snapshot: nobody arrives after it: " + arrival);
        }
        return arrival;
    }

    private static Hash32 hash(ByteBuffer in) {
        byte[] bytes = new byte[Hash32.BYTES];
        in.get(bytes);
        return Hash32.of(bytes);
    }

    /** A number of things of which each takes so many bytes: never more than there are bytes for. */
    private static int count(ByteBuffer in, int bytesEach) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw new IllegalArgumentException("snapshot: cut off");
        }
        return count;
    }

    private static int index(String what, int index, int size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("snapshot: no " + what + " has number " + index);
        }
        return index;
    }

    private static int u16(ByteBuffer in) {
        return in.getShort() & U16;
    }
}
