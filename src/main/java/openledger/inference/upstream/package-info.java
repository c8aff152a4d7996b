/** The port to the providers: what is asked of them and what comes back. The provider room implements it. */
@NullMarked
package openledger.inference.upstream;

import org.jspecify.annotations.NullMarked;
