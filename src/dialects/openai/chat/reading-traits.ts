/** How one provider's answers differ from OpenAI's. */
export interface ReadingTraits {
  /** Thoughts may stand in the text between `<think>` tags: `opened` when the prompt already opened the tag. */
  readonly thinkTags?: boolean | 'opened';
  /** One answer may stand in several choices. */
  readonly splitChoices?: boolean;
}
