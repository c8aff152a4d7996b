package openledger.http.log;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.log.EntryBundle;
import openledger.commitment.log.TilePath;
import openledger.http.BoundedReads;
import openledger.http.HomeContext;
import openledger.http.LogAccess;
import openledger.http.LogAccess.Readers;
import openledger.http.SequenceText;
import openledger.http.SettlementAccess;
import openledger.http.problem.ProblemResponse;
import openledger.settlement.log.LogReads;
import openledger.settlement.log.ServedLog;

/** The log of this router's lane, as C2SP tlog-tiles serves one; for everybody if the operator says so. */
@Path("/log")
@BoundedReads
public final class LogResource {
    private static final String NO_LOG = "This router does not settle on a chain: it has no log.";
    private static final String NO_KEY =
            "This router does not publish its log: it has no key to sign it. The configuration key is 'openledger.log.key-env'.";
    private static final String NO_TILE =
            "The log has no such tile or entries: a path is like 'tile/0/x001/234', or 'tile/0/x001/234.p/56' for fewer than 256, and none goes beyond the checkpoint.";
    /** More than any log has; those below have places that are numbers. */
    private static final long MOST_TILES = Long.MAX_VALUE / (2 * TilePath.FULL);
    /** New batches may come several times a second. */
    private static final String SHORT = "max-age=1";
    /** A year: the hashes and leaves of a place never change. */
    private static final String FOR_EVER = "max-age=31536000, immutable";

    private final LogAccess access;
    private final boolean settles;

    @Inject
    LogResource(LogAccess access, SettlementAccess settlement) {
        this.access = access;
        this.settles = settlement.ports().isPresent();
    }

    /** The log after its newest batch, signed, with the cosignatures that it has by now; signed only once. */
    @GET
    @Path("/{lane}/checkpoint")
    @Produces("text/plain; charset=utf-8")
    public Uni<Response> checkpoint(@PathParam("lane") String lane) {
        return answer(
                lane,
                log -> log.reads()
                        .newest()
                        .chain(head -> log.witnessed()
                                .map(witnessed -> witnessed.checkpoint(head))
                                .orElseGet(() -> log.signer().checkpoint(head.size(), head.root())))
                        .map(note -> ok(note.toString(), SHORT)));
    }

    /** The hashes of a tile, or the leaves of a bundle, each behind its length of two bytes. */
    @GET
    @Path("/{lane}/tile/{tile:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Uni<Response> tile(@PathParam("lane") String lane, @PathParam("tile") String tile) {
        return answer(
                lane,
                log -> TilePath.parse("tile/" + tile)
                        .filter(path -> path.index() < MOST_TILES)
                        .map(path -> bytes(path, log.reads()))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                        .map(found -> found.map(bytes -> ok(bytes, FOR_EVER)).orElseGet(() -> notFound(NO_TILE))));
    }

    private static Uni<Optional<byte[]>> bytes(TilePath path, LogReads reads) {
        return path.level() == TilePath.ENTRIES
                ? reads.leaves(path.index() * TilePath.FULL, path.width())
                        .map(found -> found.map(leaves -> EntryBundle.of(leaves, LeafEncoding.BYTES)))
                : reads.tile(path);
    }

    private Uni<Response> answer(String lane, Function<ServedLog, Uni<Response>> read) {
        if (access.log().isEmpty()) {
            return Uni.createFrom().item(notFound(settles ? NO_KEY : NO_LOG));
        }
        ServedLog log = access.log().get();
        long own = log.lane().value();
        boolean isOwn = SequenceText.parse(lane).equals(OptionalLong.of(own));
        return isOwn
                ? HomeContext.here().back(read.apply(log))
                : Uni.createFrom().item(notFound("This router publishes the log of lane " + own + " only."));
    }

    private Response ok(Object entity, String caching) {
        // What is for those with a key must not get into a cache for all.
        String whose = access.readers() == Readers.EVERYBODY ? "public, " : "private, ";
        return Response.ok(entity)
                .header(HttpHeaders.CACHE_CONTROL, whose + caching)
                .build();
    }

    /** What is not there may be there in a moment. */
    private static Response notFound(String detail) {
        return Response.fromResponse(ProblemResponse.notFound(detail))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
