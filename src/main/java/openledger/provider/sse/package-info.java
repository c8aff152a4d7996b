/** Server-sent events (WHATWG HTML, section 9.2), cut and typed. */
@NullMarked
package openledger.provider.sse;

import org.jspecify.annotations.NullMarked;
