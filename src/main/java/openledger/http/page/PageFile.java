package openledger.http.page;

import jakarta.ws.rs.core.EntityTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import openledger.commitment.evm.Keccak256;

/**
 * A file of the page, as it is served.
 *
 * @param type its media type
 * @param bytes never changed after construction
 * @param tag of exactly these bytes
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares files
record PageFile(String type, byte[] bytes, EntityTag tag) {
    private static final String FOLDER = "/page/";

    /** Reads one that this program was built with, and changes its text. */
    static PageFile read(String name, UnaryOperator<String> change) {
        String text = change.apply(text(name));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        EntityTag tag = new EntityTag(HexFormat.of().formatHex(Keccak256.digest(bytes), 0, 16));
        return new PageFile(type(name), bytes, tag);
    }

    private static String text(String name) {
        try (InputStream in = PageFile.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + FOLDER + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html;charset=UTF-8";
            case "css" -> "text/css;charset=UTF-8";
            case "js" -> "text/javascript;charset=UTF-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no media type is known for " + name);
        };
    }
}
