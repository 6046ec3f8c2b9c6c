"""The proxy of the night to watch: chosen jobs fail, everything else passes through."""

from __future__ import annotations

import pytest
from google.api_core.exceptions import InternalServerError
from google.auth.credentials import AnonymousCredentials
from google.cloud.bigquery import Client

from tests.faults.proxy import FaultProxy
from tests.faults.stand_in.faults import Fault
from tests.faults.stand_in.server import StandIn

CREATE = "create or replace table `concord-local`.`d`.`t` as (select 1 as id)"


@pytest.mark.parametrize("node", ['"node_id": "model.concord.alpha"', '"node": "alpha"'])
def test_a_chosen_job_fails_and_the_next_one_runs(node: str) -> None:
    comment = f"/* {{{node}}} */ "
    fault = Fault("job", "fail", "backendError", "no luck", "alpha")
    with StandIn() as behind, FaultProxy(behind.url, [fault]) as proxy:
        behind.api.warehouse.datasets.add("d")
        options = {"api_endpoint": proxy.url}
        client = Client("concord-local", AnonymousCredentials(), client_options=options)
        client.query(CREATE).result()
        assert client.get_table("d.t").table_id == "t"
        with pytest.raises(InternalServerError, match="no luck"):
            client.query(comment + CREATE, job_id="one", job_retry=None).result()
        assert client.get_job("one").error_result["reason"] == "backendError"
        assert "one" not in behind.api.jobs.by_id
        client.query(comment + CREATE, job_id="two", job_retry=None).result()
        assert behind.api.warehouse.count_writes("d") == {"d.t": 2}
