"""Calls a gateway with the official client and prints what came of it, one JSON object."""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import openai
from pydantic import BaseModel

BASE, KEY, BUDGET_KEY = sys.argv[1], sys.argv[2], sys.argv[3]
HI: Any = [{"role": "user", "content": "Hi"}]
WEATHER: Any = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}
TIME: Any = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object", "properties": {}}}}


class Review(BaseModel):
    stars: int


class Fruit(BaseModel):
    name: str


class Person(BaseModel):
    name: str
    age: int


def failure(call: Callable[[], object]) -> dict[str, Any]:
    """What a call raises: class, status, error members, and the time it took."""
    started = time.monotonic()
    try:
        call()
    except openai.APIStatusError as error:
        return {
            "raised": type(error).__name__,
            "status": error.status_code,
            "type": error.type,
            "code": error.code,
            "param": error.param,
            "should_retry": error.response.headers.get("x-should-retry"),
            "retry_after": error.response.headers.get("retry-after"),
            "seconds": time.monotonic() - started,
        }
    except openai.OpenAIError as error:
        return {"raised": type(error).__name__, "message": str(error)}
    return {"raised": None}


def streamed(client: openai.OpenAI, model: str) -> dict[str, Any]:
    chunks = list(client.chat.completions.create(model=model, messages=HI, stream=True, stream_options={"include_usage": True}))
    return {
        "text": "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices),
        "ids": len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}),
        "finish": [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason],
        "usage": chunks[-1].usage.total_tokens,
    }


def folded(client: openai.OpenAI, model: str, **more: Any) -> Any:
    with client.chat.completions.stream(model=model, messages=HI, **more) as events:
        for _ in events:
            pass
        return events.get_final_completion().choices[0]


def broken(client: openai.OpenAI) -> dict[str, Any]:
    text = ""
    try:
        for chunk in client.chat.completions.create(model="openai-broken", messages=HI, stream=True):
            text += chunk.choices[0].delta.content or ""
    except openai.APIError as error:
        return {"text": text, "raised": type(error).__name__, "message": error.message}
    return {"text": text, "raised": None}


def main() -> None:
    client = openai.OpenAI(base_url=BASE, api_key=KEY, max_retries=0)
    results: dict[str, Any] = {}
    for model, shape in (("openai", Review), ("anthropic", Person), ("ollama", Fruit)):
        answer = client.chat.completions.create(model=model, messages=HI)
        tools = client.chat.completions.create(model=f"{model}-tools", messages=HI, tools=[WEATHER, TIME])
        tools_streamed = folded(client, f"{model}-tools", tools=[WEATHER, TIME])
        parsed = client.chat.completions.parse(model=f"{model}-json", messages=HI, response_format=shape)
        results[model] = {
            "text": answer.choices[0].message.content,
            "model": answer.model,
            "usage": answer.usage.total_tokens,
            "stream": streamed(client, model),
            "folded": folded(client, model).message.content,
            "calls": [[call.id, call.function.name, json.loads(call.function.arguments)] for call in tools.choices[0].message.tool_calls],
            "calls_streamed": [
                [call.id, call.function.name, json.loads(call.function.arguments)] for call in tools_streamed.message.tool_calls
            ],
            "parsed": parsed.choices[0].message.parsed.model_dump(),
        }
    results["vectors"] = [item.embedding for item in client.embeddings.create(model="vectors", input=["a", "b"]).data]
    results["models"] = [model.id for model in client.models.list()]
    results["broken"] = broken(client)
    results["failures"] = {
        str(status): failure(partial(client.chat.completions.create, model=f"status-{status}", messages=HI))
        for status in (400, 401, 403, 404, 422, 429, 500, 502, 503, 529)
    }
    results["slow"] = failure(lambda: client.chat.completions.create(model="slow", messages=HI))
    results["gone"] = failure(lambda: client.chat.completions.create(model="gone", messages=HI))
    stranger = openai.OpenAI(base_url=BASE, api_key="sk-unknown", max_retries=0)
    results["stranger"] = failure(lambda: stranger.models.list())
    spender = openai.OpenAI(base_url=BASE, api_key=BUDGET_KEY, max_retries=3)
    spender.chat.completions.create(model="priced", messages=HI)
    results["budget"] = failure(lambda: spender.chat.completions.create(model="priced", messages=HI))
    patient = openai.OpenAI(base_url=BASE, api_key=KEY, max_retries=1)
    started = time.monotonic()
    results["patient"] = {
        "text": patient.chat.completions.create(model="once-429", messages=HI).choices[0].message.content,
        "seconds": time.monotonic() - started,
    }
    print(json.dumps(results))


main()
