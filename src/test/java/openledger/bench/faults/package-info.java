/** Other gateways before the same faulty providers. */
@NullMarked
package openledger.bench.faults;

import org.jspecify.annotations.NullMarked;
