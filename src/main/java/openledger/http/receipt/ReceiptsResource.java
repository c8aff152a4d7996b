package openledger.http.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import openledger.http.BoundedReads;
import openledger.http.HomeContext;
import openledger.http.LogAccess;
import openledger.http.QueryValues.InvalidQuery;
import openledger.http.ReadGate;
import openledger.http.SettlementAccess;
import openledger.http.StakeAccess;
import openledger.http.access.CallerFilter;
import openledger.http.header.ReceiptHeader;
import openledger.http.problem.ProblemResponse;
import openledger.inference.Catalog;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.record.Decisions;
import openledger.inference.record.Decisions.Found;
import openledger.settlement.log.ServedLog;
import openledger.settlement.receipt.ReceiptPorts;
import openledger.settlement.witness.WitnessedLog;
import openledger.unit.RequestId;

/** Receipts of a client's own requests, which can be verified against the chain. */
@Path("/v1/receipts")
@BoundedReads
public final class ReceiptsResource {
    private static final String NONE = "You have no request with this id, or its record has expired.";

    private final Decisions decisions;
    private final Catalog catalog;
    private final SettlementAccess access;
    private final LogAccess log;
    private final StakeAccess stake;
    private final ReadGate gate;

    @Inject
    ReceiptsResource(
            Decisions decisions,
            Catalog catalog,
            SettlementAccess access,
            LogAccess log,
            StakeAccess stake,
            ReadGate gate) {
        this.decisions = decisions;
        this.catalog = catalog;
        this.access = access;
        this.log = log;
        this.stake = stake;
        this.gate = gate;
    }

    /** The receipt as it is, or as it is once its level is reached; who leaves meanwhile is waited for no longer. */
    @GET
    @Path("/{id}")
    @Produces({MediaType.APPLICATION_JSON, ReceiptForm.PROOF_TYPE, ReceiptForm.COSE_TYPE, ReceiptForm.SCITT_TYPE})
    public Uni<Response> receipt(
            @PathParam("id") String text,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context ContainerRequestContext context,
            @Context RoutingContext routing) {
        Optional<RequestId> id = RequestId.parse(text);
        Optional<ReceiptHeader> wish = ReceiptHeader.of(context.getHeaderString(ReceiptHeader.HEADER));
        if (id.isEmpty()) {
            return answer(
                    ProblemResponse.invalid(
                            "id",
                            "A request id must be 32 lower-case hexadecimal digits: lane and number, each from 1 to 2^63 - 1."));
        }
        if (wish.isEmpty()) {
            return answer(ProblemResponse.of(ReceiptHeader.unknown()));
        }
        ReceiptQuery query;
        try {
            query = ReceiptQuery.of(uri.getQueryParameters());
        } catch (InvalidQuery e) {
            return answer(ProblemResponse.of(e.problem()));
        }
        ReceiptForm form = ReceiptForm.of(headers.getAcceptableMediaTypes()).orElse(ReceiptForm.JSON);
        Optional<Response> objection =
                form == ReceiptForm.JSON ? Optional.empty() : LogReceipt.objection(id.get(), form, wish.get(), log);
        if (objection.isPresent()) {
            return answer(objection.get());
        }
        String tenant = CallerFilter.tenantOf(context);
        return access.ports()
                .map(ports -> settled(
                        id.get(), tenant, query, form, wish.get(), ports, wait -> gate.aside(context, routing, wait)))
                .orElseGet(() -> recorded(id.get(), tenant, wish.get()));
    }

    private Uni<Response> recorded(RequestId id, String tenant, ReceiptHeader wish) {
        if (wish == ReceiptHeader.SIGNED) {
            return answer(ProblemResponse.of(ReceiptHeader.off()));
        }
        HomeContext home = HomeContext.here();
        return decisions
                .find(id, tenant)
                .chain(found -> found.map(record -> home.back(catalog.names(LaneNumber.of(List.of(record))))
                                .map(names -> ok(ReceiptJson.of(record, names))))
                        .orElseGet(() -> answer(notFound())));
    }

    private Uni<Response> settled(
            RequestId id,
            String tenant,
            ReceiptQuery query,
            ReceiptForm form,
            ReceiptHeader wish,
            ReceiptPorts ports,
            UnaryOperator<Uni<Void>> aside) {
        if (wish == ReceiptHeader.SIGNED && id.lane() != ports.lane().value()) {
            String detail = "This router signs for lane " + ports.lane().value() + ", and the request is of lane "
                    + id.lane() + ": ask the router of that lane.";
            return answer(ProblemResponse.invalid(ReceiptHeader.HEADER, detail));
        }
        ReceiptAssembler file = new ReceiptAssembler(id, ports, catalog, witnessed(id), new StakeMember(stake, id));
        // Only who may see the record may wait for it.
        return decisions
                .find(id, tenant)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(found)
                        : file.reach(query, aside).chain(waited -> waited ? decisions.find(id, tenant) : same(found)))
                .chain(found -> found.map(record -> receipt(file, record, form, wish, id))
                        .orElseGet(() -> answer(notFound())))
                .onFailure(ReceiptAssembler.NotSigned.class)
                .recoverWithItem(() -> ProblemResponse.of(ReceiptAssembler.notSigned()));
    }

    /** The log that the request's leaves are in, if it has witnesses; of another lane its own router knows them. */
    private Optional<WitnessedLog> witnessed(RequestId id) {
        return log.log().filter(ours -> ours.lane().value() == id.lane()).flatMap(ServedLog::witnessed);
    }

    private Uni<Response> receipt(
            ReceiptAssembler file, Found record, ReceiptForm form, ReceiptHeader wish, RequestId id) {
        return form == ReceiptForm.JSON
                ? file.receipt(record, wish).map(ReceiptsResource::ok)
                : file.receipt(new LogReceipt(id, form, log.log().orElseThrow()));
    }

    private static Uni<Optional<Found>> same(Optional<Found> found) {
        return Uni.createFrom().item(found);
    }

    private static Uni<Response> answer(Response response) {
        return Uni.createFrom().item(response);
    }

    private static Response notFound() {
        return ProblemResponse.notFound(NONE);
    }

    private static Response ok(ReceiptJson receipt) {
        return Response.ok(receipt.tree().toString(), MediaType.APPLICATION_JSON_TYPE)
                .build();
    }
}
