"""How a failure of a node is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.another_attempt import merge
from orchestrator.dbt.artifacts import read_finished
from orchestrator.dbt.masked_at_rest import mask_artifacts
from orchestrator.dbt.node import CLASS_KEY
from orchestrator.dbt.node_text import failure_text, in_one_line

if TYPE_CHECKING:
    from pathlib import Path

BINDER = """Database Error in model dim_persons (models/marts/dim_persons.sql)
  Binder Error: Referenced column "job_titel" not found in FROM clause!
  Candidate bindings: "job_title", "postcode"

  LINE 7: select job_titel from x
                 ^
  compiled code at target/run/concord/models/marts/dim_persons.sql"""


def test_the_files_the_names_and_the_mark_are_shown() -> None:
    assert failure_text("dim_persons", "permanent", BINDER) == (
        "dim_persons (permanent)\n"
        "  in models/marts/dim_persons.sql\n"
        '  Binder Error: Referenced column "job_titel" not found in FROM clause!\n'
        '  Candidate bindings: "job_title", "postcode"\n'
        "  LINE 7: select job_titel from x\n"
        "                 ^\n"
        "  compiled: target/run/concord/models/marts/dim_persons.sql"
    )


def test_one_line_says_what_is_wrong() -> None:
    assert in_one_line(BINDER) == (
        'Binder Error: Referenced column "job_titel" not found in FROM clause! '
        'Candidate bindings: "job_title", "postcode"'
    )


def test_a_long_message_is_cut() -> None:
    text = failure_text("x", "unknown", "\n".join(f"line {n} {'y' * 900}" for n in range(50)))
    assert text.endswith("and 36 more lines")
    assert max(map(len, text.splitlines())) < 320


def test_results_on_disk_are_masked_and_keep_their_class(tmp_path: Path) -> None:
    message = "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))"
    value = "Bad int64 value: Jane Doe"
    results = [
        {"unique_id": "model.concord.a", "status": "error", "message": message},
        {"unique_id": "model.concord.b", "status": "error", "message": value},
        {"unique_id": "model.concord.c", "status": "success", "message": "CREATE TABLE"},
    ]
    document = {"metadata": {}, "results": results}
    path = tmp_path / "run_results.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "dbt.log").write_text(f"10:45:12.345678 {value}\n", encoding="utf-8")
    mask_artifacts(tmp_path)
    mask_artifacts(tmp_path)
    written = path.read_text(encoding="utf-8")
    assert "Jane" not in written
    assert "Connection" not in written.replace("ConnectionResetError", "")
    assert (tmp_path / "dbt.log").read_text(encoding="utf-8") == (
        "10:45:12.345678 Bad int64 value: <value>\n"
    )
    nodes = merge({}, read_finished(tmp_path))
    classes = [node.error_class for node in nodes.values()]
    assert classes == [ErrorClass.TRANSIENT, ErrorClass.PERMANENT, None]
    assert json.loads(written)["results"][2][CLASS_KEY] is None


def test_results_that_cannot_be_read_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "run_results.json"
    path.write_text('{"results": [{"message": "Jane', encoding="utf-8")
    mask_artifacts(tmp_path)
    assert list(tmp_path.iterdir()) == []
