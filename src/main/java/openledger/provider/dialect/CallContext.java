package openledger.provider.dialect;

import java.time.Instant;
import java.util.function.Consumer;
import openledger.routing.Provider;

/**
 * What a request is encoded with beside its own words.
 *
 * @param modelJson what the provider calls the model, as a JSON string, quotes included; not to be changed
 * @param usage whether the provider is to be asked what a stream took, whether the client asks or not
 * @param now for answers that do not say when they were made
 * @param made told by which names the answer can be referred to
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares contexts
public record CallContext(byte[] modelJson, Provider.Usage usage, Instant now, Consumer<String> made) {}
