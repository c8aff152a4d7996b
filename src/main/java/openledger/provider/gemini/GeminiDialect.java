package openledger.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.UpstreamRequest;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.dialect.CallContext;
import openledger.provider.dialect.DialectAdapter;
import openledger.provider.dialect.EncodedRequest;
import openledger.provider.error.Complaint;
import openledger.provider.translation.Translation.Translated;
import openledger.routing.Dialect;
import openledger.routing.Operation;

/** Gemini's dialect, {@code generateContent} (v1beta): chat completions are translated to it. */
public final class GeminiDialect implements DialectAdapter {
    /** A duration as Protocol Buffers write it in JSON. */
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,9})?)s");

    @Override
    public Dialect dialect() {
        return Dialect.GEMINI;
    }

    /** A name that has a slash is that of a collection and a model of it, e.g. {@code tunedModels/mine}. */
    @Override
    public String path(Operation operation, AnswerForm form, String model) {
        if (operation != Operation.CHAT) {
            throw new IllegalArgumentException("not of this dialect: " + operation);
        }
        String name = model.contains("/") ? model : "models/" + model;
        String encoded = Arrays.stream(name.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/", "/", ""));
        return encoded + (form == AnswerForm.STREAM ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    @Override
    public Map<String, String> headers(String secret) {
        return secret.isEmpty() ? Map.of() : Map.of("x-goog-api-key", secret);
    }

    @Override
    public Optional<Translator> translator(Operation operation) {
        return operation == Operation.CHAT ? Optional.of(GeminiRequest::translate) : Optional.empty();
    }

    @Override
    public EncodedRequest encode(UpstreamRequest asked, CallContext context) {
        Translated said = translated(asked.body(), GeminiRequest::translate).orElseThrow();
        boolean stream = asked.form() == AnswerForm.STREAM;
        Instant now = context.now();
        return new EncodedRequest(said.body(), () -> decoder(stream, now, said), said.dropped());
    }

    private static ResponseDecoder decoder(boolean stream, Instant now, Translated said) {
        return stream ? new GeminiStream(now, said.usage()) : new GeminiDocument(now);
    }

    /** Google says it in a detail of the error, {@code google.rpc.RetryInfo}. */
    @Override
    public Optional<Duration> retryAfter(Complaint said) {
        for (JsonNode detail : said.details().path("details")) {
            Matcher delay = SECONDS.matcher(detail.path("retryDelay").asText());
            if (delay.matches()) {
                BigDecimal nanos = new BigDecimal(delay.group(1)).movePointRight(9);
                return Optional.of(Duration.ofNanos(nanos.longValueExact()));
            }
        }
        return Optional.empty();
    }
}
