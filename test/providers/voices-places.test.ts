import { expect, test } from 'vitest';
import { urlOf } from '../../src/providers/resolve.ts';
import { modeOfName } from '../../src/providers/model-mode.ts';
import { resolve } from './resolving.ts';

const PATH = '/cognitiveservices/v1';

test.each([
  [{ region_name: 'westeurope' }, {}, 'https://westeurope.tts.speech.microsoft.com/cognitiveservices/v1'],
  [{}, { SPEECH_REGION: 'eastus' }, 'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1'],
  [{ api_base: 'https://eastus.api.cognitive.microsoft.com' }, {}, 'https://eastus.tts.speech.microsoft.com/cognitiveservices/v1'],
  [{ api_base: 'https://mine.cognitiveservices.azure.com/' }, {}, 'https://mine.cognitiveservices.azure.com/tts/cognitiveservices/v1'],
  [{}, { AZURE_TTS_API_BASE: 'https://speech.example' }, 'https://speech.example/cognitiveservices/v1'],
])('Azure Speech with %o and %o is asked at %s', (params, env, url) => {
  for (const model of ['azure_speech/de-DE-KatjaNeural', 'azure/speech/de-DE-KatjaNeural']) {
    const resolved = resolve({ model, api_key: 'k', ...params }, env);
    expect(urlOf(resolved, PATH).href).toBe(url);
    expect(resolved).toMatchObject({ provider: 'azure_speech', wire: 'azure_speech', model: 'de-DE-KatjaNeural' });
  }
});

test('Azure’s own models keep their names', () => {
  expect(resolve({ model: 'azure/speech-model', api_key: 'k', api_base: 'https://r.openai.azure.com' })).toMatchObject({
    provider: 'azure',
  });
});

test('Polly is asked in the region that is named', () => {
  const keys = { aws_access_key_id: 'AKIAEXAMPLE00000', aws_secret_access_key: 's' };
  const resolved = resolve({ model: 'aws_polly/neural', aws_region_name: 'eu-central-1', ...keys });
  expect(urlOf(resolved, '/v1/speech').href).toBe('https://polly.eu-central-1.amazonaws.com/v1/speech');
});

test('names tell who speaks and who hears', () => {
  const mode = (name: string): string => modeOfName(name, 'voices');
  expect(['nova-3', 'whisper-large', 'scribe_v2', 'ink-whisper', 'asr', 'base-meeting'].map(mode)).toEqual(
    Array(6).fill('audio_transcription'),
  );
  expect(['aura-2-thalia-en', 'eleven_v3', 'sonic-3', 's1', 'octave-2', 'neural', 'de-DE-KatjaNeural'].map(mode)).toEqual(
    Array(7).fill('audio_speech'),
  );
});
