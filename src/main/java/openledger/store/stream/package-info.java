/** What streams decisions out of the journal. */
@NullMarked
package openledger.store.stream;

import org.jspecify.annotations.NullMarked;
