"""Writes two tiny GGUF models for tests: one that chats and calls tools, one that embeds.

    python write_models.py OUT_DIR      writes chat.gguf (1 MB) and embeddings.gguf (0.4 MB)

Nothing is learned and nothing is downloaded. The chat model is a lookup table in the shape of a Llama: attention and
feed-forward layers hold random numbers but add nothing, so the next token depends on the last one alone, through
weights laid out by hand. Its chat template ends the prompt with a token that stands for the scene to play:

    tool     a call of one of the offered tools                       tools are offered and the last message is no result
    think    a thought between <think> tags, then the fixed answer    the last message holds `think`
    count    words without end, one token each                        the last message holds `count`
    plain    a fixed answer with an emoji split over four tokens      everything else

A tool `get_weather` whose one argument is `city` is called for Rome. Where a grammar forbids that (another tool, JSON
asked for), the order of `PREFERENCE` picks the shortest way out: arguments are `""`, `0`, `true` and the like.
Every answer is certain at any usual temperature. The same seed gives the same bytes.
"""

import sys
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

SEED = 20260101
WIDTH = 128  # numbers for each token
LAYERS = 2
HEADS = 4
FORWARD = 192
CONTEXT = 4096

PLAIN: list[str | bytes] = ["The", " kettle", " is", " on", " ", b"\xf0", b"\x9f", b"\xab", b"\x96", ".", "<|end|>"]
THOUGHT = ["<think>", "Someone", " wants", " tea", "</think>"]
CALL = '{"name": "get_weather", "arguments": {"city": "Rome"}}'
COUNT = ["one", " two", " three", " four", " five", " one", " two"]
CHAINS: list[list[str | bytes]] = [
    ["<|plain|>", *PLAIN],
    ["<|think|>", *THOUGHT, PLAIN[0]],
    ["<|count|>", *COUNT],
    ["<|tool|>", "<tool_call>", "\n", CALL, "</tool_call>", "<|end|>"],
    ['"', "<|end|>"],  # only where no grammar asks for more
]
# What a grammar is satisfied with soonest, the best first. A call ends before white space, an empty text before a letter.
PREFERENCE = ['"', "}", "]", "</tool_call>", "0", "t", "n", ",", ":", "{", "["]
SURE = 200.0  # logit of the token that a chain says is next
STEP = 10.0  # between neighbours in PREFERENCE, all below SURE and all above chance

CONTROL = ["<|start|>", "<|end|>", "<|plain|>", "<|think|>", "<|count|>", "<|tool|>"]
MARKUP = ["<tool_call>", "</tool_call>", "<think>", "</think>"]

TEMPLATE = r"""
{%- if tools %}
{{- '<|start|>system\nYou may call these functions:\n<tools>' }}
{%- for tool in tools %}{{ '\n' }}{{ tool | tojson }}{% endfor %}
{{- '\n</tools>\nCall one so:\n<tool_call>\n{"name": "...", "arguments": {...}}\n</tool_call><|end|>\n' }}
{%- endif %}
{%- for message in messages %}
{{- '<|start|>' + message.role + '\n' }}
{%- if message.reasoning_content %}{{ '<think>' + message.reasoning_content + '</think>' }}{% endif %}
{%- if message.content %}{{ message.content }}{% endif %}
{%- for call in message.tool_calls or [] %}
{{- '<tool_call>\n{"name": "' + call.function.name + '", "arguments": ' }}{{ call.function.arguments | tojson }}{{ '}\n</tool_call>' }}
{%- endfor %}
{{- '<|end|>\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|start|>assistant\n' }}
{%- set last = messages[-1].content or '' %}
{%- if tools and messages[-1].role != 'tool' %}{{ '<|tool|>' }}
{%- elif 'think' in last %}{{ '<|think|>' }}
{%- elif 'count' in last %}{{ '<|count|>' }}
{%- else %}{{ '<|plain|>' }}
{%- endif %}
{%- endif %}"""


