/**
 * What a request brings, checked before anything is spent on it: its body, its options, its place among the requests
 * that are there.
 */
@NullMarked
package openledger.inference.admission;

import org.jspecify.annotations.NullMarked;
