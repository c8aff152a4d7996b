package openledger.inference.upstream;

/**
 * How providers are reached under one policy: address, language, credentials. Made by a {@link ProviderGateway}, and understood by
 * nobody else. Immutable.
 */
public interface ProviderView {
    /** Of a request that has not been admitted yet. */
    ProviderView NONE = new ProviderView() {};
}
