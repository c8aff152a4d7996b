/** Decisions copied out of the database, for programs that read tables. */
@NullMarked
package openledger.cli.export;

import org.jspecify.annotations.NullMarked;
