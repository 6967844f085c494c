"""The promises about two languages: one key, places kept, nothing without English in the end."""

import ast
import string
import sys
from pathlib import Path

import pytest

from noticeboard.core.days import instant
from noticeboard.show.texts import Text, day, moment, said, text, translated, worded

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import messages


def places(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _how in string.Formatter().parse(sentence) if name}


def test_a_day_is_said_in_both_languages() -> None:
    """The same day reads 4月9日 and 9 Apr, with its year when it is another."""
    at = instant("2026-04-11")
    assert "4月9日" == said(day("2026-04-09", at))
    assert "9 Apr" == said(day("2026-04-09", at), "en")
    assert "2025年4月9日" == said(day("2025-04-09", at))
    assert "9 Apr 2025" == said(day("2025-04-09", at), "en")


def test_an_instant_is_said_as_on_a_clock() -> None:
    """Hours have no zero in front, minutes do."""
    at = instant("2026-04-17", "08:05")
    assert "4月17日 8:05" == said(moment(at, at))


def test_sentences_nest() -> None:
    """A sentence within a sentence is translated as well."""
    words = text("{day} {clock}", day=day("2026-04-09"), clock="8:00")
    assert "9 Apr 2026 8:00" == said(words, "en")


def test_braces_of_somebody_are_not_places() -> None:
    """A person's own words pass through both languages untouched, whatever they contain."""
    own = "{0} {x} %s"
    assert own == said(own)
    assert own == worded("en", own)
    assert f"原因：{own}" == said(text("原因：{reason}", reason=own))


def test_english_counts_one_and_many() -> None:
    """One day, two days; a bar in somebody's own words is left alone."""
    assert "1 day left" == said(text("还剩 {n} 天", n=1), "en")
    assert "2 days left" == said(text("还剩 {n} 天", n="2"), "en")
    assert "还剩 1 天" == said(text("还剩 {n} 天", n=1))
    assert "一组|二组" == worded("en", "一组|二组")


def test_words_of_the_rules_bring_their_own_english() -> None:
    """An office's name is translated by the data it comes from."""
    assert "village finance clerk" == said(Text("村报账员", {}, "village finance clerk"), "en")


def test_a_sentence_without_english_stays_chinese() -> None:
    """A missing translation shows the Chinese rather than nothing."""
    assert "没有这句话" == translated("没有这句话", "en")


def test_a_translation_keeps_its_places() -> None:
    """The English names no place that the Chinese is not given."""
    # What a date, a quarter and an amount bring along for the other language.
    dates = {"day", "mon", "month", "year", "n", "name", "thousand"}
    strange = {
        sentence: wrong
        for sentence in messages.collected()
        if (wrong := places(translated(sentence, "en")) - places(sentence) - dates)
    }
    assert {} == strange


@pytest.mark.parametrize("locale", ["zh_Hans", "en"])
def test_the_catalogues_are_fresh(locale: str) -> None:
    """A sentence that was added or dropped is so in both catalogues: run tools/messages.py."""
    content, _untranslated = messages.merged(locale)
    stored = messages.catalogue(locale).read_text("utf-8")
    assert content.decode().splitlines() == stored.splitlines()


def test_every_sentence_has_english() -> None:
    """Nothing on a page of the English board is left in Chinese, but what people wrote."""
    _content, untranslated = messages.merged("en")
    assert [] == untranslated


def test_collecting_reads_code_and_templates() -> None:
    """Sentences of refusals, of views, of labels and of templates are all collected."""
    found = messages.collected()
    for sentence in ("没有这个村。", "原因：{reason}", "上期结转（元）", "谁经手，谁审核"):
        assert sentence in found


@pytest.mark.parametrize(
    "sentence",
    [
        "已经有一版在审了。",  # a move's refusal
        "有一个手机号",  # a table of leaks
        "请写明“单位：元”。",  # a sheet's report
        "缺少“{key}”。",  # a rule file's
        "只能写：{allowed}。",  # a next step kept in a variable
        "连着试错太多次了，请过 {seconds} 秒再试。",  # a wait
        "请选一个人。",  # a helper's
        "{village}{body}",  # places that English sets apart
    ],
)
def test_collecting_follows_helpers(sentence: str) -> None:
    """A sentence is found wherever it is handed on to become a refusal."""
    assert sentence in messages.collected()


def test_what_only_a_terminal_says_is_not_collected() -> None:
    """The command line speaks Chinese only, so its sentences ask for no English."""
    assert "这个端口已经有程序在用。" not in messages.collected()


def test_pieces_of_a_composed_string_are_not_sentences(tmp_path: Path) -> None:
    """What is put together at run time cannot be looked up, so it is not collected."""
    tree = ast.parse('f"第{n}行"')
    assert "第" in ast.dump(tree)
    assert "第" not in messages.collected()
