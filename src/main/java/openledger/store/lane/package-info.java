/** The state of lanes: lease, batches, secret. */
@NullMarked
package openledger.store.lane;

import org.jspecify.annotations.NullMarked;
