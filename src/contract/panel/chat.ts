import { z } from 'zod';
import { Free, Text } from '../body.ts';

/** `POST /panel/chat` (ruling K7). */
export const PanelChatBody = z.object({
  as: Text.nullish().describe('Hash of the key to call as, with all its limits; null: the person who is logged in.'),
  body: Free.describe('The body of a call to /v1/chat/completions.'),
});
