"""The address of a gateway as people type it."""

from yarl import URL

_TAILS = ("/v1", "/ui")


def normal_url(typed: str) -> str | None:
    """Bring an address into the form that is stored: with a scheme, without the paths that programs and panel use."""
    text = typed.strip()
    if "://" not in text:
        text = f"http://{text}"
    try:
        url = URL(text)
        port = url.explicit_port
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not url.host or url.user is not None or port == 0:
        return None
    path = url.path.rstrip("/")
    while path.endswith(_TAILS):
        path = path[:-3].rstrip("/")
    return str(url.with_path(path).with_query(None).with_fragment(None)).rstrip("/")
