package openledger.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The whole house once more, in a class loader of its own, with calls in one class replaced by something else: so that a rule can be
 * broken without a door in the rule that would let anybody break it.
 */
final class BrokenHouse extends ClassLoader {
    private static final String OURS = "openledger.";

    private final String broken;
    private final Predicate<String> methods;
    private final Predicate<InvokeInstruction> calls;
    private final BiConsumer<CodeBuilder, InvokeInstruction> instead;
    private final AtomicInteger replaced = new AtomicInteger();

    /**
     * A house in which a rule is broken.
     *
     * @param broken name of the class with the rule
     * @param methods names of those in which calls are replaced
     * @param calls that are replaced
     * @param instead what stands in their place; takes from the stack and leaves on it what the call does
     */
    BrokenHouse(
            String broken,
            Predicate<String> methods,
            Predicate<InvokeInstruction> calls,
            BiConsumer<CodeBuilder, InvokeInstruction> instead) {
        super(BrokenHouse.class.getClassLoader());
        this.broken = broken;
        this.methods = methods;
        this.calls = calls;
        this.instead = instead;
    }

    /** How many calls have been replaced so far. */
    int replaced() {
        return replaced.get();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] made = name.equals(broken) ? transform(bytes) : bytes;
            return defineClass(name, made, 0, made.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] transform(byte[] bytes) {
        ClassFile file = ClassFile.of();
        return file.transformClass(
                file.parse(bytes),
                ClassTransform.transformingMethodBodies(
                        method -> methods.test(method.methodName().stringValue()), (builder, element) -> {
                            if (element instanceof InvokeInstruction call && calls.test(call)) {
                                replaced.incrementAndGet();
                                instead.accept(builder, call);
                            } else {
                                builder.with(element);
                            }
                        }));
    }
}
