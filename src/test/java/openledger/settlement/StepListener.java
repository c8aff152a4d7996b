package openledger.settlement;

import java.util.function.Consumer;

/** Hears of steps alone. */
record StepListener(Consumer<LaneListener.Step> steps) implements LaneListener {
    @Override
    public void passed(Step step) {
        steps.accept(step);
    }
}
