/** Published batches downloaded and audited. */
@NullMarked
package openledger.cli.audit;

import org.jspecify.annotations.NullMarked;
