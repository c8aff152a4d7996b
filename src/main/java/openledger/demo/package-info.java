/**
 * Everything on one machine, to try the product: PostgreSQL, a chain, simulated providers, the router, some load. A production image has
 * none of it.
 */
@NullMarked
package openledger.demo;

import org.jspecify.annotations.NullMarked;
