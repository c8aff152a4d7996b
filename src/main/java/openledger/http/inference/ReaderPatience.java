package openledger.http.inference;

import java.time.Duration;
import openledger.inference.Timekeeper;

/**
 * For how long a client is waited for that does not read its answer.
 *
 * @param longest in which it takes nothing at all
 */
record ReaderPatience(Timekeeper time, Duration longest) {}
