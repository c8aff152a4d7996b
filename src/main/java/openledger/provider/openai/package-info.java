/** OpenAI's dialect: chat completions and responses. */
@NullMarked
package openledger.provider.openai;

import org.jspecify.annotations.NullMarked;
