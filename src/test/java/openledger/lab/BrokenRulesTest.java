package openledger.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.Map;
import java.util.function.Supplier;
import openledger.budget.AttemptLedger;
import openledger.routing.Route;
import openledger.routing.allocation.Allocator;
import openledger.routing.allocation.OpenRequest;
import org.junit.jupiter.api.Test;

/**
 * Breaks a rule of the ground floor in its byte code and looks whether anybody notices: the lab runs over the rules that serve traffic, so
 * it must; and the measures of fairness are worth nothing if they do not.
 */
final class BrokenRulesTest {
    private static final ClassDesc FAVOURED = ClassDesc.of(FavouredCohort.class.getName());
    private static final ClassDesc ROUTE = ClassDesc.of(Route.class.getName());

    @Test
    void anAllocatorThatIgnoresTheOrderOfArrivalIsNoticed() throws ReflectiveOperationException {
        BrokenHouse house = new BrokenHouse(
                Allocator.class.getName(),
                // Of the comparator that makes the public order.
                method -> method.startsWith("lambda$static$"),
                call -> isCall(call, OpenRequest.class, "turn"),
                (code, call) -> code.pop().lconst_0());

        Map<String, Double> sound = new ConfirmedWitness().get();
        Map<String, Double> broken = figures(house, ConfirmedWitness.class);

        assertThat(house.replaced()).isEqualTo(1);
        assertThat(value(sound, "selective")).isLessThan(0.1);
        assertThat(value(broken, "selective")).isGreaterThan(0.3);
        assertThat(value(broken, "overtakes")).isGreaterThan(10 * value(sound, "overtakes"));
    }

    @Test
    void aLedgerThatGrantsOneCohortAnotherAttemptIsNoticed() throws ReflectiveOperationException {
        BrokenHouse house = new BrokenHouse(
                AttemptLedger.class.getName(),
                "<init>"::equals,
                call -> isCall(call, Route.class, "budget") || isCall(call, Route.class, "upTo"),
                (code, call) -> code.invokestatic(
                        FAVOURED, call.name().stringValue(), call.typeSymbol().insertParameterTypes(0, ROUTE)));

        Map<String, Double> sound = new FastWitness().get();
        Map<String, Double> broken = figures(house, FastWitness.class);

        assertThat(house.replaced()).isEqualTo(2);
        assertThat(value(sound, "disparity")).isZero();
        assertThat(value(sound, "attempts")).isZero();
        assertThat(value(sound, "variance")).isZero();
        assertThat(value(broken, "favoured")).isLessThan(value(sound, "favoured") - 0.01);
        assertThat(value(broken, "others")).isGreaterThanOrEqualTo(value(sound, "others") - 0.001);
        assertThat(value(broken, "disparity")).isPositive();
        assertThat(value(broken, "attempts")).isGreaterThan(0.01);
        assertThat(value(broken, "variance")).isPositive();
        // Why it is never the headline.
        assertThat(value(broken, "jain")).isGreaterThan(0.99);
    }

    @Test
    void aHouseInWhichNothingIsBrokenSaysTheSame() throws ReflectiveOperationException {
        BrokenHouse house = new BrokenHouse("none", method -> true, call -> true, (code, call) -> {});

        assertThat(figures(house, ConfirmedWitness.class)).isEqualTo(new ConfirmedWitness().get());
    }

    private static double value(Map<String, Double> of, String name) {
        return of.getOrDefault(name, Double.NaN);
    }

    private static boolean isCall(InvokeInstruction call, Class<?> owner, String name) {
        return call.owner().asInternalName().equals(owner.getName().replace('.', '/'))
                && call.name().equalsString(name);
    }

    @SuppressWarnings("unchecked") // both witnesses give that
    private static Map<String, Double> figures(
            BrokenHouse house, Class<? extends Supplier<Map<String, Double>>> witness)
            throws ReflectiveOperationException {
        Object inThere = house.loadClass(witness.getName()).getConstructor().newInstance();
        return ((Supplier<Map<String, Double>>) inThere).get();
    }
}
