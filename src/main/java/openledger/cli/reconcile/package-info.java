/** A provider's own record of its calls, and what a router says of them: read, compared and printed. */
@NullMarked
package openledger.cli.reconcile;

import org.jspecify.annotations.NullMarked;
