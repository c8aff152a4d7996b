/**
 * The retry budget of a request, and how it is spent: the attempt ledger, the retry loop of fast mode with its back-off, the storm guard.
 * Ground floor: plain Java, same input, same output; time and chance are arguments.
 */
@NullMarked
package openledger.budget;

import org.jspecify.annotations.NullMarked;
