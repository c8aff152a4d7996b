package openledger.http;

import openledger.inference.Admission;
import openledger.inference.InferenceService;
import openledger.inference.Timekeeper;

/** What every exchange needs. */
record InferenceDoor(
        InferenceEntrance entrance,
        Admission admission,
        InferenceService service,
        Timekeeper time,
        HttpLimits limits,
        PromiseDesk promises) {}
