package openledger.provider.error;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import openledger.inference.upstream.ConnectionFault;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/** Classifies a status or an exception for the decision to retry. */
public final class Failures {
    private static final int LONGEST_ID = 128;
    private static final int DEEPEST_CAUSE = 16;

    private Failures() {}

    /** Kinds of status. */
    public enum StatusClass {
        ANSWER,
        /** The client must change the request; another target would say the same. */
        REJECTION,
        /** Refused for a reason that the body says: the limit of our account, its key, its balance. */
        REFUSAL,
        /** Full, whoever asks. */
        OVERLOAD,
        /** Broken, or refuses us for something the client cannot mend: key, account, model, address. */
        FAILURE,
        /**
         * Ends with its head (RFC 9112, section 6.3): a body after it would be taken for the answer of the connection's next
         * request, so the connection is given up.
         */
        HEAD_ONLY
    }

    public static StatusClass classOf(int status) {
        return switch (status) {
            case 200, 201, 202, 203 -> StatusClass.ANSWER;
            case 400, 413, 415, 422 -> StatusClass.REJECTION;
            case 401, 402, 403, 412, 429 -> StatusClass.REFUSAL;
            case 529 -> StatusClass.OVERLOAD;
            case 204, 304 -> StatusClass.HEAD_ONLY;
            default -> status < 200 ? StatusClass.HEAD_ONLY : StatusClass.FAILURE;
        };
    }

    /** True for a status by which a provider says that it is full; with any other, an error about limits is about that one request. */
    public static boolean saysFull(int status) {
        return status == 429 || status == 529;
    }

    /** What a call did not serve for, whose answer was read and says why. */
    public static Trigger triggerOf(ErrorCause cause, int status) {
        return switch (classOf(status)) {
            case ANSWER -> Trigger.IN_BAND_ERROR;
            case REJECTION -> cause instanceof ErrorCause.Limit ? Trigger.RATE_LIMITED : Trigger.SERVER_ERROR;
            case REFUSAL -> status == ErrorCause.TOO_MANY ? Trigger.RATE_LIMITED : Trigger.SERVER_ERROR;
            case OVERLOAD -> Trigger.RATE_LIMITED;
            case FAILURE, HEAD_ONLY -> Trigger.SERVER_ERROR;
        };
    }

    public static Trigger triggerOf(Throwable cause) {
        return switch (faultOf(cause)) {
            case CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT -> Trigger.CONNECT_TIMEOUT;
            default -> Trigger.CONNECTION_LOST;
        };
    }

    /** What was wrong with a connection: the first cause that says it. */
    public static ConnectionFault faultOf(Throwable cause) {
        ConnectionFault found = ConnectionFault.RESET;
        Throwable t = cause;
        for (int depth = 0; t != null && depth < DEEPEST_CAUSE; depth++) {
            ConnectionFault one = faultOfOne(t);
            if (one != ConnectionFault.RESET && one != ConnectionFault.TLS) {
                return one;
            }
            found = one == ConnectionFault.TLS ? one : found;
            t = t.getCause();
        }
        return found;
    }

    private static ConnectionFault faultOfOne(Throwable cause) {
        String words = String.valueOf(cause.getMessage());
        return switch (cause) {
            case UnknownHostException none -> ConnectionFault.DNS;
            case ProxyConnectException none -> ConnectionFault.PROXY;
            case SslHandshakeTimeoutException none -> ConnectionFault.HANDSHAKE_TIMEOUT;
            case ConnectTimeoutException none -> ConnectionFault.CONNECT_TIMEOUT;
            case TimeoutException none -> ConnectionFault.CONNECT_TIMEOUT;
            case CertificateException none -> ConnectionFault.CERTIFICATE;
            case CertPathValidatorException none -> ConnectionFault.CERTIFICATE;
            case CertPathBuilderException none -> ConnectionFault.CERTIFICATE;
            case SSLException none ->
                words.contains("handshake timed out") ? ConnectionFault.HANDSHAKE_TIMEOUT : ConnectionFault.TLS;
            case TooLongFrameException none -> ConnectionFault.HEAD_TOO_LARGE;
            case NoRouteToHostException none -> ConnectionFault.UNREACHABLE;
            case ConnectException none ->
                words.contains("refused") ? ConnectionFault.REFUSED : ConnectionFault.UNREACHABLE;
            case IllegalArgumentException none -> ConnectionFault.NOT_HTTP;
            default -> ConnectionFault.RESET;
        };
    }

    /** A provider's request id fit for our records: printable ASCII, at most 128 characters; else empty. */
    public static String printable(@Nullable String text) {
        if (text == null || text.length() > LONGEST_ID || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            return "";
        }
        return text;
    }
}
