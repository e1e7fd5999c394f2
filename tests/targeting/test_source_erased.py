"""A run says that a family was erased from its source since; its figures stay as they were."""

from sqlalchemy import select

from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.registry.erasure import erase_family
from gisapp.registry.sealing import identity_context, unseal
from gisapp.registry.tables import IdentityRow
from gisapp.release.facts import SOURCE_ERASED, file_metadata, outside_shares, registry_source
from gisapp.store.database import session
from gisapp.store.vault import open_vault
from gisapp.targeting.runs import list_runs, load_run
from gisapp.web.source import Source
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace


def test_a_run_of_a_source_that_lost_a_family_says_so(small_demo, tmp_path, capsys):
    root = tmp_path / "kabupaten"
    copy_workspace(small_demo, root)
    workspace = open_workspace(root)
    before = load_run(workspace)
    served = Source(root)  # a server that was started before
    assert SOURCE_ERASED not in registry_source(served.district().run)
    assert SOURCE_ERASED not in registry_source(before)
    figures = before.collection("areas")
    with session(workspace.database, write=False) as database:
        row = database.scalars(select(IdentityRow).where(IdentityRow.nik_hash.is_not(None))).first()
    person = unseal(open_vault(root), row.sealed, identity_context(row.import_id, row.row_number))
    assert erase_family(workspace, nik=person.nik, reason="permintaan").runs_affected == 1
    after = load_run(workspace)
    assert after.source_erased
    assert registry_source(served.district().run).endswith(SOURCE_ERASED)
    assert after.collection("areas").equals(figures)
    assert registry_source(after).endswith(SOURCE_ERASED)
    assert SOURCE_ERASED in file_metadata(after, k=5, rule="staff", outside=outside_shares(after))["source"]
    assert [one["source_erased"] for one in list_runs(workspace)] == [True]
    assert run_guarded(gisapp, ["-w", str(root), "runs"]) == 0
    assert "source partly erased" in capsys.readouterr().out
    assert run_guarded(gisapp, ["-w", str(root), "doctor"]) == 0
