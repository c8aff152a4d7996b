package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import openledger.settlement.LaneListener.LeaseChange;
import openledger.settlement.LaneListener.Sent;
import openledger.settlement.LaneListener.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One listener that stands for several. */
final class LaneListenersTest {
    private final List<String> heard = new ArrayList<>();

    static Stream<Method> events() {
        return Arrays.stream(LaneListener.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("events")
    void allHearOfEachEventOnceAndInOrder(Method event) throws Exception {
        LaneListener both = LaneListener.of(recorder("first"), recorder("second"));

        event.invoke(both, arguments(event.getParameterTypes()));

        assertThat(heard).containsExactly("first " + event.getName(), "second " + event.getName());
    }

    @Test
    void eventsWithAMethodOfTheirOwnAreStepsToo() {
        Set<Step> passed = EnumSet.noneOf(Step.class);
        LaneListener listener = LaneListener.of(new StepListener(passed::add));

        listener.lease(LeaseChange.LOST);
        assertThat(passed).isEmpty();
        listener.lease(LeaseChange.TAKEN);
        listener.sent(Sent.AGAIN);
        listener.demoted(1);

        assertThat(passed).containsExactlyInAnyOrder(Step.RESUMED, Step.SENT, Step.DEMOTED_STORED);
    }

    private LaneListener recorder(String name) {
        return (LaneListener) Proxy.newProxyInstance(
                LaneListener.class.getClassLoader(), new Class<?>[] {LaneListener.class}, (self, event, arguments) -> {
                    heard.add(name + " " + event.getName());
                    return null;
                });
    }

    /** Nobody looks at what is no enum and no number. */
    private static Object[] arguments(Class<?>[] types) {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (types[i] == long.class) {
                arguments[i] = 0L;
            } else if (types[i].isEnum()) {
                arguments[i] = types[i].getEnumConstants()[0];
            }
        }
        return arguments;
    }
}
