package openledger.provider;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import openledger.provider.anthropic.AnthropicDialect;
import openledger.provider.dialect.DialectAdapter;
import openledger.provider.gemini.GeminiDialect;
import openledger.provider.openai.OpenAiDialect;
import openledger.routing.Dialect;

/** The registry of dialects: the only place where one is named. */
final class Dialects {
    private static final Map<Dialect, DialectAdapter> KNOWN =
            byDialect(List.of(new OpenAiDialect(), new AnthropicDialect(), new GeminiDialect()));

    private Dialects() {}

    static DialectAdapter of(Dialect dialect) {
        return Objects.requireNonNull(KNOWN.get(dialect), () -> "no adapter is registered for " + dialect);
    }

    private static Map<Dialect, DialectAdapter> byDialect(List<DialectAdapter> adapters) {
        Map<Dialect, DialectAdapter> all = new EnumMap<>(Dialect.class);
        adapters.forEach(adapter -> all.put(adapter.dialect(), adapter));
        return all;
    }
}
