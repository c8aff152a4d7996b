/** Pools of connections to the database, and who is its primary. */
@NullMarked
package openledger.wiring.database;

import org.jspecify.annotations.NullMarked;
