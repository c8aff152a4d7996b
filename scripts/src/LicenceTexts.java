import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Takes the licence and notice texts out of the libraries of a package, each text once: {@code java LicenceTexts.java LIBRARIES OUT}.
 * {@code OUT/INDEX} has a line for each library and text. A library that brings no text has the line {@code none}; its licence is in the
 * bill of materials.
 */
public final class LicenceTexts {
    private static final Pattern TEXT =
            Pattern.compile("(META-INF/)?(LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)([.\\-_A-Za-z0-9]*)", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 1 << 20;
    private static final int NAME = 16;

    private LicenceTexts() {}

    public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        Path out = Files.createDirectories(Path.of(arguments[1]));
        List<Path> libraries;
        try (Stream<Path> all = Files.walk(Path.of(arguments[0]))) {
            libraries = all.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        List<String> index = new ArrayList<>();
        for (Path library : libraries) {
            Map<String, String> texts = texts(library, out);
            texts.forEach((name, digest) -> index.add(library.getFileName() + " " + name + " " + digest));
            if (texts.isEmpty()) {
                index.add(library.getFileName() + " none");
            }
        }
        Files.write(out.resolve("INDEX"), index);
    }

    private static Map<String, String> texts(Path library, Path out) throws IOException, NoSuchAlgorithmException {
        Map<String, String> texts = new TreeMap<>();
        try (ZipFile jar = new ZipFile(library.toFile())) {
            for (ZipEntry entry : jar.stream().filter(one -> TEXT.matcher(one.getName()).matches()).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] text = in.readNBytes(LONGEST);
                    if (text.length > 0 && !new String(text, StandardCharsets.UTF_8).isBlank()) {
                        String digest = digest(text);
                        Files.write(out.resolve(digest), text);
                        texts.put(entry.getName(), digest);
                    }
                }
            }
        }
        return texts;
    }

    private static String digest(byte[] text) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)).substring(0, NAME);
    }
}
