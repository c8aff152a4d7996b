/**
 * Receipts and promises verified by programs and by commands. It knows the ground floor, Jackson and the JDK only, because it is shipped as
 * a jar of its own (classifier {@code verifier}) for clients that have none of our libraries.
 */
@NullMarked
package openledger.verifier;

import org.jspecify.annotations.NullMarked;
