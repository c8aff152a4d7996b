/** The page for people, and the files it is made of. */
@NullMarked
package openledger.http.page;

import org.jspecify.annotations.NullMarked;
