package openledger.http.receipt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HexFormat;
import openledger.commitment.SnapshotEncoding;
import openledger.commitment.log.HashedEntries;
import openledger.routing.RouteShape;
import openledger.routing.allocation.OpenRequest;
import openledger.routing.allocation.Snapshot;
import openledger.settlement.receipt.Batches.LocatedSnapshot;

/** A snapshot as JSON: its bytes, what they say, and the proof that they are under the batch's snapshot root. */
final class SnapshotJson {
    private SnapshotJson() {}

    static ObjectNode of(LocatedSnapshot located) {
        byte[] bytes = located.snapshots().get(located.index());
        Snapshot snapshot = SnapshotEncoding.decode(bytes);
        HashedEntries tree = new HashedEntries(located.snapshots());
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("lane", located.batch().header().lane().value());
        node.put("number", snapshot.number());
        node.put("closed", Instant.ofEpochMilli(snapshot.closedMillis()).toString());
        node.put("seed", snapshot.seed().toString());
        node.put("seed_block", snapshot.seedBlock());
        targets(snapshot, node.putArray("targets"));
        ArrayNode routes = node.putArray("routes");
        snapshot.routes().forEach(route -> route(route, routes.addObject()));
        tenants(snapshot, node.putArray("tenants"));
        open(snapshot, node.putArray("open"));
        node.put("bytes", "0x" + HexFormat.of().formatHex(bytes));
        node.put("level", located.batch().level().name());
        node.set("proof", BatchJson.proof(tree.inclusion(located.index())));
        node.set("batch", BatchJson.header(located.batch()));
        node.set("urls", BatchJson.urls(located.batch()));
        return node;
    }

    private static void targets(Snapshot snapshot, ArrayNode list) {
        snapshot.targets()
                .forEach(target -> list.addObject()
                        .put("target_id", target.id().value())
                        .put("free", target.free())
                        .put("healthy", target.healthy()));
    }

    private static void route(RouteShape route, ObjectNode node) {
        node.put("route_id", route.id().value()).put("grid_epochs", route.gridEpochs());
        ArrayNode tiers = node.putArray("tiers");
        route.tiers().forEach(tier -> {
            ObjectNode shape = tiers.addObject().put("attempts", tier.attempts());
            ArrayNode targets = shape.putArray("target_ids");
            tier.targets().forEach(target -> targets.add(target.value()));
        });
    }

    private static void tenants(Snapshot snapshot, ArrayNode list) {
        snapshot.tenants()
                .forEach(tenant ->
                        list.addObject().put("tag", tenant.tag().toString()).put("deficit", tenant.deficit()));
    }

    private static void open(Snapshot snapshot, ArrayNode list) {
        for (OpenRequest request : snapshot.open()) {
            ObjectNode node = list.addObject();
            node.put("counter", request.counter());
            node.put("request_key", request.key().toString());
            node.put("tenant", request.tenant()).put("route", request.route());
            node.put("arrival", request.arrival()).put("spent_before", request.spentBefore());
            if (request.turn() != OpenRequest.NO_TURN) {
                node.put("turn", request.turn());
            }
        }
    }
}
