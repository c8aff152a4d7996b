/** Numbers and names of routes, targets and policies. */
@NullMarked
package openledger.store.catalog;

import org.jspecify.annotations.NullMarked;
