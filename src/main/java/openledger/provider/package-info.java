/**
 * Calls of providers: dialects and the translation between them ({@code docs/explanation/0005-dialects.md}), classification of errors,
 * slots, circuits and time-outs. The only room, with the chain's, that has HTTP clients.
 */
@NullMarked
package openledger.provider;

import org.jspecify.annotations.NullMarked;
