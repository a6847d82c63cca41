"""Nothing that opens a door is shown or kept."""

from __future__ import annotations

import pytest

from kanfa.desk.masking import masked


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.org/b?page=2&lang=zh#part", "https://a.org/b?page=2&lang=zh#part"),
        ("https://me:pw@a.org:8443/b", "https://a.org:8443/b"),
        ("https://a.org/?token=abc&page=2", "https://a.org/?token=…&page=2"),
        ("https://a.org/?Access_Token=abc", "https://a.org/?Access_Token=…"),
        ("https://a.org/?X-Amz-Signature=ab&X-Amz-Date=1", "https://a.org/?X-Amz-Signature=…&X-Amz-Date=…"),
        ("https://a.org/?code=1&sig=2&key=3", "https://a.org/?code=…&sig=…&key=…"),
        ("https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&pass_ticket=xy", "https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&pass_ticket=…"),
        ("https://a.org/cb#access_token=abc&state=1", "https://a.org/cb#access_token=…&state=…"),
        ("https://a.org/?q=" + "x" * 41, "https://a.org/?q=…"),
        ("https://a.org/?" + "x" * 41, "https://a.org/?…"),
        ("https://youtube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
    ],
)  # fmt: skip
def test_secrets_become_an_ellipsis_and_the_rest_stays(address: str, shown: str) -> None:
    assert masked(address) == shown
    assert masked(shown) == shown
