/** Errors as HTTP says them (RFC 9457), in the forms of the OpenAI and Anthropic APIs. */
@NullMarked
package openledger.http.problem;

import org.jspecify.annotations.NullMarked;
