/**
 * The HTTP API: the operations of OpenAI and Anthropic, receipts, decisions, policy. The only room with routes and resources, and {@link
 * openledger.http.inference.OutcomeRenderer} is the only place that knows status codes.
 */
@NullMarked
package openledger.http;

import org.jspecify.annotations.NullMarked;
