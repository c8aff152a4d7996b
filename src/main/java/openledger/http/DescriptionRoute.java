package openledger.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import openledger.routing.Trigger;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The description of the API, {@code META-INF/openapi.yaml}, at {@code /q/openapi}: as YAML, and as JSON with {@code ?format=json} or for
 * clients that accept JSON. Needs no key. Both texts are made once, at the start.
 */
@Singleton
final class DescriptionRoute {
    static final String PATH = "/q/openapi";

    private static final String SOURCE = "/META-INF/openapi.yaml";
    /** The names of triggers are written here, so that they stand in the code alone. */
    private static final String TRIGGERS = "\"{{triggers}}\"";

    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";

    private final Buffer yaml = read();
    private final Buffer json = json(yaml);

    void register(@Observes Router router) {
        router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
    }

    private void answer(RoutingContext context) {
        boolean isJson = wantsJson(context);
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, (isJson ? JSON : YAML) + ";charset=UTF-8")
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .end(isJson ? json : yaml);
    }

    private static boolean wantsJson(RoutingContext context) {
        String format = context.request().getParam("format");
        if (format != null) {
            return "json".equalsIgnoreCase(format);
        }
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
        return accepted != null && accepted.contains(JSON);
    }

    private static Buffer read() {
        try (InputStream in = DescriptionRoute.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + SOURCE);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Buffer.buffer(text.replace(TRIGGERS, Trigger.NAMES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Buffer json(Buffer yaml) {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml.toString());
        try {
            return Buffer.buffer(new ObjectMapper().writeValueAsBytes(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the description cannot be written as JSON", e);
        }
    }
}
