/** Twins against any endpoint that speaks OpenAI's chat completions: sent, compared and printed. */
@NullMarked
package openledger.cli.probe;

import org.jspecify.annotations.NullMarked;
