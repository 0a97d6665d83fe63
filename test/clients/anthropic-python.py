"""Calls a gateway with Anthropic's official client and prints what came of it, one JSON object."""

import json
import sys
from collections.abc import Callable
from typing import Any

import anthropic

BASE, KEY, NARROW_KEY = sys.argv[1], sys.argv[2], sys.argv[3]
HI: Any = [{"role": "user", "content": "Hi"}]
TOOLS: Any = [
    {"name": name, "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}
    for name in ("get_weather", "get_time", "GetState", "HassTurnOn")
]


def failure(call: Callable[[], object]) -> dict[str, Any]:
    """What a call raises: class, status, and the type of its error."""
    try:
        call()
    except anthropic.APIStatusError as error:
        body = error.body if isinstance(error.body, dict) else {}
        return {"raised": type(error).__name__, "status": error.status_code, "type": body.get("error", {}).get("type")}
    return {"raised": None}


def calls(message: Any) -> list[list[Any]]:
    return [[block.name, block.input] for block in message.content if block.type == "tool_use"]


def text(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def streamed(client: anthropic.Anthropic, **asked: Any) -> Any:
    with client.messages.stream(max_tokens=100, **asked) as events:
        for _ in events:
            pass
        return events.get_final_message()


def spoken(client: anthropic.Anthropic, model: str) -> dict[str, Any]:
    whole = client.messages.create(model=model, max_tokens=100, messages=HI)
    tools = client.messages.create(model=f"{model}-tools", max_tokens=100, messages=HI, tools=TOOLS)
    uses = [block for block in tools.content if block.type == "tool_use"]
    results = [{"type": "tool_result", "tool_use_id": use.id, "content": "rain"} for use in uses]
    turn: Any = [
        *HI,
        {"role": "assistant", "content": [block.model_dump() for block in tools.content]},
        {"role": "user", "content": results},
    ]
    return {
        "text": text(whole),
        "model": whole.model,
        "stop_reason": whole.stop_reason,
        "usage": [whole.usage.input_tokens, whole.usage.output_tokens],
        "streamed": text(streamed(client, model=model, messages=HI)),
        "calls": calls(tools),
        "calls_streamed": calls(streamed(client, model=f"{model}-tools", messages=HI, tools=TOOLS)),
        "tool_stop": tools.stop_reason,
        "after_results": text(client.messages.create(model=model, max_tokens=100, messages=turn, tools=TOOLS)),
        "counted": client.messages.count_tokens(model=model, messages=HI).input_tokens,
    }


def main() -> None:
    client = anthropic.Anthropic(base_url=BASE, api_key=KEY, max_retries=0)
    bearer = anthropic.Anthropic(base_url=BASE, auth_token=KEY, max_retries=0)
    stranger = anthropic.Anthropic(base_url=BASE, api_key="sk-unknown", max_retries=0)
    narrow = anthropic.Anthropic(base_url=BASE, api_key=NARROW_KEY, max_retries=0)

    def ask(who: anthropic.Anthropic, model: str) -> Callable[[], object]:
        return lambda: who.messages.create(model=model, max_tokens=10, messages=HI)

    results: dict[str, Any] = {model: spoken(client, model) for model in ("openai", "anthropic", "ollama")}
    results["by_token"] = text(bearer.messages.create(model="openai", max_tokens=10, messages=HI))
    results["failures"] = {
        "unknown model": failure(ask(client, "nobody")),
        "unknown key": failure(ask(stranger, "openai")),
        "other model": failure(ask(narrow, "openai")),
        **{str(status): failure(ask(client, f"status-{status}")) for status in (400, 401, 404, 429, 500, 529)},
    }
    print(json.dumps(results))


main()
