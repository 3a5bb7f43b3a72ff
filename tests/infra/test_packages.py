"""Installing a layer's dependencies, with a fake uv."""

from pathlib import Path

import pytest

from infra_cdk.functions import packages
from infra_cdk.functions.packages import PROVIDED, installed
from tests.synthesis import ROOT

FOR_THIS_TEST = ("--python", "python")


class FakeUv:
    """Installs one package with the extra files that some real packages have."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, ...]] = []
        self.fails = False

    def __call__(self, command: str, *arguments: str | Path) -> None:
        self.calls.append((command, *map(str, arguments)))
        if command == "install":
            target = Path(arguments[arguments.index("--target") + 1])
            for name in ("bin/tool", "song/tests/a.py", "song/__pycache__/a.pyc", "song/a.py"):
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_text("")
            (target / ".lock").write_text("")
        if self.fails:
            raise KeyboardInterrupt


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> FakeUv:
    fake = FakeUv()
    monkeypatch.setattr(packages, "_uv", fake)
    return fake


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "data.txt"
    path.write_text("song==1.0 --hash=sha256:0")
    return path


def test_a_layer_contains_only_code(uv: FakeUv, lock: Path, tmp_path: Path) -> None:
    layer = installed(lock, FOR_THIS_TEST, tmp_path / "cache")
    files = [str(path.relative_to(layer)) for path in layer.rglob("*") if path.is_file()]
    assert files == ["python/song/a.py"]
    assert sorted(path.name for path in layer.rglob("*") if path.is_dir()) == ["python", "song"]


def test_only_locked_packages_with_their_hashes_are_installed(
    uv: FakeUv, lock: Path, tmp_path: Path
) -> None:
    installed(lock, FOR_THIS_TEST, tmp_path / "cache")
    install, uninstall = uv.calls
    assert {"--require-hashes", "--no-deps", str(lock), *FOR_THIS_TEST} <= set(install)
    assert uninstall[-len(PROVIDED) :] == PROVIDED


def test_an_installed_layer_is_reused(uv: FakeUv, lock: Path, tmp_path: Path) -> None:
    first = installed(lock, FOR_THIS_TEST, tmp_path / "cache")
    calls = len(uv.calls)
    assert installed(lock, FOR_THIS_TEST, tmp_path / "cache") == first
    assert len(uv.calls) == calls


def test_another_lock_or_platform_gives_another_layer(
    uv: FakeUv, lock: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    first = installed(lock, FOR_THIS_TEST, cache)
    other_platform = installed(lock, ("--python-version", "3.13"), cache)
    lock.write_text("song==2.0 --hash=sha256:1", encoding="utf-8")
    other_lock = installed(lock, FOR_THIS_TEST, cache)
    assert len({first, other_platform, other_lock}) == 3


def test_the_second_of_two_concurrent_syntheses_reuses_the_first_layer(
    uv: FakeUv, lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"

    def beside_another(command: str, *arguments: str | Path) -> None:
        """Another synthesis installs the whole layer while the first uv runs."""
        monkeypatch.setattr(packages, "_uv", uv)
        installed(lock, FOR_THIS_TEST, cache)
        uv(command, *arguments)

    monkeypatch.setattr(packages, "_uv", beside_another)
    layer = installed(lock, FOR_THIS_TEST, cache)
    assert (layer / "python/song/a.py").exists()
    assert list(cache.iterdir()) == [layer]


def test_an_interrupted_installation_is_not_used_as_a_layer(
    uv: FakeUv, lock: Path, tmp_path: Path
) -> None:
    uv.fails = True
    with pytest.raises(KeyboardInterrupt):
        installed(lock, FOR_THIS_TEST, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []
    uv.fails = False
    assert (installed(lock, FOR_THIS_TEST, tmp_path / "cache") / "python/song/a.py").exists()


@pytest.mark.parametrize("group", ["data", "providers"])
def test_packages_provided_by_lambda_are_in_the_locks(group: str) -> None:
    # Otherwise PROVIDED would remove nothing and be wrong.
    pinned = (ROOT / "requirements" / f"{group}.txt").read_text()
    for name in PROVIDED:
        assert f"\n{name}==" in pinned
