"""What of people a typed form shows that the policy does not let be shown: where, and the fix."""

from collections.abc import Iterator

from msgspec.structs import replace

from noticeboard.core.columns import row_fields
from noticeboard.core.masking import Masking, Programme, masked_name, programme_of, shown
from noticeboard.core.particulars import Content, Subsidy, Titled
from noticeboard.core.privacy import harmless
from noticeboard.core.problems import Finding


def unmasked(content: Content, masking: Masking) -> Iterator[Finding]:
    """Say what of people a form shows that the policy does not: where, and what to do."""
    match content.particulars:
        case Subsidy() as subsidy:
            yield from _of_roster(subsidy, masking)
        case Titled() as titled:
            yield from _of_columns(titled, masking)
            yield from _of_table(content, masking)


def _of_roster(subsidy: Subsidy, masking: Masking) -> Iterator[Finding]:
    found = masking.called(subsidy.programme)
    programme = found[1] if found else None
    if programme is None or programme.names == "sums":
        yield from _nameless(subsidy, programme)
        return
    meant = shown(subsidy.rows, programme, masking)
    for index, (row, may) in enumerate(zip(subsidy.rows, meant, strict=True)):
        if row.name and row.name != may.name and harmless([row.name]):
            yield _name_at(index, programme, masking)
        if row.tail and row.tail != may.tail:
            yield Finding(
                "证号尾数只在同组同名时写，写到分得清为止",
                f"第{index + 1}行 证号尾数",
                fix="请删去，或者只留能分清两个人的最短几位，最多 {most} 位。",
                args={"most": masking.tail.n},
                field=f"rows.{index}.tail",
            )
        if row.remark and may.remark is None:
            yield Finding(
                "这类补贴不公开个人情况",
                f"第{index + 1}行 备注",
                fix="请把备注删去。病情、残疾、困难原因都不写。",
                field=f"rows.{index}.remark",
            )


def _nameless(subsidy: Subsidy, programme: Programme | None) -> Iterator[Finding]:
    named = [index for index, row in enumerate(subsidy.rows) if row.name]
    if not named:
        return
    where = f"第{named[0] + 1}行 户主"
    field, args = f"rows.{named[0]}.name", dict[str, str | int](n=len(named))
    if programme is None:
        text = "“{programme}”还没有登记公开口径，不能写姓名，共 {n} 行"
        fix = "请改成各组合计；要公开到户，请先请管理员登记哪些内容可以公开。"
        yield Finding(
            text, where, fix=fix, args=args | {"programme": subsidy.programme}, field=field
        )
    else:
        text = "“{programme}”只公开合计，不写姓名，共 {n} 行"
        yield Finding(
            text,
            where,
            fix="请改成各组合计。",
            args=args | {"programme": programme.name},
            field=field,
        )


def _name_at(index: int, programme: Programme, masking: Masking) -> Finding:
    fixes = {
        "surname": "请只写姓，名字用 * 代替，例如：张*。",
        "head": "请写户主姓名，后面加（{child}）。",
    }
    return Finding(
        "“{programme}”不写这个人的全名",
        f"第{index + 1}行 户主",
        fix=fixes.get(programme.names, "请只写姓名。"),
        args={"programme": programme.name, "child": masking.child_words},
        field=f"rows.{index}.name",
    )


def _of_columns(titled: Titled, masking: Masking) -> Iterator[Finding]:
    for index, column in enumerate(titled.columns):
        plain = "".join(column.label.split())
        kind = next(
            (f for f in masking.fields.values() if f.form != "full" and plain in f.words), None
        )
        if kind is not None:
            yield Finding(
                "{field}不公开",
                f"第{index + 1}列 这一列叫什么",
                column.label,
                "请把这一列删去；住在哪里只写到组。"
                if kind.form == "group"
                else "请把这一列删去。",
                {"field": kind.name},
                f"columns.{index}.label",
            )


def _of_table(content: Content, masking: Masking) -> Iterator[Finding]:
    """Hold the people of a table about a programme to the forms of that programme."""
    found = programme_of(content, masking)
    if found is None or found[1].names == "full":
        return
    programme = found[1]
    people = [field for field in row_fields(content) if field.person]
    for index, row in enumerate(content.particulars.rows):
        names = getattr(row, "people", None) or ()
        for field in people:
            place = int(field.name[1:])
            name = names[place] if place < len(names) else None
            if name and name != masked_name(name, programme.names, masking.child_words):
                finding = (
                    Finding(
                        "“{programme}”只公开合计，不写姓名",
                        fix="请把姓名删去。",
                        args={"programme": programme.name},
                    )
                    if programme.names == "sums"
                    else _name_at(index, programme, masking)
                )
                yield replace(
                    finding,
                    where=f"第{index + 1}行 {field.label}",
                    field=f"rows.{index}.{field.name}",
                )
