/** One call of a provider over HTTP/1.1, from its connection to the end of its response. */
@NullMarked
package openledger.provider.call;

import org.jspecify.annotations.NullMarked;
