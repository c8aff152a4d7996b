/** The journal on the hot path: records gathered into chunks, one commit for many, read back after a crash. */
@NullMarked
package openledger.store.journal;

import org.jspecify.annotations.NullMarked;
