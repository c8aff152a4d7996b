package openledger.http.inference;

import java.time.Duration;
import openledger.inference.Timekeeper;

/**
 * How long the router waits for a client that does not read its answer.
 *
 * @param longest time in which it reads nothing at all
 */
record ReaderPatience(Timekeeper time, Duration longest) {}
