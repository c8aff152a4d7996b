package openledger.http;

import openledger.inference.Admission;
import openledger.inference.InferenceService;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.TraceSampling;

/** What every exchange needs. */
record InferenceDoor(
        InferenceEntrance entrance,
        Admission admission,
        InferenceService service,
        Timekeeper time,
        HttpLimits limits,
        LargeBodies largeBodies,
        PromiseDesk promises,
        RouterMetrics metrics,
        TraceSampling sampling) {}
