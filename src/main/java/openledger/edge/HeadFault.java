package openledger.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import openledger.http.problem.ProblemType;

/**
 * Why a connection is answered without a look at its request, and then closed.
 *
 * @param type the kind of problem
 * @param status HTTP status
 * @param detail a sentence with nothing of what the client sent
 */
record HeadFault(ProblemType type, int status, String detail) {
    static HeadFault invalid(String detail) {
        return new HeadFault(ProblemType.INVALID_HEAD, ProblemType.INVALID_HEAD.status(), detail);
    }

    /** The whole answer, by hand: nothing behind this point has seen the request. */
    ByteBuf answer(ByteBufAllocator buffers) {
        String body = "{\"type\":\"" + type.uri() + "\",\"title\":\"" + type.title() + "\",\"status\":" + status
                + ",\"detail\":\"" + detail + "\",\"error\":{\"message\":\"" + detail + "\",\"type\":\""
                + type.errorType()
                + "\",\"param\":null,\"code\":\"" + type.errorCode() + "\"}}";
        String head =
                "HTTP/1.1 " + status + " " + reason() + "\r\ncontent-type: application/problem+json\r\ncontent-length: "
                        + body.length() + "\r\nconnection: close\r\n\r\n";
        return ByteBufUtil.encodeString(buffers, java.nio.CharBuffer.wrap(head + body), StandardCharsets.US_ASCII);
    }

    private String reason() {
        return switch (status) {
            case 408 -> "Request Timeout";
            case 414 -> "URI Too Long";
            case 431 -> "Request Header Fields Too Large";
            default -> "Bad Request";
        };
    }
}
