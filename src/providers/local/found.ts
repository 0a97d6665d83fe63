/** Servers in the house that are recognised; ids of the catalogue, so that each is a prefix of `litellm_params.model`. */
export type LocalKind = 'ollama' | 'lm_studio' | 'llamacpp' | 'hosted_vllm' | 'sglang' | 'localai' | 'koboldcpp' | 'jan' | 'openai_like';

/** A model of a local server, as the server tells of it. What it does not tell is null. */
export interface FoundModel {
  /** What the server calls it. */
  readonly id: string;
  readonly mode: string;
  readonly contextLength: number | null;
  readonly tools: boolean | null;
  readonly vision: boolean | null;
  readonly reasoning: boolean | null;
  readonly sizeBytes: number | null;
  /** As the server writes it: `7.6B`. */
  readonly parameters: string | null;
  readonly quantization: string | null;
  /** In memory now. */
  readonly loaded: boolean | null;
  /** Runs on another host, where its use may cost money (Ollama's cloud). */
  readonly remote: boolean;
}

/** What is not known of a model. */
export const UNKNOWN_MODEL: Omit<FoundModel, 'id' | 'mode'> = {
  contextLength: null,
  tools: null,
  vision: null,
  reasoning: null,
  sizeBytes: null,
  parameters: null,
  quantization: null,
  loaded: null,
  remote: false,
};

/** A server that answered. */
export interface FoundServer {
  readonly kind: LocalKind;
  /** `http://host:port`, and a path when the server stands below one. */
  readonly address: string;
  readonly version: string | null;
  /** It asks for a key, and has told nothing more. */
  readonly locked: boolean;
  readonly models: readonly FoundModel[];
}
