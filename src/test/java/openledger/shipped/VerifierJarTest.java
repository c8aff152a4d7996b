package openledger.shipped;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import openledger.support.RecordedChain;
import openledger.support.RecordedVerdicts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier's jar as programs have it: alone with Jackson on a class loader. */
final class VerifierJarTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder = Path.of("");

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.toString().endsWith("-verifier.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The jar and the three jars of Jackson. */
    private static List<Path> path() throws IOException, URISyntaxException {
        List<Path> path = new ArrayList<>(List.of(jar()));
        for (Class<?> of : List.of(JsonInclude.class, JsonFactory.class, ObjectMapper.class)) {
            path.add(Path.of(
                    of.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        return path;
    }

    private static URLClassLoader alone(Path... more) throws IOException, URISyntaxException {
        List<URL> urls = new ArrayList<>();
        for (Path file : path()) {
            urls.add(file.toUri().toURL());
        }
        for (Path folder : more) {
            urls.add(folder.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @Test
    void noClassInItNeedsMoreThanTheJdkAndJackson() throws IOException {
        JavaClasses classes;
        try (JarFile jar = new JarFile(jar().toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo("openledger.verifier");
            classes = new ClassFileImporter().importJar(jar);
        }
        List<String> known = classes.stream().map(JavaClass::getName).toList();
        assertThat(known).contains("openledger.verifier.ReceiptVerifier").hasSizeGreaterThan(150);

        assertThat(classes.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(type -> !type.isPrimitive())
                        .map(JavaClass::getName)
                        .filter(name -> !known.contains(name)))
                .allMatch(name -> name.startsWith("java.")
                        || name.startsWith("javax.crypto.")
                        || name.startsWith("com.fasterxml.jackson.core.")
                        || name.startsWith("com.fasterxml.jackson.databind.")
                        || name.startsWith("org.jspecify.annotations."));
    }

    @Test
    void verifiesRecordedReceiptsInTheWordsOfTheCommand() throws Exception {
        try (RecordedChain chain = new RecordedChain();
                URLClassLoader alone = alone()) {
            Class<?> main = alone.loadClass("openledger.verifier.VerifyMain");
            assertThat(main.getClassLoader()).isSameAs(alone);
            Method run = main.getMethod("run", String[].class, PrintWriter.class, PrintWriter.class);
            RecordedVerdicts verdicts = new RecordedVerdicts(chain, folder, (arguments, out, err) -> {
                try {
                    return (int) run.invoke(null, arguments, out, err);
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(verdicts.check()).isGreaterThan(50);
        }
    }

    /** What the documentation shows is compiled with the jar and run. */
    @Test
    void theLinesOfTheDocumentationVerifyAReceiptAndAnAnswer() throws Exception {
        String page = Files.readString(Path.of("docs/how-to/verify-in-clients.md"));
        List<String> snippets =
                SNIPPET.matcher(page).results().map(found -> found.group(1)).toList();
        assertThat(snippets)
                .hasSize(2)
                .allSatisfy(lines -> assertThat(lines.lines()).hasSize(3));
        try (RecordedChain chain = new RecordedChain()) {
            HttpServer router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            router.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
                exchange.close();
            });
            router.start();
            String program = PROGRAM.replace("RECEIPT", snippets.getFirst())
                    .replace("ANSWER", snippets.getLast())
                    .replace("https://node.example", chain.rpc().toString())
                    .replaceAll("new LaneId\\(\\d+L\\)", "new LaneId(" + chain.lane() + "L)");
            Path source = Files.writeString(folder.resolve("Shown.java"), program);
            String classPath = path().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
            assertThat(ToolProvider.getSystemJavaCompiler()
                            .run(null, null, null, "-d", folder.toString(), "-cp", classPath, source.toString()))
                    .isZero();
            Path receipt = RecordedChain.file(folder, chain.genuine("signed"));
            URI at = URI.create("http://127.0.0.1:" + router.getAddress().getPort() + "/v1/chat/completions");
            try (URLClassLoader alone = alone(folder)) {
                Object shown = alone.loadClass("Shown")
                        .getMethod("run", Path.class, URI.class)
                        .invoke(null, receipt, at);

                assertThat(shown.toString()).contains("true VERIFIED: ", "The answer has no promise.");
            } finally {
                router.stop(0);
            }
        }
    }

    private static final String PROGRAM = """
            import java.io.*;
            import java.net.URI;
            import java.net.http.*;
            import java.net.http.HttpResponse.BodyHandlers;
            import java.nio.file.*;
            import openledger.commitment.verify.*;
            import openledger.commitment.verify.ReceiptVerification.*;
            import openledger.unit.*;
            import openledger.verifier.*;

            public final class Shown {
                public static String run(Path file, URI address) throws Exception {
                    PrintStream before = System.out;
                    ByteArrayOutputStream printed = new ByteArrayOutputStream();
                    System.setOut(new PrintStream(printed, true));
                    try {
                        receipt(Files.readAllBytes(file));
                        answer(address, "{}".getBytes());
                        return printed.toString();
                    } finally {
                        System.setOut(before);
                    }
                }

                static void receipt(byte[] receipt) throws Exception {
                    RECEIPT
                }

                static void answer(URI address, byte[] body) throws Exception {
                    HttpClient client = HttpClient.newHttpClient();
                    HttpRequest request = HttpRequest.newBuilder(address).header("openledger-receipt", "signed")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
                    ANSWER
                    watch.finishChecks();
                    watch.close();
                }
            }
            """;
}
