/** Anthropic's dialect: the Messages API, and the translation of chat completions to it and back. */
@NullMarked
package openledger.provider.anthropic;

import org.jspecify.annotations.NullMarked;
