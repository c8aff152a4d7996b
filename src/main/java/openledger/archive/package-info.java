/** Reads what a router publishes for everybody, over HTTP, for those who check it. */
@NullMarked
package openledger.archive;

import org.jspecify.annotations.NullMarked;
