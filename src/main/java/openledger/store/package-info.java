/**
 * PostgreSQL: the journal on the hot path, decisions derived from it, the catalog of ids, keys. The only room with SQL and
 * persistence annotations.
 */
@NullMarked
package openledger.store;

import org.jspecify.annotations.NullMarked;
