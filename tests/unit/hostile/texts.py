"""Delimited text and JSON that is broken, odd, or something else."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import random
import zipfile
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER: Final = "record_id,given_name,family_name,emails,city"
ROWS: Final = (
    "1,Ines,Okafor,ines@okafor.example,Lagos",
    '2,Piotr,"Wrona, Jr",p.wrona@mail.example;pw@mail.example,Kraków',
    '3,Mei,Lin,,"Tai\npei"',
    "4,José,Ibarra,jose@ibarra.example,Bilbao",
)
TEXT: Final = "\n".join([HEADER, *ROWS, ""])
OBJECTS: Final[list[dict[str, Any]]] = [
    {"record_id": "1", "given_name": "Ines", "emails": ["ines@okafor.example"], "city": "Lagos"},
    {"record_id": "2", "given_name": "Piotr", "emails": [], "city": None},
    {"record_id": "3", "given_name": "José", "emails": None},
]
JSON_LINES: Final = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in OBJECTS)
ENCODINGS: Final = (
    *("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "cp1250"),
    *("shift_jis", "cp437", "mac-roman", "utf-7", "cp500", "big5"),
)
# A sign, doubled or alone, at any place of a row: quotes, breaks, controls, halves of characters.
SIGNS: Final = (
    *('"', '""', "\r", "\n", "\r\r\n", "\0", "\x1a", "\x85", "\u2028", "\ufeff", "\x0b", "\x0c"),
    *(",", ",,", ";", "\t", "\\", "'", "=", '="', "\x1c", chr(0xD800), "\u200b", "NULL", "<!--"),
)
JSON_VALUES: Final = (
    *("NaN", "Infinity", "-Infinity", "1e999", "1" * 5000, "0.1e-400", '"\\ud800"', '"\\u0000"'),
    *("[[[]]]", '{"a": {"b": 1}}', "[null, 1, true]", "[" * 2000 + "]" * 2000, '"' + "x" * 300_000),
    *("true", "01", "'single'", '{"a": 1, "a": 2}', "undefined", '"\\x41"', "-", "1_000", "null"),
)


def texts() -> Iterator[tuple[str, bytes]]:
    """Return names of files and their bytes."""
    yield from _line_ends()
    yield from _encodings()
    yield from _signs()
    yield from _layouts()
    yield from _json()
    yield from _archives()
    yield from _other_kinds()
    yield from _random()


def _line_ends() -> Iterator[tuple[str, bytes]]:
    lines = [HEADER, *ROWS]
    for name, ends in {
        "crlf": ["\r\n"],
        "cr": ["\r"],
        "mixed": ["\r\n", "\n", "\r"],
        "doubled": ["\r\r\n"],
        "none_at_end": ["\n"],
    }.items():
        text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
        yield f"ends_{name}.csv", text.rstrip("\r\n").encode() if "none" in name else text.encode()
    yield "two_exports.csv", ("\r\n".join(lines) + "\r\n" + "\n".join(lines) + "\n").encode()


def _encodings() -> Iterator[tuple[str, bytes]]:
    for encoding in ENCODINGS:
        name = encoding.replace("-", "_")
        yield f"enc_{name}.csv", TEXT.encode(encoding, errors="replace")
        yield f"enc_{name}.jsonl", JSON_LINES.encode(encoding, errors="replace")
    yield "enc_cut_utf16.csv", TEXT.encode("utf-16")[:-1]
    yield "enc_two_marks.csv", codecs.BOM_UTF8 * 2 + TEXT.encode()
    yield "enc_mark_only.csv", codecs.BOM_UTF8
    yield "enc_cut_utf8.csv", TEXT.encode() + "5,é".encode()[:-1]


def _signs() -> Iterator[tuple[str, bytes]]:
    for number, sign in enumerate(SIGNS):
        for place in (0, 4, len(ROWS[0])):
            row = ROWS[0][:place] + sign + ROWS[0][place:]
            text = "\n".join([HEADER, *ROWS[1:3], row, *[f"9{i}{ROWS[0]}" for i in range(9)], ""])
            yield f"sign_{number}_{place}.csv", text.encode(errors="surrogatepass")
        header = HEADER[:20] + sign + HEADER[20:]
        text = "\n".join([header, *ROWS, ""])
        yield f"sign_{number}_header.csv", text.encode(errors="surrogatepass")


def _layouts() -> Iterator[tuple[str, bytes]]:
    row = ROWS[0]
    texts = {
        "sep_line": "sep=;\r\n" + "\n".join([HEADER, row]).replace(",", ";"),
        "sep_quoted": '"sep=\t"\n' + "\n".join([HEADER, row]).replace(",", "\t"),
        "trailing": ",\n".join([HEADER, row, ""]),
        "trailing_rows": HEADER + "\n" + row + ",,,\n",
        "trailing_value": HEADER + "\n" + row + ",x\n",
        "commas_only": HEADER + "\n" + row + "\n,,,,\n,,,,\n   \n",
        "titles": "Contacts of May\nwritten 2024\n\n" + TEXT,
        "titles_wide": "Contacts of May,,,,\n" + TEXT,
        "blank_first": "\n\n\n" + TEXT,
        "header_twice": HEADER + "\n" + row + "\n" + HEADER + "\n",
        "same_names": "record_id,city,city,given_name,family_name\n1,a,b,c,d\n",
        "no_names": ",,,,\n1,2,3,4,5\n",
        "header_only": HEADER + "\n",
        "header_no_end": HEADER,
        "header_quote": 'record_id,"given_name,city\n1,a,b\n',
        "header_break": 'record_id,"given\nname","family\r\nname",city\n1,a,b,c\n',
        "header_huge": "record_id," + ",".join(f"c{i}" for i in range(20_000)) + "\n1\n",
        "whole_lines": "\n".join(f'"{line}"' for line in [HEADER, row]),
        "guards": HEADER + "\n=\"007\",'=cmd|x,'-x,'+49 30 1,'0123\n",
        "no_key": "name,city\nInes,Lagos\n",
        "other_case": "Record Id,GIVENNAME,family-name,E-MAILS,City\n1,a,b,c@x.example,d\n",
        "two_alike": "record_id,Record_ID,RECORD-ID,city\n1,2,3,x\n",
        "ids_blank": HEADER + "\n 1 ,a,b,,\n\u00a02,a,b,,\n3\t,a,b,,\n,x,y,,\n",
        "ids_twice": HEADER + "\n1,a,b,,\n1,c,d,,\n",
        "open_quote": HEADER + '\n1,"a,b,,\n2,c,d,,\n3,e,f,,\n4,"g, Jr",h,,\n5,i,j,,\n',
        "open_quotes": HEADER + "".join(f'\n{i},"a,b,,' for i in range(50)),
        "swallowed": HEADER + '\n1,"a\n2,c,d,,\n3,e,f,,\n4,g",h,,\n5,i,j,,\n',
        "long_line": HEADER + "\n1," + "x" * 5_000_000 + ",b,,\n2,c,d,,\n",
        "long_cell": HEADER + "\n1," + "x" * 300_000 + ",b,,\n2,c,d,,\n",
        "many_lines": HEADER + '\n1,"' + "line\n" * 3_000 + '",b,,\n2,c,d,,\n',
        "one_column": "record_id\n1\n2\n",
        "just_a_word": "hello",
        "blanks": "   \n \n\t\n",
        "newlines": "\n" * 500,
        "nuls": "\0" * 400,
        "quotes": '"' * 999,
        "commas": "," * 5_000,
    }
    for name, text in texts.items():
        yield f"layout_{name}.csv", text.encode()


def _json() -> Iterator[tuple[str, bytes]]:
    for number, value in enumerate(JSON_VALUES):
        line = f'{{"record_id": "9", "given_name": {value}}}\n'
        yield f"json_value_{number}.jsonl", (JSON_LINES + line).encode()
        line = f'{{"record_id": {value}, "given_name": "x"}}\n'
        yield f"json_key_{number}.jsonl", (JSON_LINES + line).encode()
    whole = json.dumps(OBJECTS, ensure_ascii=False, indent=1)
    texts = {
        "array.json": whole,
        "array_cut.json": whole[: len(whole) // 2],
        "array_behind.json": whole + "]",
        "array_of_all.json": '[1, "a", null, {"record_id": "1", "city": "x"}, [2]]',
        "array_empty.json": "[]",
        "array_commas.json": "[,]",
        "array_open.json": "[",
        "deep.json": "[" * 100_000,
        "pretty.json": json.dumps(OBJECTS[0], indent=2),
        "wrapped.json": json.dumps({"rows": OBJECTS}),
        "scalar.json": "42",
        "text.json": '"only text"',
        "csv_inside.jsonl": TEXT,
        "blank.jsonl": "\n\n \n",
        "two_alike.jsonl": '{"record_id": "1", "city": "a"}\n{"Record_ID": "2", "CITY": "b"}\n',
        "many_keys.jsonl": "".join(f'{{"record_id": "{i}", "k{i}": 1}}\n' for i in range(3_000)),
        "long.jsonl": '{"record_id": "1", "city": "' + "x" * 5_000_000 + '"}\n' + JSON_LINES,
    }
    for name, text in texts.items():
        yield name, text.encode()


def _archives() -> Iterator[tuple[str, bytes]]:
    many = HEADER + "\n" + "".join(f"{i},a{i * 7919},b,,\n" for i in range(3_000))
    whole = gzip.compress(many.encode())
    lines = gzip.compress(JSON_LINES.encode() * 200)
    for share in (10, 61, 90, 99):
        yield f"cut_{share}.csv.gz", whole[: len(whole) * share // 100]
        yield f"cut_{share}.jsonl.gz", lines[: len(lines) * share // 100]
    yield "checksum.csv.gz", whole[:-8] + b"\0\0\0\0" + whole[-4:]
    yield "length.csv.gz", whole[:-4] + b"\0\0\0\1"
    yield "damaged.csv.gz", whole[:2_000] + b"\xff" * 20 + whole[2_020:]
    yield "behind.csv.gz", whole + b"something else"
    yield "twice.csv.gz", gzip.compress(TEXT.encode()) + gzip.compress(b"9,x,y,,\n")
    yield "twice_packed.csv.gz", gzip.compress(gzip.compress(TEXT.encode()))
    yield "not_packed.csv.gz", TEXT.encode()
    yield "packed_unnamed.csv", gzip.compress(TEXT.encode())
    yield "nothing_in_it.csv.gz", gzip.compress(b"")
    yield "mark_only.csv.gz", b"\x1f\x8b"


def _other_kinds() -> Iterator[tuple[str, bytes]]:
    marks = {
        *(b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1", b"SQLite format 3\0", b"PAR1", b"ARROW1\0\0"),
        *(b"BZh91AY", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27", b"\x28\xb5\x2f\xfd", b"\x89PNG\r\n"),
        *(b"<!DOCTYPE html><html>", b"<?xml version='1.0'?>", b"{\\rtf1", b"Obj\x01", b"Rar!\x1a"),
    }
    for number, mark in enumerate(sorted(marks)):
        yield f"kind_{number}.csv", mark + TEXT.encode()
        yield f"kind_{number}.jsonl", mark + b"\n" + JSON_LINES.encode()
    for name, part in {"book": "xl/workbook.xml", "letter": "word/document.xml", "x": "a"}.items():
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(part, "<x/>")
        yield f"zip_{name}.csv", file.getvalue()
        yield f"zip_{name}.xlsx", file.getvalue()
    yield "zip_cut.csv", file.getvalue()[:20]
    yield "unknown.dat", TEXT.encode()
    yield "no_ending", TEXT.encode()


def _random() -> Iterator[tuple[str, bytes]]:
    source = random.Random(9)  # noqa: S311 - the same files every time
    for number in range(20):
        yield f"random_{number}.csv", HEADER.encode() + b"\n" + source.randbytes(400)
        yield f"random_{number}.jsonl", source.randbytes(400)
    for number in range(40):
        data = bytearray(TEXT.encode() * 3 if number % 2 else JSON_LINES.encode() * 3)
        for _ in range(1 + number // 4):
            data[source.randrange(len(data))] = source.randrange(256)
        yield f"flipped_{number}.{'csv' if number % 2 else 'jsonl'}", bytes(data)
