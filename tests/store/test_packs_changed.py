"""A pack changed in any place is refused with the name of what was changed."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from tests.store.material import anna, at, filled
from tests.store.worker import SEMESTER
from toolkit.errors import DamageError, ToolkitError
from toolkit.services import packs, workflow
from toolkit.services.runs import Asked
from toolkit.services.sealing import digest_of, seal_of

HASHES = "hashes.txt"
SEALED = {"law.toml": "law_sha256", "result.json": "result_sha256"}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRANTS_HOME", str(folder))
        patch.setenv("GRANTS_DATABASE", f"sqlite:///{folder}/grants.db")
        database = filled()
        workflow.draft(database, anna(database), Asked(SEMESTER), at(10))
        packs.export(database, SEMESTER, folder / "semester.zip")
    return folder / "semester.zip"


@pytest.fixture(scope="module")
def files(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(folder: Path, files: Mapping[str, bytes]) -> Path:
    target = folder / "changed.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def rehashed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """As somebody would who knows what the list of hashes is for."""
    lines = [f"{sha256(files[name]).hexdigest()}  {name}\n" for name in files if name != HASHES]
    return files if HASHES not in files else {**files, HASHES: "".join(lines).encode()}


def flipped(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def refusal(pack: Path) -> DamageError:
    with pytest.raises(DamageError) as error:
        packs.check_pack(pack)
    assert error.value.sentence("lv")
    assert error.value.sentence("en")
    return error.value


def test_the_pack_is_whole_as_it_was_written(pack: Path):
    assert packs.check_pack(pack).same_code


def test_a_byte_changed_in_any_file_is_refused_by_its_name(files: dict[str, bytes], tmp_path: Path):
    chance = random.Random(1)
    for name, content in files.items():
        changed = rewritten(tmp_path, {**files, name: flipped(content, chance)})

        # a line of the list names another file than it did, or its hash does not fit
        assert name == HASHES or refusal(changed).facts["file"] == name
        assert refusal(changed).key == "error.damage.pack_file"


def test_a_file_taken_out_or_put_in_is_refused_by_its_name(files: dict[str, bytes], tmp_path: Path):
    for name in files:
        left = {other: content for other, content in files.items() if other != name}
        assert refusal(rewritten(tmp_path, left)).facts["file"] == name
    added = rewritten(tmp_path, {**files, "inputs/vēl.csv": b"x"})
    assert refusal(added).facts["file"] == "inputs/vēl.csv"


def test_a_file_changed_with_the_list_of_hashes_made_anew_is_refused(
    files: dict[str, bytes], tmp_path: Path
):
    chance = random.Random(2)
    for name, content in files.items():
        if name in (HASHES, "requirements.lock", "seal.json"):
            continue  # what was installed is told, no part of the seal; the seal has its own test
        for _ in range(4):
            changed = {**files, name: flipped(content, chance)}
            named = refusal(rewritten(tmp_path, rehashed(changed))).facts["file"]
            assert named == (
                "inputs_sha256" if name.startswith("inputs/") else SEALED.get(name, name)
            )


def test_a_table_taken_out_or_put_in_with_the_hashes_made_anew_is_refused(
    files: dict[str, bytes], tmp_path: Path
):
    for name in files:
        left = {other: content for other, content in files.items() if other != name}
        assert refusal(rewritten(tmp_path, rehashed(left))).facts["file"] == name
    added = rewritten(tmp_path, rehashed({**files, "inputs/more.csv": b"x"}))
    assert refusal(added).facts["file"] == "inputs/more.csv"


def test_another_seal_with_everything_made_anew_around_it_is_refused(
    files: dict[str, bytes], tmp_path: Path
):
    """Each word of the seal that the computation stands on."""
    seal = json.loads(files["seal.json"])
    for name, value in seal.items():
        told = {**seal, name: value + 1 if isinstance(value, int) else f"{value}x"}
        changed = {**files, "seal.json": json.dumps(told, ensure_ascii=False, indent=1).encode()}
        del told[name]
        without = {**files, "seal.json": json.dumps(told).encode()}
        if name in packs.SEALED or name == "seal":
            refusal(rewritten(tmp_path, rehashed(changed)))
        refusal(rewritten(tmp_path, rehashed(without)))
    for content in (b"", b"[]", b"null", b"{}", b'{"seal": {}}', b"\xff"):
        refusal(rewritten(tmp_path, rehashed({**files, "seal.json": content})))


def test_a_byte_changed_anywhere_in_the_zip_is_refused_or_changes_no_content(
    pack: Path, files: dict[str, bytes], tmp_path: Path
):
    whole, chance, told = pack.read_bytes(), random.Random(3), 0
    for number in range(150):
        place = chance.randrange(len(whole)) if number % 2 else len(whole) - number - 1
        changed = tmp_path / "flipped.zip"
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            packs.check_pack(changed)
        except DamageError as error:
            told += bool(error.sentence("lv"))
        else:
            with zipfile.ZipFile(changed) as archive:
                assert {name: archive.read(name) for name in archive.namelist()} == files
    print(f"{told} of 150 flipped bytes told")
    assert told > 75


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_a_truncated_pack_is_refused(part: float, pack: Path, tmp_path: Path):
    whole = pack.read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: int(len(whole) * part)])
    assert refusal(cut).key == "error.damage.pack_unreadable"


def resealed(files: Mapping[str, bytes], **other: object) -> dict[str, bytes]:
    """As somebody would who makes the seal anew over what they changed."""
    seal = json.loads(files["seal.json"]) | other
    inputs = {Path(n).stem: content for n, content in files.items() if n.startswith("inputs/")}
    seal["inputs_sha256"] = digest_of(inputs)
    seal["law_sha256"] = sha256(files["law.toml"]).hexdigest()
    seal["result_sha256"] = sha256(files["result.json"]).hexdigest()
    seal["seal"] = seal_of(**{name: seal[name] for name in packs.SEALED})
    return rehashed({**files, "seal.json": json.dumps(seal).encode()})


def test_a_seal_made_anew_over_something_else_is_a_sentence(
    files: dict[str, bytes], tmp_path: Path
):
    """Whatever it is, the computation does not give it, or it cannot be computed."""
    table = "inputs/partners.csv"
    lines = files[table].splitlines(keepends=True)
    for changed in (
        {"result.json": b"no json"},
        {"result.json": b"{}"},
        {"law.toml": b"\xff = 1"},
        {"law.toml": b""},
        {"inputs/counts.csv": files["inputs/counts.csv"].replace(b"general", b"generous", 1)},
        {table: b""},
        {table: b"".join([*lines, lines[-1]])},
        {table: lines[0]},
        {table: files[table].replace(b"2009-07-01", b"2009-07-00", 1)},
        {table: b"\xff" + files[table]},
    ):
        with pytest.raises(ToolkitError) as error:
            packs.check_pack(rewritten(tmp_path, resealed({**files, **changed})))
        assert error.value.sentence("lv"), changed
    for told in ({"envelope_cents": "None"}, {"semester": "2099/2100-1"}, {"method": 1}):
        with pytest.raises(ToolkitError):
            packs.check_pack(rewritten(tmp_path, resealed(files, **told)))
