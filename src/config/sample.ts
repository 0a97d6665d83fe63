import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../core/errors.ts';

/** What a first start writes. It loads without a warning and serves the model `demo`. */
export const SAMPLE_CONFIG = `# Models and settings of LLM Gateway. Changes act within two seconds of saving; nothing needs a restart.
# Check a file with:  llm-gateway check-config FILE
# All settings:       docs/configuration.md

model_list:
  # Answers from here, so that you can try the address before you have a provider. Delete it when you like.
  - model_name: demo
    litellm_params:
      model: openai/demo
      mock_response: Hello from LLM Gateway! Add a provider to litellm_config.yaml to talk to a real model.
    model_info:
      input_cost_per_token: 0
      output_cost_per_token: 0

  # To add a model, take the "# " off the lines of one sample.
  # "model_name" is what your programs ask for; "model" is provider/model.

  # A model on your own computer, served by Ollama:
  # - model_name: home
  #   litellm_params:
  #     model: ollama_chat/qwen3:8b
  #     api_base: http://localhost:11434

  # OpenAI. The key comes from the environment; you can also write it here in place of os.environ/OPENAI_API_KEY.
  # - model_name: gpt-5-mini
  #   litellm_params:
  #     model: openai/gpt-5-mini
  #     api_key: os.environ/OPENAI_API_KEY

  # Anthropic:
  # - model_name: claude
  #   litellm_params:
  #     model: anthropic/claude-sonnet-4-5
  #     api_key: os.environ/ANTHROPIC_API_KEY

litellm_settings:
  # Leave out parameters that a provider does not know, instead of refusing the call.
  drop_params: true

  # Never spend more than this in a month, all keys together (US dollars):
  # max_budget: 20
  # budget_duration: 1mo

# When "home" does not answer, ask "claude":
# router_settings:
#   fallbacks: [{home: [claude]}]
`;

/**
 * Makes the configuration file with samples when it does not exist; its folder too. Never touches an existing file.
 *
 * @returns whether the file was made
 * @throws {ConfigError} when the place cannot be written
 */
export async function ensureConfigFile(path: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await writeNew(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError(`${path}: the configuration file cannot be made (${code})`);
  }
}

/** @returns false when something of that name exists */
async function writeNew(path: string): Promise<boolean> {
  try {
    // Readable for its owner and group alone: people write provider keys into it.
    const file = await open(path, 'wx', 0o640);
    try {
      await file.writeFile(SAMPLE_CONFIG);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
