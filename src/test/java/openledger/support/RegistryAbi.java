package openledger.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The registry's own description of itself. */
public final class RegistryAbi {
    private RegistryAbi() {}

    public static JsonObject artifact() throws IOException {
        return new JsonObject(Files.readString(Path.of("contracts/artifacts/RoutingBatchRegistry.json")));
    }

    /** Of all functions or events, as selectors and topics are made from them. */
    public static Set<String> signatures(String kind) throws IOException {
        return artifact().getJsonArray("abi").stream()
                .map(JsonObject.class::cast)
                .filter(entry -> kind.equals(entry.getString("type")))
                .map(entry -> entry.getString("name") + tuple(entry.getJsonArray("inputs")))
                .collect(Collectors.toSet());
    }

    private static String tuple(JsonArray members) {
        Function<JsonObject, String> type = member -> member.getString("type").startsWith("tuple")
                ? tuple(member.getJsonArray("components"))
                        + member.getString("type").substring("tuple".length())
                : member.getString("type");
        return members.stream().map(JsonObject.class::cast).map(type).collect(Collectors.joining(",", "(", ")"));
    }
}
