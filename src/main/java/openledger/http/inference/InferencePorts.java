package openledger.http.inference;

import openledger.http.HttpLimits;
import openledger.http.receipt.SignedReceiptIssuer;
import openledger.inference.InferenceService;
import openledger.inference.RouterMetrics;
import openledger.inference.Timekeeper;
import openledger.inference.admission.Admission;
import openledger.inference.admission.TraceSampling;

/** The collaborators of every exchange. */
record InferencePorts(
        AdmissionFilter admissionFilter,
        Admission admission,
        InferenceService service,
        Timekeeper time,
        HttpLimits limits,
        LargeBodies largeBodies,
        SignedReceiptIssuer promises,
        RouterMetrics metrics,
        TraceSampling sampling,
        Forwarding forwarding,
        RetryForwarding retries) {}
