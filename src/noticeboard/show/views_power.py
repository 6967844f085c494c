"""One power of a village: who has which part, its chart, its steps with sources, its notices."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from msgspec import Struct
from sqlalchemy import Connection

from noticeboard.core.packs import chain, notice_days, threshold
from noticeboard.core.powers import Limit, Power, Step, exercised, items_of
from noticeboard.core.problems import NotFound
from noticeboard.core.rules import Rules
from noticeboard.core.sourced import Sourced, Span
from noticeboard.show.basis import words as basis
from noticeboard.show.facts import Place
from noticeboard.show.flow import Flow, Stage, flows
from noticeboard.show.listing import Item, items, listed, look_again, page_of
from noticeboard.show.numbers import short_yuan
from noticeboard.show.render import Page, View
from noticeboard.show.routes import PowerPage, Powers
from noticeboard.show.texts import Lang, Text, Words, text
from noticeboard.show.views import Figure
from noticeboard.show.views_powers import CATEGORIES, name_of, up_now, worded
from noticeboard.store import assignments

RECENT: Final = 6
# Texts of the whole country, and what rests on none, are said of every village.
EVERYWHERE: Final = frozenset({"全国", "无"})
PARTS: Final = {
    "propose": text("谁提出"),
    "review": text("谁审核"),
    "decide": text("谁来定"),
    "execute": text("谁去办"),
    "supervise": text("谁监督"),
    "township": text("上面谁管"),
}


class Days(Struct, frozen=True):
    """A number of days in words, what it rests on, and whether that applies in this village."""

    says: Words
    rests_on: Words
    here: bool


class StepText(Struct, frozen=True, kw_only=True):
    """One step as text: all that the chart says, and what each number rests on."""

    who: Words
    does: Words
    notes: Words
    posts: tuple[Words, ...]
    days: tuple[Days, ...]
    rests_on: Words


class PowerView(View, frozen=True, kw_only=True):
    """One power: who has which part, its chart, its steps with sources, risks, latest notices."""

    template: ClassVar[str] = "public/power.html"
    sheets: ClassVar[tuple[str, ...]] = ("tokens", "base", "days", "board", "power")

    page: Page
    code: str
    category: Words
    name: Words
    trigger: Words
    parts: tuple[Figure, ...]
    flows: tuple[Flow, ...]
    steps: tuple[StepText, ...]
    limits: tuple[Figure, ...]
    risks: tuple[Words, ...]
    watched: tuple[Words, ...]
    rests_on: Words
    recent: tuple[Item, ...]
    back: str


def power_view(
    tx: Connection, where: Place, route: PowerPage, at: int, lang: Lang
) -> tuple[PowerView, int]:
    """Give a power's page and the moment it must be looked at again; raises NotFound."""
    rules, power = where.rules, where.rules.powers.get(route.power)
    if power is None:
        raise NotFound("清单里没有这项权力。", value=route.power)
    found = listed(tx, where, "feed", at)
    # A former log has no pack of its own: its village has.
    pack = assignments.at(tx, where.code.partition(".")[0], at).pack
    steps = tuple(_step(rules, pack, step) for step in power.steps)
    recent = [
        one
        for one in up_now(found)
        if route.power in exercised(rules.powers, one.edition.item, one.edition.kind)
    ]
    view = PowerView(
        page=page_of(where, at, name_of(power), text("权力清单"), route.query),
        code=route.power,
        category=CATEGORIES[power.category],
        name=name_of(power),
        trigger=worded(power.trigger),
        parts=tuple(_parts(rules, power)),
        flows=flows([_stage(step) for step in steps], lang),
        steps=steps,
        limits=tuple(_limits(rules, pack, power)),
        risks=tuple(worded(risk) for risk in power.risks),
        watched=tuple(
            Text(rules.hints[code].name, {}, rules.hints[code].english)
            for code in power.hints
            if code in rules.hints
        ),
        rests_on=basis(rules, power.source, power.verified),
        recent=items(tx, where, recent[:RECENT], at) if items_of(power) else (),
        back=Powers(where.code).address,
    )
    return view, look_again((one.notice for one in found), at)


def _who(rules: Rules, codes: Iterable[str]) -> Words:
    """Name actors one after the other; one that the rules do not explain stands as it is."""
    named: list[Words] = []
    for code in codes:
        actor = rules.actors.get(code)
        named.append(Text(actor.name, {}, actor.english) if actor else code)
    said = named[0] if named else ""
    for one in named[1:]:
        said = text("{before}、{after}", before=said, after=one)
    return said


def _parts(rules: Rules, power: Power) -> Iterator[Figure]:
    for part, word in PARTS.items():
        codes = getattr(power.actors, part)
        if codes:
            yield Figure(word, _who(rules, codes))


def _step(rules: Rules, pack: str, step: Step) -> StepText:
    return StepText(
        who=_who(rules, step.by),
        does=worded(step.action),
        notes=worded(step.record) if step.record else "",
        posts=tuple(
            Text(rules.catalogue[item].name, {}, rules.catalogue[item].english)
            for item in step.publish
            if item in rules.catalogue
        ),
        days=tuple(_days(rules, pack, step, limit) for limit in step.limits),
        rests_on=basis(rules, step.basis.source, step.basis.verified) if step.basis else "",
    )


def _days(rules: Rules, pack: str, step: Step, limit: Limit) -> Days:
    known: Sourced = limit
    span: Span = limit
    if limit.sense == "least" and limit.of is None:
        own = [notice_days(rules, pack, item) for item in step.publish]
        known = span = next((days for days in own if days is not None), limit)
    says = _counted(limit, span)
    if limit.of:
        says = text("{what}：{days}", what=worded(limit.of), days=says)
    return Days(says, basis(rules, known.source, known.verified), _here(rules, pack, known))


def _here(rules: Rules, pack: str, known: Sourced) -> bool:
    """Say whether a number is said of this village: by a text that applies here, or as usual."""
    places = {place.jurisdiction for place in chain(rules.packs, pack)} | EVERYWHERE
    cited = (rules.sources.get(citation.split(" ")[0]) for citation in known.source)
    return any(places & set(one.jurisdiction.split("、")) for one in cited if one is not None)


def _counted(limit: Limit, span: Span) -> Text:
    match limit.sense, span.unit:
        case "within", "day":
            return text("{n} 天以内", n=span.n)
        case "within", _:
            return text("{n} 个工作日以内", n=span.n)
        case "least", "day":
            return text("不少于 {n} 天", n=span.n)
        case "least", _:
            return text("不少于 {n} 个工作日", n=span.n)
        case _, "day":
            return text("提前 {n} 天", n=span.n)
    return text("提前 {n} 个工作日", n=span.n)


def _stage(step: StepText) -> Stage:
    """Draw what applies here; a number of another place stands only beside its source."""
    takes = tuple(days.says for days in step.days if days.here)
    return Stage(step.who, step.does, takes, step.notes, step.posts)


def _limits(rules: Rules, pack: str, power: Power) -> Iterator[Figure]:
    for code in power.thresholds:
        limit = threshold(rules, pack, code)
        if limit is not None:
            label = Text(limit.name, {}, limit.english)
            value: Words = short_yuan(limit.fen) if limit.fen else text("由县里定")
            yield Figure(label, value, basis(rules, limit.source, limit.verified))
