package openledger.inference.upstream;

/**
 * How providers are reached under one policy: address, dialect, credentials. Made by a {@link ProviderGateway}, and opaque to all others.
 * Immutable.
 */
public interface ProviderView {
    /** Of a request that has not been admitted yet. */
    ProviderView NONE = new ProviderView() {};
}
