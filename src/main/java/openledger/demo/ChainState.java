package openledger.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The file in which anvil keeps its chain. It is written over in place every second, so a chain that is killed while it
 * writes leaves half a file, and half a file stops the next start.
 */
record ChainState(Path file) {
    static ChainState in(Path folder) {
        return new ChainState(folder.resolve("chain.json"));
    }

    /** False while it is being written, and if its writer was killed meanwhile; true if there is none. */
    boolean isWhole() throws IOException {
        if (!Files.exists(file)) {
            return true;
        }
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT;
        } catch (JsonProcessingException broken) {
            return false;
        }
    }

    /** Moves half a file out of the way, so that a new chain can begin; where it is then. */
    Optional<Path> setAsideIfBroken() throws IOException {
        if (isWhole()) {
            return Optional.empty();
        }
        Path aside = file.resolveSibling("chain.broken.json");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(aside);
    }
}
