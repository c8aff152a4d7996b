/** Headers of requests and responses, read and written. */
@NullMarked
package openledger.http.header;

import org.jspecify.annotations.NullMarked;
