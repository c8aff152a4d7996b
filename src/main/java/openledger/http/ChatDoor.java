package openledger.http;

import openledger.inference.Admission;
import openledger.inference.InferenceService;
import openledger.inference.Tenants;
import openledger.inference.Timekeeper;

/** What every chat exchange needs. */
record ChatDoor(
        Tenants tenants,
        Admission admission,
        InferenceService service,
        Timekeeper time,
        HttpLimits limits,
        OutcomeRenderer renderer) {}
