/** Decisions as others read them: what a stream of them says, how far it has come, and the port to where it goes. */
@NullMarked
package openledger.stream;

import org.jspecify.annotations.NullMarked;
