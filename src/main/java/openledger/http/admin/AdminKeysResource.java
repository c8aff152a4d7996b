package openledger.http.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import openledger.access.KeyRegister;
import openledger.access.KeyRegister.Issued;
import openledger.http.problem.ProblemResponse;
import openledger.inference.Timekeeper;
import org.jspecify.annotations.Nullable;

/** Keys of tenants, for the administrator: create, list, rotate, revoke. */
@Path(AdminAccess.PATH + "/keys")
@Produces(MediaType.APPLICATION_JSON)
@AdminOnly
public final class AdminKeysResource {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Set<String> FILTERS = Set.of("tenant", "cursor", "limit");
    private static final long DEFAULT_LIMIT = 100;
    private static final long LARGEST_LIMIT = 1_000;
    private static final String NO_SUCH_KEY = "No such key, or it has ended.";

    private final KeyRegister register;
    private final Timekeeper time;

    @Inject
    AdminKeysResource(KeyRegister register, Timekeeper time) {
        this.register = register;
        this.time = time;
    }

    @POST
    public Uni<Response> create(byte[] body) {
        try {
            Instant now = Instant.ofEpochMilli(time.epochMillis());
            return register.create(AdminBody.grant(body, now)).map(AdminKeysResource::issued);
        } catch (AdminBody.Invalid e) {
            return answer(ProblemResponse.of(e.problem()));
        }
    }

    @GET
    public Uni<Response> list(@Context UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        for (String name : query.keySet()) {
            if (!FILTERS.contains(name)) {
                return answer(ProblemResponse.invalid(name, "Unknown filter; the filters are tenant, cursor, limit."));
            }
            if (query.get(name).size() != 1) {
                return answer(ProblemResponse.invalid(name, "The parameter is repeated."));
            }
        }
        OptionalLong before = number(query.getFirst("cursor"), Long.MAX_VALUE);
        if (before.isEmpty()) {
            return answer(ProblemResponse.invalid("cursor", "A cursor must be the 'next_cursor' of the page before."));
        }
        OptionalLong limit = number(query.getFirst("limit"), DEFAULT_LIMIT);
        if (limit.isEmpty() || limit.getAsLong() > LARGEST_LIMIT) {
            return answer(ProblemResponse.invalid("limit", "A limit must be a number from 1 to 1000."));
        }
        Optional<String> tenant = Optional.ofNullable(query.getFirst("tenant")).filter(name -> !name.isEmpty());
        return register.list(new KeyRegister.Filter(tenant, before.getAsLong(), (int) limit.getAsLong()))
                .map(page -> Response.ok(KeyPageJson.of(page)).build());
    }

    @POST
    @Path("/{id}/rotate")
    public Uni<Response> rotate(@PathParam("id") String id, byte[] body) {
        OptionalLong number = number(id, 0);
        if (number.isEmpty()) {
            return answer(ProblemResponse.notFound(NO_SUCH_KEY));
        }
        try {
            return register.rotate(number.getAsLong(), AdminBody.grace(body))
                    .map(found -> found.map(AdminKeysResource::issued)
                            .orElseGet(() -> ProblemResponse.notFound(NO_SUCH_KEY)));
        } catch (AdminBody.Invalid e) {
            return answer(ProblemResponse.of(e.problem()));
        }
    }

    @DELETE
    @Path("/{id}")
    public Uni<Response> revoke(@PathParam("id") String id) {
        OptionalLong number = number(id, 0);
        return (number.isEmpty()
                        ? Uni.createFrom().item(Optional.<KeyRegister.Entry>empty())
                        : register.revoke(number.getAsLong()))
                .map(found -> found.map(entry -> Response.ok(KeyJson.of(entry)).build())
                        .orElseGet(() -> ProblemResponse.notFound("There is no such key.")));
    }

    private static Uni<Response> answer(Response known) {
        return Uni.createFrom().item(known);
    }

    private static Response issued(Issued issued) {
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(KeyJson.of(issued))
                .build();
    }

    /** A positive number, or {@code otherwise} if none was given; empty for anything else. */
    private static OptionalLong number(@Nullable String text, long otherwise) {
        if (text == null || text.isEmpty()) {
            return OptionalLong.of(otherwise);
        }
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** One page; {@code next_cursor} is absent on the last. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    public record KeyPageJson(
            List<KeyJson> data,
            @JsonProperty("next_cursor") @Nullable String nextCursor) {
        static KeyPageJson of(KeyRegister.Page page) {
            return new KeyPageJson(
                    page.entries().stream().map(KeyJson::of).toList(),
                    page.next().map(id -> Long.toString(id)).orElse(null));
        }
    }
}