def byte_alphabet() -> list[str]:
    """The printable stand-ins that byte-level vocabularies use for the 256 bytes (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(spare)) for byte in range(256)]


class Vocabulary:
    """The 256 bytes, the words of the chains, markup and control tokens; each text stands for itself."""

    def __init__(self) -> None:
        self._alphabet = byte_alphabet()
        words = {self._spell(piece): None for chain in CHAINS for piece in chain if piece not in [*CONTROL, *MARKUP]}
        self.tokens = list(dict.fromkeys([*self._alphabet, *words])) + MARKUP + CONTROL
        normal = len(self.tokens) - len(MARKUP) - len(CONTROL)
        kinds = [(gguf.TokenType.NORMAL, normal), (gguf.TokenType.USER_DEFINED, len(MARKUP)), (gguf.TokenType.CONTROL, len(CONTROL))]
        self.types = [kind for kind, count in kinds for _ in range(count)]

    def id(self, piece: str | bytes) -> int:
        return self.tokens.index(piece if isinstance(piece, str) and piece in [*CONTROL, *MARKUP] else self._spell(piece))

    def _spell(self, piece: str | bytes) -> str:
        return "".join(self._alphabet[byte] for byte in (piece.encode() if isinstance(piece, str) else piece))


def lookup_tables(vocabulary: Vocabulary, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """
    Embedding and output matrix. Every embedding has a 1 in dimension 0, which carries the preferences. A token with a
    successor has a dimension of its own, where the successor's output row has its logit; the others are random. All
    embeddings have the same length, so the norm before the output matrix scales all logits alike.
    """
    size = len(vocabulary.tokens)
    steps = [step for chain in CHAINS for step in zip(chain, chain[1:])]
    free = 1 + len(steps)
    length = np.sqrt(WIDTH)  # of an embedding: root mean square 1, what the norm makes of it anyway
    rest = np.sqrt(length**2 - 1)
    embedding, output = np.zeros((size, WIDTH)), np.zeros((size, WIDTH))
    embedding[:, free:] = rng.standard_normal((size, WIDTH - free))
    embedding[:, free:] *= rest / np.linalg.norm(embedding[:, free:], axis=1, keepdims=True)
    embedding[:, 0] = 1.0
    output[:, free:] = rng.standard_normal((size, WIDTH - free)) * 0.05
    for rank, piece in enumerate(PREFERENCE):
        output[vocabulary.id(piece), 0] = SURE - STEP * (rank + 5)
    for dimension, (before, after) in enumerate(steps, start=1):
        embedding[vocabulary.id(before), 1:] = 0.0
        embedding[vocabulary.id(before), dimension] = rest
        output[vocabulary.id(after), dimension] = SURE / rest
    return embedding.astype(np.float32), output.astype(np.float32)


def noise(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    return (rng.standard_normal(shape) * 0.05).astype(np.float32)


def ones(*shape: int) -> NDArray[np.float32]:
    return np.ones(shape, dtype=np.float32)


def zeros(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, dtype=np.float32)


def close(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_chat(path: Path) -> None:
    rng = np.random.default_rng(SEED)
    vocabulary = Vocabulary()
    embedding, output = lookup_tables(vocabulary, rng)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-chat")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(vocabulary.tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    zero = vocabulary.tokens[0]
    writer.add_token_merges([f"{zero} {zero}"])  # llama.cpp wants one merge at least; this one never happens in text
    writer.add_bos_token_id(vocabulary.id("<|start|>"))
    writer.add_eos_token_id(vocabulary.id("<|end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", ones(WIDTH))
    writer.add_tensor("output.weight", output)
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        writer.add_tensor(f"{block}.attn_norm.weight", ones(WIDTH))
        for name in ("attn_q", "attn_k", "attn_v"):
            writer.add_tensor(f"{block}.{name}.weight", noise(rng, WIDTH, WIDTH))
        writer.add_tensor(f"{block}.attn_output.weight", zeros(WIDTH, WIDTH))
        writer.add_tensor(f"{block}.ffn_norm.weight", ones(WIDTH))
        writer.add_tensor(f"{block}.ffn_gate.weight", noise(rng, FORWARD, WIDTH))
        writer.add_tensor(f"{block}.ffn_up.weight", noise(rng, FORWARD, WIDTH))
        writer.add_tensor(f"{block}.ffn_down.weight", zeros(WIDTH, FORWARD))
    close(writer)


def write_embeddings(path: Path) -> None:
    """A BERT of random weights, letters as its word pieces: 64 numbers for a text of at most 126 letters."""
    rng = np.random.default_rng(SEED)
    width, forward, context = 64, 128, 128
    letters = [chr(code) for code in range(33, 127)]
    # llama.cpp marks pieces that begin a word with U+2581 and leaves the others bare.
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *["\u2581" + letter for letter in letters], *letters]
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name("tiny-embeddings")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(forward)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-6)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_vocab_size(len(tokens))
    writer.add_token_type_count(2)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL] * 5 + [gguf.TokenType.NORMAL] * (len(tokens) - 5))
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(3)
    writer.add_sep_token_id(3)
    writer.add_mask_token_id(4)
    writer.add_tensor("token_embd.weight", noise(rng, len(tokens), width) * 20)
    writer.add_tensor("token_types.weight", noise(rng, 2, width))
    writer.add_tensor("position_embd.weight", noise(rng, context, width))
    writer.add_tensor("token_embd_norm.weight", ones(width))
    writer.add_tensor("token_embd_norm.bias", zeros(width))
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{block}.{name}.weight", noise(rng, width, width))
            writer.add_tensor(f"{block}.{name}.bias", noise(rng, width))
        for name, rows, columns in (("ffn_up", forward, width), ("ffn_down", width, forward)):
            writer.add_tensor(f"{block}.{name}.weight", noise(rng, rows, columns))
            writer.add_tensor(f"{block}.{name}.bias", noise(rng, rows))
        for name in ("attn_output_norm", "layer_output_norm"):
            writer.add_tensor(f"{block}.{name}.weight", ones(width))
            writer.add_tensor(f"{block}.{name}.bias", zeros(width))
    close(writer)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_chat(folder / "chat.gguf")
    write_embeddings(folder / "embeddings.gguf")
