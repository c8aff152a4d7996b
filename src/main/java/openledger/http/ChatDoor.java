package openledger.http;

import openledger.inference.Admission;
import openledger.inference.InferenceService;
import openledger.inference.Timekeeper;

/** What every chat exchange needs. */
record ChatDoor(
        ChatEntrance entrance,
        Admission admission,
        InferenceService service,
        Timekeeper time,
        HttpLimits limits,
        OutcomeRenderer renderer) {}
