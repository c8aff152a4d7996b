/** Which provider made what a request of the Responses API refers to, and what follows for its targets. */
@NullMarked
package openledger.inference.origin;

import org.jspecify.annotations.NullMarked;
