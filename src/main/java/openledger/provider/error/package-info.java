/** Errors of providers: read, classified, and cleaned of secrets. */
@NullMarked
package openledger.provider.error;

import org.jspecify.annotations.NullMarked;
