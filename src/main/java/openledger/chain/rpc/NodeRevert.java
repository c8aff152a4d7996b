package openledger.chain.rpc;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.core.Response;

/** What a contract said when it refused a call, as nodes pass it on: beside the error or within its words. */
public final class NodeRevert {
    /** Of geth, and of most others by now. */
    private static final int REVERTED = 3;
    /** Longest that is read: more than any error of ours has. */
    private static final int MOST_DIGITS = 2 * 4_096;

    private NodeRevert() {}

    /**
     * The data of the refusal; nothing within if the contract gave none, and empty if it is another error, such as one of the node's own.
     */
    public static Optional<byte[]> of(Response.Error error) {
        byte[] data = data(error.getData());
        boolean isRevert = error.getCode() == REVERTED
                || data.length > 0
                || NodeValue.cleaned(error.getMessage())
                        .toLowerCase(Locale.ROOT)
                        .contains("revert");
        return isRevert ? Optional.of(data) : Optional.empty();
    }

    /** Some nodes put a word before it, and our reader leaves the quotes around it. */
    private static byte[] data(@Nullable String said) {
        int start = said == null ? -1 : said.indexOf("0x");
        if (said == null || start < 0) {
            return new byte[0];
        }
        int from = start + 2;
        int to = from;
        while (to < said.length() && to - from < MOST_DIGITS && HexFormat.isHexDigit(said.charAt(to))) {
            to++;
        }
        return HexFormat.of().parseHex(said, from, to - (to - from) % 2);
    }
}
