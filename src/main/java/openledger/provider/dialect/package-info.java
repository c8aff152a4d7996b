/** What a dialect is: how requests are said in it and how answers are read. Each one has a room of its own, and {@code Dialects} names them. */
@NullMarked
package openledger.provider.dialect;

import org.jspecify.annotations.NullMarked;
