package openledger.wiring.config;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The configuration's interfaces as they are written, in their order and with their Javadoc, which does not exist at run time. */
final class ConfigurationSource {
    private static final String ROOT = OpenLedgerConfig.class.getSimpleName();

    private final Map<String, KeyGroup> groups = new HashMap<>();

    /** An interface of keys. */
    record KeyGroup(String meaning, List<KeyMethod> keys) {}

    /**
     * A method of one.
     *
     * @param type as it is written, for example {@code Optional<Duration>}
     */
    record KeyMethod(String name, String type, Optional<String> byDefault, String meaning) {}

    /** Reads the sources below a folder. */
    ConfigurationSource(Path sources) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this is no JDK");
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(written(sources)));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                TreePath path = new TreePath(unit);
                unit.getTypeDecls().stream()
                        .filter(ClassTree.class::isInstance)
                        .forEach(type -> read(docs, new TreePath(path, type), (ClassTree) type));
            }
        }
    }

    KeyGroup root() {
        return Objects.requireNonNull(groups.get(ROOT));
    }

    /** The group that a key is of, if it is one: directly, or as an entry of a list. */
    Optional<KeyGroup> group(KeyMethod key) {
        String type = key.type();
        String named = isList(key) ? type.substring("List<".length(), type.length() - 1) : type;
        return Optional.ofNullable(groups.get(named.substring(named.lastIndexOf('.') + 1)));
    }

    static boolean isList(KeyMethod key) {
        return key.type().startsWith("List<");
    }

    /** The files of the room that {@link OpenLedgerConfig} stands in, wherever that is. */
    private static List<Path> written(Path sources) throws IOException {
        try (Stream<Path> all = Files.walk(sources)) {
            Path root = all.filter(file -> file.endsWith(ROOT + ".java"))
                    .findFirst()
                    .orElseThrow();
            try (Stream<Path> beside = Files.list(Objects.requireNonNull(root.getParent()))) {
                return beside.filter(
                                file -> file.equals(root) || file.toString().endsWith("Keys.java"))
                        .sorted()
                        .toList();
            }
        }
    }

    private void read(DocTrees docs, TreePath path, ClassTree type) {
        List<KeyMethod> keys = new ArrayList<>();
        for (var member : type.getMembers()) {
            TreePath inner = new TreePath(path, member);
            if (member instanceof ClassTree nested) {
                read(docs, inner, nested);
            } else if (member instanceof MethodTree method) {
                keys.add(new KeyMethod(
                        annotation(method, "WithName").orElse(method.getName().toString()),
                        String.valueOf(method.getReturnType()),
                        annotation(method, "WithDefault"),
                        text(docs.getDocCommentTree(inner))));
            }
        }
        groups.put(type.getSimpleName().toString(), new KeyGroup(text(docs.getDocCommentTree(path)), keys));
    }

    /** The text that an annotation of a method holds. */
    private static Optional<String> annotation(MethodTree method, String name) {
        return method.getModifiers().getAnnotations().stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals(name))
                .map(AnnotationTree::getArguments)
                .map(arguments -> (com.sun.source.tree.LiteralTree) arguments.getFirst())
                .map(literal -> String.valueOf(literal.getValue()))
                .findFirst();
    }

    /** A comment as Markdown in one line; empty if there is none. */
    private static String text(@Nullable DocCommentTree comment) {
        return comment == null
                ? ""
                : comment.getFullBody().stream()
                        .map(ConfigurationSource::markdown)
                        .collect(Collectors.joining())
                        .replaceAll("\\s+", " ")
                        .strip();
    }

    private static String markdown(DocTree tree) {
        return tree instanceof LiteralTree literal
                ? "`" + literal.getBody().getBody().strip() + "`"
                : tree.toString();
    }
}
