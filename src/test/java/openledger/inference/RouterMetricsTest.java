package openledger.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import openledger.telemetry.OpenTelemetryMetrics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A listener may leave an event out; what exports and what passes on may not. */
final class RouterMetricsTest {
    private final List<String> heard = new ArrayList<>();

    static Stream<Method> events() {
        return Arrays.stream(RouterMetrics.class.getMethods());
    }

    @ParameterizedTest
    @MethodSource("events")
    void bothHearOfEachEventInOrder(Method event) throws Exception {
        RouterMetrics both = new RouterMetrics.Both(recorder("first"), recorder("second"));

        event.invoke(both, new Object[event.getParameterCount()]);

        assertThat(heard).containsExactly("first " + event.getName(), "second " + event.getName());
    }

    @ParameterizedTest
    @MethodSource("events")
    void eachEventIsExported(Method event) {
        assertThat(OpenTelemetryMetrics.class.getDeclaredMethods()).anySatisfy(method -> {
            assertThat(method.getName()).isEqualTo(event.getName());
            assertThat(method.getParameterTypes()).isEqualTo(event.getParameterTypes());
        });
    }

    private RouterMetrics recorder(String name) {
        return (RouterMetrics) Proxy.newProxyInstance(
                RouterMetrics.class.getClassLoader(), new Class<?>[] {RouterMetrics.class}, (self, event, values) -> {
                    heard.add(name + " " + event.getName());
                    return null;
                });
    }
}
