/** Receipts, decisions, batches and snapshots as resources. */
@NullMarked
package openledger.http.receipt;

import org.jspecify.annotations.NullMarked;
