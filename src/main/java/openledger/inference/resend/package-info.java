/** Requests that are sent again: they join the session that works for them, and its response is replayed. */
@NullMarked
package openledger.inference.resend;

import org.jspecify.annotations.NullMarked;
