/**
 * Tokens of one second of speech at OpenAI: one for 50 ms. For guesses alone, as are the other two.
 *
 * @see https://platform.openai.com/docs/guides/realtime-costs
 */
export const SAID_TOKENS_A_SECOND = 20;

/** People say some 15 letters of English in a second. */
export const LETTERS_A_SECOND = 15;

/** Bytes of English text in a token. */
export const BYTES_A_TOKEN = 4;
