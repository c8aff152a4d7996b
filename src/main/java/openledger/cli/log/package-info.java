/** The log of a lane copied out of the database. */
@NullMarked
package openledger.cli.log;

import org.jspecify.annotations.NullMarked;
