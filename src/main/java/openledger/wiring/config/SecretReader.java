package openledger.wiring.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys from where the configuration places them: an environment variable ({@code …-env}) or a file ({@code …-file}), never both. What
 * cannot be used is noted under the key that names it, with the reason and without its text. Reading a file blocks.
 */
final class SecretReader {
    static final String ENV = "-env";
    static final String FILE = "-file";
    private static final int LARGEST_FILE = 16 * 1024;

    private final ConfigurationProblems problems;
    private final Function<String, @Nullable String> environment;

    SecretReader(ConfigurationProblems problems, Function<String, @Nullable String> environment) {
        this.problems = problems;
        this.environment = environment;
    }

    /** A key: printable ASCII without spaces. */
    Optional<String> key(String name, Optional<String> variable, Optional<String> file) {
        return printable(name, variable, file, 0x21);
    }

    /** The value of a header: printable ASCII. */
    Optional<String> header(String name, Optional<String> variable, Optional<String> file) {
        return printable(name, variable, file, ' ');
    }

    private Optional<String> printable(String name, Optional<String> variable, Optional<String> file, int least) {
        String where = name + (file.isPresent() ? FILE : ENV);
        Optional<String> secret = text(name, variable, file);
        if (secret.isPresent() && !secret.get().chars().allMatch(c -> c >= least && c < 0x7f)) {
            String holder = file.isPresent() ? "the file " + file.get() : "the value of " + variable.orElse("");
            problems.add(where, holder + " has a character that no key can have");
            return Optional.empty();
        }
        return secret;
    }

    private Optional<String> text(String name, Optional<String> variable, Optional<String> file) {
        if (variable.isPresent() && file.isPresent()) {
            problems.add(name + FILE, "set either " + last(name) + ENV + " or " + last(name) + FILE);
            return Optional.empty();
        }
        if (file.isPresent()) {
            return fromFile(name + FILE, file.get());
        }
        return variable.flatMap(known -> fromEnvironment(name + ENV, known));
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private Optional<String> fromEnvironment(String key, String variable) {
        String value = environment.apply(variable);
        if (value == null || value.isBlank()) {
            problems.absent(key, "the environment variable " + variable + " is not set");
            return Optional.empty();
        }
        return Optional.of(value.strip());
    }

    /** The text of a file but for what surrounds it, for editors end a file with a line feed. */
    private Optional<String> fromFile(String key, String name) {
        try {
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                return refuse(key, name, "is a folder");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LARGEST_FILE + 1);
            }
            if (bytes.length > LARGEST_FILE) {
                return refuse(key, name, "is larger than " + LARGEST_FILE + " bytes, the limit for a key");
            }
            if (isWritableByAll(file)) {
                return refuse(key, name, "can be changed by everybody: remove the write permission of others");
            }
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? refuse(key, name, "is empty") : Optional.of(text);
        } catch (NoSuchFileException missing) {
            problems.absent(key, "the file " + name + " does not exist");
            return Optional.empty();
        } catch (AccessDeniedException denied) {
            return refuse(key, name, "cannot be read by the user that the router runs as");
        } catch (InvalidPathException none) {
            return refuse(key, name, "is not a file name");
        } catch (IOException broken) {
            return refuse(key, name, "cannot be read: " + broken.getClass().getSimpleName());
        }
    }

    private static boolean isWritableByAll(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
        return rights.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private Optional<String> refuse(String key, String file, String why) {
        problems.add(key, "the file " + file + " " + why);
        return Optional.empty();
    }
}
