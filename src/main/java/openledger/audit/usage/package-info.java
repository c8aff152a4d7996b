/** What a log says of calls to a provider, held against the provider's own records of them. Pure: time is in the data. */
@NullMarked
package openledger.audit.usage;

import org.jspecify.annotations.NullMarked;
