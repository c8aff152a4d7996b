package openledger.http.page;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import openledger.http.StakeAccess;
import openledger.http.access.PublicResource;
import openledger.http.problem.ProblemResponse;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * The page for people, and the files it is made of. It contains no data: what it shows it requests with the key that is entered there. Its
 * headers allow browsers to run only these files, and to query only this router and the nodes that the operator allows.
 */
@Path("/")
@PublicResource
public final class PageResource {
    /** All there are, but for the page itself. */
    static final List<String> FILES = List.of(
            "api.js",
            "attribution.js",
            "backing.js",
            "batches.js",
            "bytes.js",
            "cbor.js",
            "chain.js",
            "chart.js",
            "cohorts.js",
            "commitments.js",
            "dom.js",
            "ed25519.js",
            "envelope.js",
            "events.js",
            "explorer.js",
            "faults.js",
            "finding.js",
            "format.js",
            "gate.js",
            "icon.svg",
            "json.js",
            "keccak.js",
            "leaf.js",
            "logged.js",
            "members.js",
            "modes.js",
            "names.js",
            "node.js",
            "note.js",
            "objectives.js",
            "page.css",
            "page.js",
            "paper.js",
            "plan.js",
            "receipt.js",
            "requests.js",
            "rules.js",
            "series.js",
            "sha256.js",
            "signer.js",
            "stake.js",
            "story.js",
            "table.js",
            "told.js",
            "verify.js",
            "witnesses.js");

    private static final String PAGE = "index.html";
    private static final String NODES = "{{nodes}}";
    private static final String VAULT = "{{vault}}";
    private static final String TRIGGERS = "{{triggers}}";

    private final Map<String, PageFile> files;
    private final @Nullable PageFile page;
    private final String policy;

    @Inject
    PageResource(Optional<PageNodes> nodes, StakeAccess stake) {
        this.page = nodes.map(known -> PageFile.read(
                        PAGE,
                        text -> text.replace(NODES, known.attribute())
                                .replace(VAULT, stake.watch().isPresent() ? "watched" : "")))
                .orElse(null);
        this.files = nodes.isEmpty()
                ? Map.of()
                : FILES.stream()
                        .collect(Collectors.toUnmodifiableMap(
                                Function.identity(),
                                name -> PageFile.read(name, text -> text.replace(TRIGGERS, Trigger.NAMES))));
        this.policy = policy(nodes.map(PageNodes::origins).orElse(List.of()));
    }

    private static String policy(List<String> origins) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self' data:",
                ("connect-src 'self' " + String.join(" ", origins)).strip(),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'");
    }

    @GET
    public Response page(@Context Request request) {
        return answer(page, request);
    }

    @GET
    @Path("page/{name}")
    public Response file(@PathParam("name") String name, @Context Request request) {
        return answer(files.get(name), request);
    }

    /** Browsers ask each time whether it is still the same, so a page never runs with files of another version. */
    private Response answer(@Nullable PageFile file, Request request) {
        if (file == null) {
            return ProblemResponse.nothingThere();
        }
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(file.tag());
        Response.ResponseBuilder answer = unchanged != null ? unchanged : Response.ok(file.bytes(), file.type());
        return answer.tag(file.tag())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("content-security-policy", policy)
                .header("x-content-type-options", "nosniff")
                .header("referrer-policy", "no-referrer")
                .build();
    }
}
