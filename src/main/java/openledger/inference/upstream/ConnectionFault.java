package openledger.inference.upstream;

/** What went wrong with the connection of a call, as far as the operator can fix it. */
public enum ConnectionFault {
    /** Nothing: the call ended another way. */
    NONE,
    /** The host's name has no address. */
    DNS,
    /** The host refuses connections at that port. */
    REFUSED,
    /** There is no route to the host. */
    UNREACHABLE,
    /** The connection did not stand within the connect time-out. */
    CONNECT_TIMEOUT,
    /** The TLS handshake was not over within the connect time-out. */
    HANDSHAKE_TIMEOUT,
    /** The host's certificate is not trusted, has expired, or is another host's. */
    CERTIFICATE,
    /** TLS failed otherwise, for example because the port does not speak it. */
    TLS,
    /** The proxy did not let the connection through. */
    PROXY,
    /** The head of the answer is larger than we read. */
    HEAD_TOO_LARGE,
    /** What came is not HTTP/1.1. */
    NOT_HTTP,
    /** The connection was reset or closed before the answer was whole. */
    RESET
}
