/**
 * Calls of providers: one file per dialect, classification of errors, slots, circuits and time-outs. The only room, with
 * the chain's, that has HTTP clients.
 */
@NullMarked
package openledger.provider;

import org.jspecify.annotations.NullMarked;
