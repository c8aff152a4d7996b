/** The operations of the OpenAI and Anthropic APIs: the hot path from a request's first byte to its response's last. */
@NullMarked
package openledger.http.inference;

import org.jspecify.annotations.NullMarked;
