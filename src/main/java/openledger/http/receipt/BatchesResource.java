package openledger.http.receipt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import openledger.http.BoundedReads;
import openledger.http.HomeContext;
import openledger.http.QueryValues.InvalidQuery;
import openledger.http.SequenceText;
import openledger.http.SettlementAccess;
import openledger.http.problem.ProblemResponse;
import openledger.http.receipt.BatchesQuery.Part;
import openledger.settlement.receipt.Batches;
import openledger.settlement.receipt.Batches.Tally;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.receipt.SettledBatch;
import openledger.unit.Hash32;
import openledger.unit.LaneId;

/** Batches and their data, for everybody: no tenant has a name in them. */
@Path("/v1/batches")
@Produces(MediaType.APPLICATION_JSON)
@BoundedReads
public final class BatchesResource {
    private static final String OFF = "This router does not settle on a chain: there are no batches.";
    private static final String NONE = "The lane has no batch with this number.";

    private final SettlementAccess access;

    @Inject
    BatchesResource(SettlementAccess access) {
        this.access = access;
    }

    /** Batches of a lane, newest first. */
    @GET
    public Uni<Response> list(@Context UriInfo uri) {
        return answer(ports -> {
            BatchesQuery query = BatchesQuery.list(parameters(uri), ports.lane());
            return HomeContext.here()
                    .back(ports.batches().list(query.lane(), query.before(), query.limit()))
                    .chain(page -> below(page, query.lane(), ports.batches()).map(tally -> page(page, tally, query)));
        });
    }

    /** One batch and its history. */
    @GET
    @Path("/{n}")
    public Uni<Response> batch(@PathParam("n") String number, @Context UriInfo uri) {
        return answer(ports -> {
            long sequence = sequence(number);
            LaneId lane = BatchesQuery.lane(parameters(uri), ports.lane());
            return found(ports.batches().batch(lane, sequence), batch -> whole(batch, ports));
        });
    }

    private static Uni<Response> whole(SettledBatch batch, ReceiptPorts ports) {
        HomeContext home = HomeContext.here();
        return home.back(ports.batches()
                        .tally(batch.header().lane(), batch.header().sequence()))
                .chain(tally ->
                        home.back(ports.heads().of(batch)).map(head -> ok(BatchJson.whole(batch, tally, head))));
    }

    /**
     * The leaves of a batch, 96 bytes each, its records, its snapshots, or the roots of the complete trees that the lane's log was made of
     * before it, 32 bytes each: with these, the leaves lead to the root.
     */
    @GET
    @Path("/{n}/data")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Uni<Response> data(@PathParam("n") String number, @Context UriInfo uri, @Context Request request) {
        return answer(ports -> {
            long sequence = sequence(number);
            BatchesQuery.OfData query = BatchesQuery.data(parameters(uri), ports.lane());
            return found(
                    ports.batches().batch(query.lane(), sequence),
                    batch -> data(batch, query.part(), ports.batches(), request));
        });
    }

    private static Uni<Response> data(SettledBatch batch, Part part, Batches batches, Request request) {
        LaneId lane = batch.header().lane();
        long sequence = batch.header().sequence();
        return switch (part) {
            case LEAVES ->
                bytes("openledger-root", batch.header().root(), request, () -> batches.leaves(lane, sequence));
            case RECORDS ->
                bytes(
                        "openledger-records-root",
                        batch.header().recordsRoot(),
                        request,
                        () -> batches.records(lane, sequence));
            case SNAPSHOTS ->
                bytes(
                        "openledger-snapshot-root",
                        batch.header().snapshotRoot(),
                        request,
                        () -> batches.snapshots(batch.header()).map(all -> Optional.of(oneBehindTheOther(all))));
            case TREES ->
                bytes(
                        "openledger-previous-head",
                        batch.header().previousHead(),
                        request,
                        () -> batches.trees(lane, batch.header().firstIndex())
                                .map(trees -> Optional.of(joined(trees))));
        };
    }

    private static byte[] joined(List<Hash32> hashes) {
        byte[] all = new byte[hashes.size() * Hash32.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).copyTo(all, i * Hash32.BYTES);
        }
        return all;
    }

    /** Each behind its length, four bytes, big-endian. */
    private static byte[] oneBehindTheOther(List<byte[]> texts) {
        int size = texts.stream().mapToInt(text -> Integer.BYTES + text.length).sum();
        ByteBuffer out = ByteBuffer.allocate(size);
        texts.forEach(text -> out.putInt(text.length).put(text));
        return out.array();
    }

    /** The data, unless the client has them already: they are named by their hash and never change. */
    private static Uni<Response> bytes(
            String header, Hash32 hash, Request request, Supplier<Uni<Optional<byte[]>>> read) {
        EntityTag tag = new EntityTag(hash.toString());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            return Uni.createFrom()
                    .item(unchanged.header(header, hash.toString()).build());
        }
        return read.get()
                .map(found -> found.map(data -> Response.ok(data)
                                .type(MediaType.APPLICATION_OCTET_STREAM)
                                .tag(tag)
                                .header(header, hash.toString())
                                .build())
                        .orElseGet(() -> ProblemResponse.notFound("The data of this batch are no longer kept here.")));
    }

    /** What the batches below a page say together. */
    private static Uni<Tally> below(List<SettledBatch> page, LaneId lane, Batches batches) {
        return page.isEmpty()
                ? Uni.createFrom().item(Tally.NONE)
                : batches.tally(lane, page.getLast().header().sequence() - 1);
    }

    private static Response page(List<SettledBatch> page, Tally below, BatchesQuery query) {
        Deque<ObjectNode> newestFirst = new ArrayDeque<>(page.size());
        Tally tally = below;
        for (SettledBatch batch : page.reversed()) {
            tally = tally.plus(batch.header());
            newestFirst.addFirst(BatchJson.entry(batch, tally));
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode data = node.put("lane", query.lane().value()).putArray("data");
        data.addAll(newestFirst);
        if (page.size() == query.limit() && page.getLast().header().sequence() > 1) {
            node.put("next_before", page.getLast().header().sequence());
        }
        return ok(node);
    }

    private static Response ok(ObjectNode node) {
        return Response.ok(node.toString()).build();
    }

    private static MultivaluedMap<String, String> parameters(UriInfo uri) {
        return uri.getQueryParameters();
    }

    private static long sequence(String text) throws InvalidQuery {
        OptionalLong number = SequenceText.parse(text);
        if (number.isEmpty()) {
            throw new InvalidQuery("n", "A batch's number must be at least 1.");
        }
        return number.getAsLong();
    }

    private static Uni<Response> found(
            Uni<Optional<SettledBatch>> batch, java.util.function.Function<SettledBatch, Uni<Response>> render) {
        return HomeContext.here()
                .back(batch)
                .chain(found ->
                        found.map(render).orElseGet(() -> Uni.createFrom().item(ProblemResponse.notFound(NONE))));
    }

    private Uni<Response> answer(Question question) {
        if (access.ports().isEmpty()) {
            return Uni.createFrom().item(ProblemResponse.notFound(OFF));
        }
        try {
            return question.ask(access.ports().get());
        } catch (InvalidQuery e) {
            return Uni.createFrom().item(ProblemResponse.of(e.problem()));
        }
    }

    /** A question whose words may be wrong. */
    @FunctionalInterface
    private interface Question {
        Uni<Response> ask(ReceiptPorts ports) throws InvalidQuery;
    }
}
