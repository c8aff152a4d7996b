/**
 * Serves requests: admit, attempt within its ledger, journal, seal. Ports to providers, the journal, time and metrics live here; adapters
 * are on the floor above.
 */
@NullMarked
package openledger.inference;

import org.jspecify.annotations.NullMarked;
