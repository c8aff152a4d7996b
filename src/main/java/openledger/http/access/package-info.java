/** Authentication: keys and tokens in HTTP, and the limit of failed ones. */
@NullMarked
package openledger.http.access;

import org.jspecify.annotations.NullMarked;
