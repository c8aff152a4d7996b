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
 * clients that accept JSON. Needs no key.
 */
@Singleton
final class DescriptionRoute {
    static final String PATH = "/q/openapi";

    private static final String SOURCE = "/META-INF/openapi.yaml";
    /** The names of triggers are written here, so that they stand in the code alone. */
    private static final String TRIGGERS = "\"{{triggers}}\"";

    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";

    /** As it is written; read when somebody asks first. */
    private static final class Written {
        static final byte[] TEXT = read();
    }

    /** Made when somebody asks first, or when the native executable is built: a start need not wait for it. */
    private static final class Converted {
        static final byte[] TEXT = json(Written.TEXT);
    }

    void register(@Observes Router router) {
        router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
    }

    private void answer(RoutingContext context) {
        boolean isJson = wantsJson(context);
        context.vertx()
                .executeBlocking(() -> isJson ? Converted.TEXT : Written.TEXT)
                .onFailure(context::fail)
                .onSuccess(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, (isJson ? JSON : YAML) + ";charset=UTF-8")
                        .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                        .end(Buffer.buffer(text)));
    }

    private static boolean wantsJson(RoutingContext context) {
        String format = context.request().getParam("format");
        if (format != null) {
            return "json".equalsIgnoreCase(format);
        }
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
        return accepted != null && accepted.contains(JSON);
    }

    private static byte[] read() {
        try (InputStream in = DescriptionRoute.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + SOURCE);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.replace(TRIGGERS, Trigger.NAMES).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] json(byte[] yaml) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        Object tree = new Yaml(new SafeConstructor(strict)).load(new String(yaml, StandardCharsets.UTF_8));
        try {
            return new ObjectMapper().writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the description cannot be written as JSON", e);
        }
    }
}
