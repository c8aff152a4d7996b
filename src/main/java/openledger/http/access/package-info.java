/** Who presents a request: keys and tokens as HTTP carries them, and the limit of failed ones. */
@NullMarked
package openledger.http.access;

import org.jspecify.annotations.NullMarked;
