/** Other gateways under the same load. */
@NullMarked
package openledger.bench.peers;

import org.jspecify.annotations.NullMarked;
