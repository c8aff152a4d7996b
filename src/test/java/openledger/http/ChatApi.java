package openledger.http;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import openledger.http.inference.InferenceRoutes;
import openledger.routing.Operation;
import openledger.simulator.SimulatedProvider;

/** Requests as tests make them. */
public final class ChatApi {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ChatApi() {}

    public static Response chat(String body) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(Operation.CHAT));
    }

    public static Response keyed(String key, String body) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("idempotency-key", key)
                .contentType(ContentType.JSON)
                .body(body)
                .post(InferenceRoutes.path(Operation.CHAT));
    }

    public static String body(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";
    }

    /** Calls of all providers so far. */
    public static long upstreamCalls() {
        return RouterUnderTest.providers().stream()
                .mapToLong(SimulatedProvider::calls)
                .sum();
    }

    /** Calls of all providers whose client, the router, closed before the answer was whole. */
    public static long abandoned() {
        return RouterUnderTest.providers().stream()
                .mapToLong(SimulatedProvider::abandoned)
                .sum();
    }

    /** Calls that hold a slot at any provider now. */
    public static int inFlight() {
        return RouterUnderTest.providers().stream()
                .mapToInt(SimulatedProvider::inFlight)
                .sum();
    }

    /** The record of a request, once its end is known. */
    public static Response receipt(String id) throws InterruptedException {
        Response[] found = new Response[1];
        await(() -> {
            found[0] = given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                    .get("/v1/receipts/" + id);
            return found[0].statusCode() == 200 && !"OPEN".equals(found[0].path("status"));
        });
        return found[0];
    }

    /** Waits, bounded, for something that another thread brings about. */
    public static void await(BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("it did not come about within " + PATIENCE);
            }
            Thread.sleep(20);
        }
    }
}
