"""From ``pack.yaml`` to a :class:`~execcheck.policy.Pack`: the instrument that a folder of rules comes from."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

from execcheck.articles import numbers
from execcheck.dated import InForce
from execcheck.defects import Defect
from execcheck.policy import CONFIDENCE, Pack, Text
from execcheck.rule_forms import Form
from execcheck.yaml_places import read_yaml


def read_pack(folder: Traversable) -> tuple[Pack | None, list[Defect]]:
    """Read the instrument of a pack folder and what is wrong with it; None where it is no mapping at all."""
    file = folder / "pack.yaml"
    document = read_yaml(file)
    defects = list(document.defects)
    if defects:
        return None, defects
    form = Form(document, (), document.value, defects)
    name = form.word("document", required=True)
    own = folder.resolve().name if isinstance(folder, Path) else folder.name  # the current folder is called “.”
    if name and name != own:
        form.wrong(("document",), f"document 应与文件夹同名（{own}）", f"document must be the folder's name ({own})")
    title, short = form.text("title", required=True), form.text("short")
    pack = Pack(
        name=name, title=title, short=short if short.zh else title, issuer=form.text("issuer"),
        note=form.text("note"), in_force=form.in_force("in_force", InForce()), region=form.word("region") or None,
        law_in=form.words("law_in"), confidence=form.word("confidence", CONFIDENCE),
        wording=form.text("wording", required=True),
        not_checkable=_not_checkable(form), version=form.text("version"), articles=form.word("articles"),
        other_documents=_other_documents(form),
    )  # fmt: skip
    _check_articles(form, pack)
    if "number" in form:
        form.text("number")
    form.finish()
    _check_wording(form, pack)
    return pack, defects


def _other_documents(form: Form) -> dict[str, Text]:
    """The names of further instruments that rules of the pack cite."""
    if "other_documents" not in form:
        form.used.add("other_documents")
        return {}
    sub = form.sub("other_documents")
    return {name: sub.text(name) for name in sub.value}


def _check_articles(form: Form, pack: Pack) -> None:
    """The lists of articles can be read."""
    for path, text in ((("articles",), pack.articles), *((("not_checkable", n, "article"), article)
                       for n, (article, _) in enumerate(pack.not_checkable))):  # fmt: skip
        try:
            numbers(text)
        except ValueError:
            form.wrong(
                path, f"“{text}”应为条号，如 12、12-14、3, 5-7", f"“{text}” is no list of articles such as 3, 5-7"
            )


def _check_wording(form: Form, pack: Pack) -> None:
    """The wording may use ``{short}`` and ``{article}``, and nothing else."""
    for lang in ("zh", "en"):
        try:
            pack.wording(lang).format(short="", article="")
        except (KeyError, IndexError, ValueError):
            form.wrong(
                ("wording", lang), "措辞中只能用 {short} 与 {article}", "only {short} and {article} may stand in it"
            )


def _not_checkable(form: Form) -> tuple[tuple[str, Text], ...]:
    items = form.get("not_checkable") or []
    if not isinstance(items, list):
        form.wrong(("not_checkable",), "应为列表", "this takes a list")
        return ()
    found = []
    for n, item in enumerate(items):
        sub = Form(form.document, ("not_checkable", n), item, form.defects)
        found.append((sub.word("article", required=True), sub.text("reason", required=True)))
        sub.finish()
    return tuple(found)
