"""Signed notes: read exactly one way, refused in every other, never trusted without a check."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noticeboard.core.notes import (
    COSIGNATURE,
    ED25519,
    Key,
    Note,
    Signature,
    cosignature_message,
    read_key,
    read_note,
    read_signatures,
    signature,
    signed_by,
)
from noticeboard.core.problems import NotValid
from tests.core.log.noted import (
    AT,
    KNOWN,
    LOG,
    LOG_SIGNS,
    OTHER,
    OTHER_SIGNS,
    VECTORS,
    W1,
    W1_SIGNS,
    key,
    noted,
    verify,
)

SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
SIGSUM = "sigsum.org/v1/tree/e796172b92befd62d9dc67e41c2f5bc9d3100a3023b20b1ca40288dd1c679e69"
SIGSUM_LINE = (
    "gJ2ho0n8F8olcerUF1FFdv235A/5as/coWrpLrtE7ovMeP5whgwouYExowG/lTznxu6OUGjjt5yJQ6bXtTcf718MqAQ="
)
CHECKPOINT = (VECTORS / "log5" / "checkpoint").read_bytes()
TEXT = b"hello\n"
SOUND = noted(TEXT).write()


def test_the_example_of_the_specification_verifies() -> None:
    """Its text, its key, its signature; and it is written back byte for byte."""
    note = read_note(SPEC_NOTE)
    assert [read_key(SPEC_KEY)] == [
        one.key for one in signed_by(note, [read_key(SPEC_KEY)], verify)
    ]
    assert SPEC_NOTE == note.write()
    assert SPEC_KEY == read_key(SPEC_KEY).text


def test_the_sigsum_checkpoint_comes_out_byte_for_byte() -> None:
    """A signature made by others over a tree of ten leaves is the one we make."""
    tree_key, signs = key(SIGSUM, ED25519, bytes.fromhex("11" + "00" * 31))
    root = b64encode(bytes.fromhex("1c0e47" + "00" * 29)).decode()
    made = signature(tree_key, signs, f"{SIGSUM}\n10\n{root}\n".encode())
    assert f"— {SIGSUM} {SIGSUM_LINE}\n" == made.line


def test_the_log_of_five_is_signed_and_cosigned_as_published() -> None:
    """Both keys of the vectors, the line of each, and the time in the cosignature."""
    assert KNOWN["vkeys"] == {"log": LOG.text, "witness": W1.text}
    note = read_note(CHECKPOINT)
    both = (signature(LOG, LOG_SIGNS, note.text), signature(W1, W1_SIGNS, note.text, AT))
    assert Note(note.text, both).write() == CHECKPOINT
    found = signed_by(note, [LOG, W1], verify)
    assert [(LOG, None), (W1, AT)] == [(one.key, one.at) for one in found]
    assert KNOWN["log5"]["cosigned_message"].encode() == cosignature_message(note.text, AT)


def test_unknown_lines_are_passed_over_and_known_ones_never() -> None:
    """Grease and strangers do no harm; one bad signature of a known key spoils the note."""
    grease = Signature("grease.example", b"\1\2\3\4", bytes(40))
    twice = signature(LOG, LOG_SIGNS, TEXT)
    note = noted(TEXT, grease, twice, signature(OTHER, OTHER_SIGNS, TEXT))
    assert [LOG, LOG] == [one.key for one in signed_by(note, [LOG], verify)]
    assert () == signed_by(note, [W1], verify)
    forged = noted(TEXT, Signature(OTHER.name, OTHER.id, bytes(64)))
    assert 1 == len(signed_by(forged, [LOG], verify))
    with pytest.raises(NotValid, match="签名对不上"):
        signed_by(forged, [LOG, OTHER], verify)


@pytest.mark.parametrize("payload", [b"x", bytes(63), bytes(65), bytes(72), b"\xff" * 72])
def test_a_payload_of_another_length_is_no_signature(payload: bytes) -> None:
    """Neither for a log's key nor for a witness's; nor is a time beyond 2^63."""
    for known in (LOG, W1):
        note = Note(TEXT, (Signature(known.name, known.id, payload),))
        with pytest.raises(NotValid, match="签名对不上"):
            signed_by(note, [known], verify)


def test_a_cosignature_holds_for_its_own_second_only() -> None:
    """The time stands in what is signed."""
    line = signature(W1, W1_SIGNS, TEXT, AT)
    later = (AT + 1).to_bytes(8) + line.payload[8:]
    with pytest.raises(NotValid, match="签名对不上"):
        signed_by(Note(TEXT, (Signature(line.name, line.id, later),)), [W1], verify)


def _line(name: str = LOG.name, encoded: str | None = None) -> bytes:
    good = b64encode(LOG.id + LOG_SIGNS(TEXT)).decode()
    return f"— {name} {good if encoded is None else encoded}\n".encode()


BAD_NOTES = {
    "empty": b"",
    "no signature": TEXT,
    "blank line and nothing": TEXT + b"\n",
    "CRLF": SOUND.replace(b"\n", b"\r\n"),
    "NUL": SOUND.replace(b"h", b"\0", 1),
    "tab": SOUND.replace(b"h", b"\t", 1),
    "no newline at the end": SOUND[:-1],
    "blank line at the end": SOUND + b"\n",
    "not UTF-8": b"\xff" + SOUND,
    "hyphen for the dash": SOUND.replace("—".encode(), b"-"),
    "two spaces": SOUND.replace("— ".encode(), "—  ".encode()),
    "no name": TEXT + b"\n" + _line(""),
    "plus in the name": TEXT + b"\n" + _line("a+b"),
    "ideographic space in the name": TEXT + b"\n" + _line("a\u3000b"),
    "no base64": TEXT + b"\n" + _line(encoded=""),
    "base64 without padding": TEXT + b"\n" + _line(encoded="AAAAAAA"),
    "base64 with bits left over": TEXT + b"\n" + _line(encoded="AAAAAAB="),
    "base64 for addresses": TEXT + b"\n" + _line(encoded="AAAA_-AA"),
    "base64 with a space inside": TEXT + b"\n" + _line(encoded="AAAA AAAA"),
    "key id alone": TEXT + b"\n" + _line(encoded="AAAAAA=="),
    "too many signatures": TEXT + b"\n" + _line() * 101,
    "too long": b"x" * 1_000_000 + SOUND,
}


@pytest.mark.parametrize("data", BAD_NOTES.values(), ids=BAD_NOTES)
def test_a_malformed_note_is_refused(data: bytes) -> None:
    """There is one way to write a note."""
    with pytest.raises(NotValid):
        read_note(data)


def test_the_last_blank_line_separates() -> None:
    """A text may hold blank lines; what looks like a signature above the last one is text."""
    text = b"one\n\n" + _line() + b"\ntwo\n"
    note = read_note(noted(text).write())
    assert text == note.text
    assert 1 == len(signed_by(note, [LOG], verify))


BAD_KEYS = {
    "empty": "",
    "name alone": LOG.name,
    "short id": LOG.text.replace("1ebab2d2", "1ebab2d"),
    "id in capitals": LOG.text.replace("1ebab2d2", "1EBAB2D2"),
    "wrong id": LOG.text.replace("1ebab2d2", "1ebab2d3"),
    "other name": LOG.text.replace("village/1", "village/2"),
    "space in the name": LOG.text.replace("village", "vill age"),
    "base64 cut": LOG.text[:-4],
    "unknown kind": Key(LOG.name, 2, LOG.public).text,
    "short key": Key(LOG.name, ED25519, LOG.public[:31]).text,
    "long key": Key(LOG.name, COSIGNATURE, LOG.public + b"\0").text,
}


@pytest.mark.parametrize("text", BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_damaged_key_is_refused(text: str) -> None:
    """A key that was copied wrongly is never taken for another one."""
    with pytest.raises(NotValid):
        read_key(text)


def test_a_plus_in_the_base64_of_a_key_is_no_separator() -> None:
    """About one key in two has one."""
    seeds = (key("plus.example", ED25519, bytes([n]) * 32)[0] for n in range(256))
    plus = next(one for one in seeds if one.text.count("+") > 2)
    assert plus == read_key(plus.text)


def test_signature_lines_stand_alone_in_a_witness_s_answer() -> None:
    """One or several lines, nothing between them."""
    first, second = signature(W1, W1_SIGNS, TEXT, AT), signature(LOG, LOG_SIGNS, TEXT)
    assert (first, second) == read_signatures((first.line + second.line).encode())
    for bad in (b"", b"\n", first.line.encode() + b"\n" + second.line.encode(), b"x\n"):
        with pytest.raises(NotValid):
            read_signatures(bad)


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: text.encode("utf-8")))
def test_no_bytes_do_harm(data: bytes) -> None:
    """What can be read is written back as it came; everything else is a refusal."""
    for candidate in (data, SOUND + data, data + SOUND, data + b"\n\n" + _line()):
        try:
            note = read_note(candidate)
        except NotValid:
            continue
        assert candidate == note.write()


def test_no_flipped_bit_is_overlooked() -> None:
    """Each bit of a signed note changed: refused, or no longer signed by this key."""
    for bit in range(len(SOUND) * 8):
        data = bytearray(SOUND)
        data[bit // 8] ^= 1 << bit % 8
        try:
            found = signed_by(read_note(bytes(data)), [LOG], verify)
        except NotValid:
            continue
        assert () == found
