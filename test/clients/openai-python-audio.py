"""Speaks and listens through a gateway with the official client, as Home Assistant Core does, and prints what came of it, one JSON object."""

import asyncio
import io
import json
import sys
import time
import wave
from typing import Any

import openai

BASE, KEY, BUDGET_KEY = sys.argv[1], sys.argv[2], sys.argv[3]


def recording(seconds: int) -> bytes:
    """A recording as Core makes it of what a satellite hears."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setframerate(16000)
        sound.setsampwidth(2)
        sound.setnchannels(1)
        sound.writeframes(bytes(range(256)) * (125 * seconds))
    return buffer.getvalue()


async def raised(key: str, seconds: int) -> dict[str, Any]:
    """What a call with this key raises, and the time it took with all its tries."""
    started = time.monotonic()
    client = openai.AsyncOpenAI(base_url=f"{BASE}/v1", api_key=key)
    try:
        await client.audio.transcriptions.create(model="whisper", file=("audio.wav", recording(seconds), "audio/x-wav"))
    except openai.OpenAIError as error:
        return {"raised": type(error).__name__, "message": str(error), "seconds": time.monotonic() - started}
    return {"raised": None}


async def main() -> None:
    client = openai.AsyncOpenAI(base_url=f"{BASE}/v1", api_key=KEY)
    wav = ("audio.wav", recording(4), "audio/x-wav")
    voice = await client.audio.transcriptions.create(
        model="whisper", file=wav, language="de", prompt="Küche", extra_body={"keywords": ["Küche", "Flur"]}
    )
    subtitles = await client.audio.transcriptions.create(model="subtitles", file=wav, response_format="vtt")
    verbose = await client.audio.transcriptions.create(
        model="verbose", file=wav, response_format="verbose_json", timestamp_granularities=["word", "segment"]
    )
    tagged = await client.audio.transcriptions.create(
        model="whisper", file=wav, extra_body={"drop_params": True, "tags": ["evening"], "metadata": {"session_id": "s1"}}
    )
    stream = await client.audio.transcriptions.create(model="events", file=wav, stream=True)
    events = [event.type async for event in stream]
    async with client.audio.speech.with_streaming_response.create(model="tts", input="Guten Abend", voice="alloy") as speech:
        sound = b"".join([piece async for piece in speech.iter_bytes()])
    print(
        json.dumps(
            {
                "voice": voice.text,
                "subtitles": subtitles,
                "verbose": {"duration": verbose.duration, "segments": len(verbose.segments or [])},
                "tagged": tagged.text,
                "events": events,
                "sound": len(sound),
                "poor": await raised(BUDGET_KEY, 120),
                "stranger": await raised("sk-nobody", 120),
            }
        )
    )


asyncio.run(main())
