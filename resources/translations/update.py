"""Brings the texts of the window into the translation files: `python resources/translations/update.py`.

Walks the source of `desktop`, keeps translations that are there, marks new texts as unfinished,
drops what is gone, and makes the .qm files that the program loads. Contexts are class names for
`self.tr`, and the name given to `QCoreApplication.translate`, which modules wrap as `_tr`. Tables of
reports (`desktop/reports`) name their texts by `say`.
"""

import ast
import re
import subprocess  # noqa: TID251 - runs Qt's own lrelease
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "desktop"
LANGUAGES = ("en", "de")
Text = tuple[str, str, str, bool]  # context, source, comment, plural


def texts_of(path: Path) -> list[Text]:
    """Every text of one module that is to be translated."""
    tree = ast.parse(path.read_text("utf-8"))
    own_context = _wrapped_context(tree)
    found: list[Text] = []

    def visit(node: ast.AST, context: str) -> None:
        if isinstance(node, ast.ClassDef):
            context = node.name
        if isinstance(node, ast.Call):
            found.extend(_text(node, context, own_context))
        for child in ast.iter_child_nodes(node):
            visit(child, context)

    visit(tree, "")
    return found


def _wrapped_context(tree: ast.Module) -> str:
    """The context that the module's `_tr` passes on."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "_tr":
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _name(call.func) == "translate":
                    return _literal(call.args[0]) or ""
    return ""


def _text(call: ast.Call, context: str, own_context: str) -> list[Text]:
    name = _name(call.func)
    arguments = [_literal(a) for a in call.args]
    if name == "tr" and isinstance(call.func, ast.Name) and len(arguments) > 1:
        name = "translate"  # a local short name for it
    if name == "tr" and arguments and arguments[0]:
        comment = arguments[1] or "" if len(arguments) > 1 else ""
        return [(context, arguments[0], comment, len(call.args) > 2)]
    if name == "translate" and len(arguments) > 1 and arguments[0] and arguments[1]:
        return [(arguments[0], arguments[1], "", len(call.args) > 3)]
    if name == "say" and isinstance(call.func, ast.Name):
        # An entry of a table of reports: all but its code are texts, unless they are fields alone.
        texts = [a for a in arguments[1:] if a and re.search(r"[a-z]", re.sub(r"{[^}]*}", "", a))]
        return [("report", text, "", False) for text in texts]
    if name == "_tr" and arguments and arguments[0] and own_context:
        return [(own_context, arguments[0], "", False)]
    return []


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def read(path: Path) -> dict[tuple[str, str, str], list[str]]:
    """Translations that are there: one form, or one for each plural."""
    known: dict[tuple[str, str, str], list[str]] = {}
    if not path.exists():
        return known
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            key = (name, message.findtext("source") or "", message.findtext("comment") or "")
            translation = message.find("translation")
            if translation is None:
                continue
            forms = [form.text or "" for form in translation.iter("numerusform")]
            forms = forms or [translation.text or ""]
            if all(forms):
                known[key] = forms
    return known


def write(path: Path, language: str, texts: list[Text], known: dict) -> int:
    """The .ts file; returns how many texts are not translated."""
    root = ET.Element("TS", version="2.1", language=language)
    contexts: dict[str, ET.Element] = {}
    missing = 0
    for context, source, comment, plural in sorted(set(texts)):
        if context not in contexts:
            contexts[context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[context], "name").text = context
        message = ET.SubElement(contexts[context], "message")
        if plural:
            message.set("numerus", "yes")
        ET.SubElement(message, "source").text = source
        if comment:
            ET.SubElement(message, "comment").text = comment
        translation = ET.SubElement(message, "translation")
        forms = known.get((context, source, comment), [])
        if not forms:
            translation.set("type", "unfinished")
            missing += 1
        if plural:
            for i in range(2):
                form = ET.SubElement(translation, "numerusform")
                form.text = forms[i] if i < len(forms) else ""
        else:
            translation.text = forms[0] if forms else ""
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', "utf-8")
    return missing


def main() -> int:
    texts = [text for path in sorted(SOURCE.rglob("*.py")) for text in texts_of(path)]
    release = Path(sys.executable).with_name("pyside6-lrelease")
    for language in LANGUAGES:
        path = HERE / f"desktop_{language}.ts"
        # English needs its plurals alone: all other texts are the source.
        wanted = [t for t in texts if t[3]] if language == "en" else texts
        missing = write(path, language, wanted, read(path))
        print(f"{path.name}: {len(set(wanted))} texts, {missing} without translation")  # noqa: T201
        subprocess.run(
            [str(release), str(path), "-silent", "-qm", str(path.with_suffix(".qm"))], check=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
