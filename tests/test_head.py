"""Heads on disk: what is none says so in one way."""

import numpy as np
import pytest
from safetensors.numpy import save

from nlp.head import Head, read_head


@pytest.mark.parametrize(
    ("name", "content"),
    [("head.json", text) for text in (b"{}", b"[]", b"null", b"{", b'{"labels": 1, "temperature": 1}')]
    + [("head.safetensors", content) for content in (b"", b"damaged", save({}))],
)
def test_what_is_no_head_is_one_kind_of_error(tmp_path, name, content):
    """Whatever its files lack, it is a ValueError that names the directory."""
    Head(("a",), np.zeros((1, 2), np.float32), np.zeros(1, np.float32)).save(tmp_path / "goal")
    (tmp_path / "goal" / name).write_bytes(content)

    with pytest.raises(ValueError, match="goal holds no head: "):
        read_head(tmp_path / "goal")
