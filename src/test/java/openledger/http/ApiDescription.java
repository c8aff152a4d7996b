package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The OpenAPI description, to look things up in. */
public record ApiDescription(JsonNode root) {
    private static final JavaClasses ROOM = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("openledger.http");
    private static final String REF = "$ref";
    private static final int STATUS_DIGITS = 3;

    /** What the router under test answers at {@code /q/openapi}. */
    public static ApiDescription ofRouter() {
        try {
            return new ApiDescription(new ObjectMapper()
                    .readTree(given().queryParam("format", "json")
                            .get("/q/openapi")
                            .then()
                            .statusCode(200)
                            .extract()
                            .asByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Method and path of every operation, such as {@code GET /v1/models}. */
    Set<String> addresses() {
        Set<String> addresses = new TreeSet<>();
        root.get("paths")
                .properties()
                .forEach(path -> names(path.getValue())
                        .forEach(method -> addresses.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return addresses;
    }

    /** Method and path of every method of the resources, in the form of the description. */
    static Set<String> addressesOfResources() {
        Set<String> addresses = new TreeSet<>();
        ROOM.stream()
                .filter(type -> type.isAnnotatedWith(Path.class))
                .map(JavaClass::reflect)
                .flatMap(ApiDescription::addressesOf)
                .forEach(addresses::add);
        return addresses;
    }

    /** Records that are answered as JSON: by their name, by an annotation, or because one of these has them as a member. */
    static List<Class<?>> records() {
        Set<JavaClass> records = ROOM.stream()
                .filter(JavaClass::isRecord)
                .filter(ApiDescription::isJson)
                .collect(Collectors.toCollection(HashSet::new));
        ROOM.stream()
                .filter(JavaClass::isRecord)
                .filter(type -> records.stream()
                        .flatMap(record -> record.getFields().stream())
                        .anyMatch(field ->
                                field.getType().getAllInvolvedRawTypes().contains(type)))
                .toList()
                .forEach(records::add);
        return records.stream()
                .sorted(Comparator.comparing(JavaClass::getName))
                .<Class<?>>map(JavaClass::reflect)
                .toList();
    }

    private static boolean isJson(JavaClass type) {
        return type.getSimpleName().endsWith("Json")
                || type.isAnnotatedWith(RegisterForReflection.class)
                || type.isAnnotatedWith(JsonInclude.class)
                || type.getFields().stream().anyMatch(field -> field.isAnnotatedWith(JsonProperty.class));
    }

    private static Stream<String> addressesOf(Class<?> resource) {
        String base = resource.getAnnotation(Path.class).value();
        return Arrays.stream(resource.getDeclaredMethods())
                .flatMap(method -> Arrays.stream(method.getAnnotations())
                        .flatMap(annotation ->
                                Stream.ofNullable(annotation.annotationType().getAnnotation(HttpMethod.class)))
                        .map(verb -> verb.value() + " " + base
                                + Optional.ofNullable(method.getAnnotation(Path.class))
                                        .map(path -> path.value().replaceAll("\\{(\\w+):[^}]*}", "{$1}"))
                                        .orElse("")));
    }

    List<String> references() {
        return root.findValues(REF).stream().map(JsonNode::asText).toList();
    }

    JsonNode at(String pointer) {
        return root.at(pointer);
    }

    public JsonNode component(String... path) {
        return root.at("/components/" + String.join("/", path));
    }

    /** The answers of a {@code POST}, by status. */
    JsonNode answers(String path) {
        return root.get("paths").get(path).at("/post/responses");
    }

    Set<String> headers(JsonNode answer) {
        return names(resolved(answer).get("headers"));
    }

    /** The statuses of the answers that name a problem; the last digits of an answer's name are its status. */
    Set<Integer> statusesOf(String slug) {
        Set<Integer> statuses = new TreeSet<>();
        component("responses").properties().forEach(answer -> {
            if (answer.getValue()
                    .at("/content/application~1problem+json/examples")
                    .has(slug)) {
                String name = answer.getKey();
                statuses.add(Integer.valueOf(name.substring(name.length() - STATUS_DIGITS)));
            }
        });
        return statuses;
    }

    /** Every member of a value has a place in its schema, and what is required is there. */
    public void requireDescribed(JsonNode value, JsonNode unresolved) {
        JsonNode schema = resolved(unresolved);
        if (value.isObject()) {
            assertThat(names(schema.get("properties"))).containsAll(names(value));
            assertThat(names(value)).containsAll(texts(schema.withArray("required")));
            value.properties()
                    .forEach(member -> requireDescribed(
                            member.getValue(), schema.get("properties").get(member.getKey())));
        } else if (value.isArray()) {
            value.forEach(item -> requireDescribed(item, schema.get("items")));
        }
    }

    JsonNode resolved(JsonNode node) {
        return node.has(REF) ? root.at(node.get(REF).asText().substring(1)) : node;
    }

    public static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        if (array instanceof ArrayNode words) {
            words.forEach(word -> texts.add(word.asText()));
        }
        return texts;
    }
}
