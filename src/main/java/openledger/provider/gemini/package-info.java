/** Gemini's dialect: chat completions translated to {@code generateContent} and back. */
@NullMarked
package openledger.provider.gemini;

import org.jspecify.annotations.NullMarked;
