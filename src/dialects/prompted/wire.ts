import type { Framing } from '../../core/dialect.ts';
import type { JsonObject } from '../../core/json-object.ts';

/** A place in JSON: names of members and positions in lists. */
export type Spot = readonly (string | number)[];

/** Where something stands in an answer or an event: the first spot that holds it counts. */
export type Spots = readonly Spot[];

export interface AnswerSpots {
  readonly text: Spots;
  readonly finish?: Spots;
  /** Tokens read and written; a list counts by its length. */
  readonly input?: Spots;
  readonly output?: Spots;
}

export interface EventSpots extends Omit<AnswerSpots, 'text'> {
  /** A piece of the text. */
  readonly piece: Spots;
  /** Says of the piece that it is a mark of the model and no text. */
  readonly mark?: Spot;
  /** All the text, in the event that ends the stream. Absent: the stream ends when it is closed. */
  readonly whole?: Spot;
}

/** How a stream is asked for and what its events hold. */
interface StreamForm {
  readonly framing: Framing;
  /** Its path, where it has one of its own. */
  readonly path?: string;
  /** Member of the body that says whether a stream is wanted. */
  readonly member?: string;
  /** Members that streams have beside those of whole answers, by path. */
  readonly members?: JsonObject;
  /** Null: the events are bare text. */
  readonly event: EventSpots | null;
}

/** How a prompt is sent and where the text comes back. Paths of members have dots: `parameters.stop`. */
export interface PromptForm {
  /** Below the base; `{model}` stands for the model's name. */
  readonly path: string;
  /** Member that holds the prompt, and the one that names the model; absent: the path or the address names it. */
  readonly prompt: string;
  readonly model?: string;
  /** Members that hold unless something else is said, by path. */
  readonly members?: JsonObject;
  /** OpenAI's parameters that are taken, and the member that each sets; others are not supported. */
  readonly params: Readonly<Record<string, string>>;
  /** Numbers below this are raised to it; those from this on say what holds anyway, and are left out. */
  readonly least?: Readonly<Record<string, number>>;
  readonly without?: Readonly<Record<string, number>>;
  /** The provider takes one stop sequence, as a text. */
  readonly oneStop?: boolean;
  /** Object in which the provider's own parameters stand; absent: the body itself. */
  readonly own?: string;
  /** Every member is a tensor of KServe's. */
  readonly tensors?: boolean;
  /** The text may begin with the prompt. */
  readonly echoes?: boolean;
  readonly answer: AnswerSpots;
  /** Absent: it answers whole, and is told as a stream. */
  readonly stream?: StreamForm;
}

/** How a conversation is sent as messages. */
export interface MessagesForm {
  readonly path: string;
  readonly streamPath?: string;
  readonly framing: Framing;
  /** What the body names as the model: itself, nothing, or a deployment's `adapter_id`, which may be empty. */
  readonly names: 'model' | 'nothing' | 'adapter';
  /** OpenAI's parameters that are taken; absent: it depends on the server, which is asked. */
  readonly takes?: readonly string[];
}

export interface Wire {
  /** How text is completed; absent: only conversations are answered. */
  readonly prompt?: PromptForm;
  /** How conversations are led: by OpenAI's messages, by the provider's own in a prompt's place, or (absent) as one prompt. */
  readonly messages?: MessagesForm;
  /** Member that takes messages in Bytez's form, in the place of the prompt. */
  readonly turns?: string;
}
