package openledger.provider;

import io.netty.channel.ConnectTimeoutException;
import java.util.concurrent.TimeoutException;
import openledger.routing.Trigger;
import org.jspecify.annotations.Nullable;

/** What a status or an exception means for the decision to retry. */
final class Failures {
    private static final int LONGEST_ID = 128;

    private Failures() {}

    /** Kinds of status. */
    enum StatusClass {
        ANSWER,
        /** The client must change the request; another target would say the same. */
        REJECTION,
        OVERLOAD,
        /** Broken, or refuses us for something the client cannot mend: key, account, model, address. */
        FAILURE,
        /**
         * Ends with its head (RFC 9112, section 6.3): a body after it would be taken for the answer of the connection's next
         * request, so the connection is given up.
         */
        HEAD_ONLY
    }

    static StatusClass classOf(int status) {
        return switch (status) {
            case 200, 201, 202, 203 -> StatusClass.ANSWER;
            case 400, 413, 415, 422 -> StatusClass.REJECTION;
            case 429 -> StatusClass.OVERLOAD;
            case 204, 304 -> StatusClass.HEAD_ONLY;
            default -> status < 200 ? StatusClass.HEAD_ONLY : StatusClass.FAILURE;
        };
    }

    static Trigger triggerOf(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof ConnectTimeoutException || t instanceof TimeoutException) {
                return Trigger.CONNECT_TIMEOUT;
            }
        }
        return Trigger.CONNECTION_LOST;
    }

    /** A provider's request id fit for our records: printable ASCII, at most 128 characters; else empty. */
    static String printable(@Nullable String text) {
        if (text == null || text.length() > LONGEST_ID || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            return "";
        }
        return text;
    }
}
