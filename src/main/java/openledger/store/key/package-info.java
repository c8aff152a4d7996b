/** Keys of tenants. */
@NullMarked
package openledger.store.key;

import org.jspecify.annotations.NullMarked;
