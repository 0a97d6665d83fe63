/** Models as a household has them: several providers, a name with two deployments, one of each kind of price. Nobody upstream is called. */
export const MODELS = `
model_list:
${[
  ['assist', 'openai/gpt-5-mini'],
  ['assist', 'mistral/mistral-small-latest'],
  ['claude-haiku', 'anthropic/claude-haiku-4-5'],
  ['claude-sonnet', 'anthropic/claude-sonnet-4-5'],
  ['embeddings', 'openai/text-embedding-3-small'],
  ['gpt-5', 'openai/gpt-5'],
  ['speech-to-text', 'groq/whisper-large-v3-turbo'],
  ['vision', 'openrouter/google/gemini-2.5-flash-lite'],
]
  .map(([name, model]) => `  - { model_name: ${name}, litellm_params: { model: ${model}, api_key: sk-provider, mock_response: Hello } }`)
  .join('\n')}
  - { model_name: local-chat, litellm_params: { model: ollama/qwen3:8b, mock_response: Hello, input_cost_per_token: 0, output_cost_per_token: 0 } }
general_settings: { store_model_in_db: true }
`;
