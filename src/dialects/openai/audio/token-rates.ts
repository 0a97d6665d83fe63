/**
 * Tokens of one second of speech at OpenAI: one for 50 ms. For guesses alone, as are all of these.
 *
 * @see https://platform.openai.com/docs/guides/realtime-costs
 */
export const SAID_TOKENS_A_SECOND = 20;

/** Tokens of one second of speech that is heard: one for 100 ms. */
export const HEARD_TOKENS_A_SECOND = 10;

/** People say some two and a half words of English in a second. */
export const WRITTEN_TOKENS_A_SECOND = 4;

/** People say some 15 letters of English in a second. */
export const LETTERS_A_SECOND = 15;

/** Bytes of English text in a token. */
export const BYTES_A_TOKEN = 4;
