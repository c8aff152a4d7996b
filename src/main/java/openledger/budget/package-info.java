/** What a request may spend: the attempt ledger, back-off, the storm guard. Ground floor: plain Java, same input, same output; time and chance are arguments. */
@NullMarked
package openledger.budget;

import org.jspecify.annotations.NullMarked;
