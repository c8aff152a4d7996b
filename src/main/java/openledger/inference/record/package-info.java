/** What is recorded of a request, and the port of the journal that keeps it. Other rooms read these records. */
@NullMarked
package openledger.inference.record;

import org.jspecify.annotations.NullMarked;
