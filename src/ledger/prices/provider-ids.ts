/** Our provider ids, where the bundled price data calls the same provider by another name. */
const CATALOGUE_IDS: ReadonlyMap<string, string> = new Map([
  ['azure_ai', 'azure'],
  ['azure_text', 'azure'],
  ['bedrock', 'aws'],
  ['bedrock_converse', 'aws'],
  ['bedrock_mantle', 'aws'],
  ['codestral', 'mistral'],
  ['cohere_chat', 'cohere'],
  ['fireworks_ai', 'fireworks'],
  ['gemini', 'google'],
  ['github_copilot', 'github-copilot'],
  ['moonshot', 'moonshotai'],
  ['text-completion-openai', 'openai'],
  ['together_ai', 'together'],
  ['vertex_ai', 'google'],
  ['vertex_ai_beta', 'google'],
  ['voyage', 'voyageai'],
  ['xai', 'x-ai'],
]);

/** Routers whose model names start with the provider that serves them: `together/deepseek-ai/DeepSeek-R1` at Hugging Face. */
const ROUTERS: ReadonlyMap<string, string> = new Map([['huggingface', 'huggingface_']]);

/** Servers in the house: their models cost nothing unless a price is set (data-plane 16.3). */
const LOCAL: ReadonlySet<string> = new Set([
  'docker_model_runner',
  'gpt4all',
  'hosted_vllm',
  'infinity',
  'jan',
  'koboldcpp',
  'lemonade',
  'llamacpp',
  'llamafile',
  'lm_studio',
  'localai',
  'mlx',
  'ollama',
  'ollama_chat',
  'oobabooga',
  'sglang',
  'tabbyapi',
  'tei',
  'tgi',
  'vllm',
  'xinference',
]);

/** Where in the bundled price data a provider's model is looked up. */
export function catalogueAddress(provider: string, model: string): { readonly provider: string; readonly model: string } {
  const router = ROUTERS.get(provider);
  const slash = model.indexOf('/');
  if (router !== undefined && slash > 0) return { provider: router + model.slice(0, slash), model: model.slice(slash + 1) };
  return { provider: CATALOGUE_IDS.get(provider) ?? provider, model };
}

export function isLocalProvider(provider: string): boolean {
  return LOCAL.has(provider);
}
