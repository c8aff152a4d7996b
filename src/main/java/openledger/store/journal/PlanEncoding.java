package openledger.store.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.inference.record.Intent;
import openledger.inference.record.PlannedRequest;
import openledger.routing.Plan;
import openledger.unit.RequestId;

/**
 * The plan in a record: {@code u8 places ‖ u16 target … ‖ u8 spent ‖ u64 snapshot ‖ u64 arrival ‖ u64 turn ‖ u64 deficit ‖ u32
 * rank ‖ u32 open}; no places and nothing behind them stand for no plan.
 */
final class PlanEncoding {
    private PlanEncoding() {}

    static void write(RecordWriter out, PlannedRequest planned) {
        IntentEncoding.write(out, planned.intent());
        out.text(planned.intent().nonce());
        out.u64(planned.pinnedMillis());
        out.u8(planned.tier());
        write(out, planned.plan());
    }

    static PlannedRequest read(RecordReader in, RequestId id) {
        Intent intent = IntentEncoding.withNonce(IntentEncoding.read(in), in);
        long pinned = in.u64();
        int tier = in.u8();
        Plan plan = readPlan(in).orElseThrow(() -> new IllegalArgumentException("a record of a plan has none"));
        return new PlannedRequest(id, intent, plan, tier, pinned);
    }

    static void write(RecordWriter out, Optional<Plan> plan) {
        plan.ifPresentOrElse(there -> write(out, there), () -> out.u8(0));
    }

    private static void write(RecordWriter out, Plan plan) {
        out.u8(plan.places().size());
        plan.places().forEach(out::u16);
        out.u8(plan.spent());
        out.u64(plan.snapshot());
        out.u64(plan.arrival());
        out.u64(plan.turn());
        out.u64(plan.deficit());
        out.u32(plan.rank());
        out.u32(plan.open());
    }

    static Optional<Plan> readPlan(RecordReader in) {
        int count = in.u8();
        if (count == 0) {
            return Optional.empty();
        }
        List<Integer> places = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            places.add(in.u16());
        }
        int spent = in.u8();
        return Optional.of(new Plan(in.u64(), in.u64(), in.u64(), in.u64(), in.u32(), in.u32(), spent, places));
    }
}
