/** What several kinds of tests and tools share. */
@NullMarked
package openledger.support;

import org.jspecify.annotations.NullMarked;
