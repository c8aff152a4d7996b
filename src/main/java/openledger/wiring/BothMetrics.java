package openledger.wiring;

import java.time.Duration;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.RequestMetricContext;
import openledger.inference.RouterMetrics;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.record.Decision;
import openledger.inference.record.ResendKind;
import openledger.routing.Gate;
import openledger.routing.Route;

/** Tells both, in this order. */
public record BothMetrics(RouterMetrics first, RouterMetrics second) implements RouterMetrics {
    @Override
    public void finished(Route route, Decision decision, RequestMetricContext circumstances) {
        first.finished(route, decision, circumstances);
        second.finished(route, decision, circumstances);
    }

    @Override
    public void refused(Refusal why) {
        first.refused(why);
        second.refused(why);
    }

    @Override
    public void resend(Route route, ResendKind kind) {
        first.resend(route, kind);
        second.resend(route, kind);
    }

    @Override
    public void pinned(Route route, Gate gate) {
        first.pinned(route, gate);
        second.pinned(route, gate);
    }

    @Override
    public void pinWentStale(Route route, Gate gate, PlanPlace place) {
        first.pinWentStale(route, gate, place);
        second.pinWentStale(route, gate, place);
    }

    @Override
    public void confirmed(Route route, Gate gate, ConfirmationLevel level, Duration sincePin) {
        first.confirmed(route, gate, level, sincePin);
        second.confirmed(route, gate, level, sincePin);
    }

    @Override
    public void unconfirmed(Route route, Gate gate, OnUnconfirmed then) {
        first.unconfirmed(route, gate, then);
        second.unconfirmed(route, gate, then);
    }

    @Override
    public void answerThrownAway(Route route, Gate gate) {
        first.answerThrownAway(route, gate);
        second.answerThrownAway(route, gate);
    }
}
