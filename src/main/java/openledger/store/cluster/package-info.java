/** Which router answers for which idempotency keys, in the database. */
@NullMarked
package openledger.store.cluster;

import org.jspecify.annotations.NullMarked;
