"""Policies: who must agree before a head counts as seen from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noticeboard.core.notes import COSIGNATURE, Key
from noticeboard.core.policy import read_policy
from noticeboard.core.problems import NotValid
from tests.core.log.noted import LOG, VECTORS, W1, W2, key

W3 = key("township.example/w3", COSIGNATURE, b"3" * 32)[0]
THREE = f"""# who looks at our log from outside
log {LOG.text} https://board.example/log/1
witness hall {W1.text}
witness\tneighbour\t{W2.text}\thttps://next-village.example/witness  # a village over
witness township {W3.text} https://township.example/w
group outside all neighbour township
group any-two 1 outside hall
quorum outside
"""


def test_the_published_policy_is_read() -> None:
    """One log, one witness, and it must agree."""
    policy = read_policy((VECTORS / "policy").read_text("utf-8"))
    assert ([LOG], [W1], "W1") == ([one for one, _url in policy.logs], policy.keys, policy.quorum)
    assert policy.met([W1])
    assert not policy.met([])


def test_names_addresses_and_groups_are_read() -> None:
    """Tabs and spaces, comments, a witness that comes by itself."""
    policy = read_policy(THREE)
    assert [(LOG, "https://board.example/log/1")] == policy.logs
    addresses = {name: one.url for name, one in policy.witnesses.items()}
    assert {
        "hall": "",
        "neighbour": "https://next-village.example/witness",
        "township": "https://township.example/w",
    } == addresses


@pytest.mark.parametrize(
    ("quorum", "agreed", "met"),
    [
        ("outside", [W2, W3], True),
        ("outside", [W1, W2], False),
        ("any-two", [W1], True),
        ("any-two", [W2], False),
        ("any-two", [W2, W3], True),
        ("hall", [W1], True),
        ("none", [], True),
    ],
)
def test_a_quorum_is_counted_through_groups(quorum: str, agreed: list[Key], met: bool) -> None:
    """All, any, so many; groups in groups; nobody needed."""
    policy = read_policy(THREE.replace("quorum outside", f"quorum {quorum}"))
    assert met == policy.met(agreed)


BAD = {
    "no quorum": f"witness a {W1.text}\n",
    "two quorums": "quorum none\nquorum none\n",
    "a quorum that is nobody": "quorum nobody\n",
    "a group before its members": f"group g all a\nwitness a {W1.text}\nquorum g\n",
    "a member in two groups": f"witness a {W1.text}\ngroup g all a\ngroup h all a\nquorum g\n",
    "a member twice": f"witness a {W1.text}\ngroup g 2 a a\nquorum g\n",
    "a name twice": f"witness a {W1.text}\nwitness a {W2.text}\nquorum a\n",
    "a witness called none": f"witness none {W1.text}\nquorum none\n",
    "more than there are": f"witness a {W1.text}\ngroup g 2 a\nquorum g\n",
    "none of them": f"witness a {W1.text}\ngroup g 0 a\nquorum g\n",
    "a group of nobody": "group g any\nquorum g\n",
    "a number with a sign": f"witness a {W1.text}\ngroup g +1 a\nquorum g\n",
    "a log's key as a witness": f"witness a {LOG.text}\nquorum a\n",
    "a witness's key as a log": f"log {W1.text}\nquorum none\n",
    "a damaged key": f"witness a {W1.text[:-1]}\nquorum a\n",
    "an unknown word": "observer a\nquorum none\n",
    "too many words": f"witness a {W1.text} https://a.example b\nquorum a\n",
    "ideographic spaces": f"witness\u3000a {W1.text}\nquorum a\n",
    "CRLF": f"witness a {W1.text}\r\nquorum a\r\n",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_policy_that_cannot_be_taken_is_refused(text: str) -> None:
    """With the line, so that a person finds it."""
    with pytest.raises(NotValid, match=r"第 [12345] 行|要几家核对"):
        read_policy(text)


@given(some.text(alphabet="log witness group quorum none all any 1 2 a b #\n\t" + W1.text))
def test_no_text_does_harm(text: str) -> None:
    """It is a policy or it is refused."""
    try:
        policy = read_policy(text)
    except NotValid:
        return
    assert policy.quorum == "none" or policy.quorum in {*policy.witnesses, *policy.groups}
