"""Staged files: a function's own files, the package, and nothing else in the folder."""

from pathlib import Path
from typing import Any

import pytest

from infra_cdk import outputs
from infra_cdk.functions.declarations import SPECS
from tests.synthesis import ROOT, context

pytestmark = pytest.mark.xdist_group("staging")
FUNCTION_DECOYS = {
    ".env",
    "functions/notes.py",
    "functions/read/handler.py",
    "functions/crawl/.env",
    "functions/crawl/notes.txt",
    "functions/crawl/__pycache__/handler.pyc",
    "infra_cdk/app.py",
}
LAYER_DECOYS = {
    "python/topk/__pycache__/play.pyc",
    "python/topk/tests/test_play.py",
    "python/topk.egg-info/PKG-INFO",
    "python/.lock",
}
CORE = ROOT / "layers" / "core"


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The assembly's folder and the stateless stack's template, freshly staged."""
    from infra_cdk.app import build

    outdir = tmp_path_factory.mktemp("cdk.out")
    unbundled: dict[str, Any] = {"aws:cdk:bundling-stacks": []}
    app = build(context("local") | unbundled, str(outdir))
    name = outputs.stateless_stack("local")
    return outdir, app.synth().get_stack_by_name(name).template


@pytest.mark.parametrize("name", SPECS)
def test_a_function_contains_only_its_own_modules(
    assembly: tuple[Path, dict[str, Any]], name: str
) -> None:
    outdir, template = assembly
    logical_id = template["Outputs"][outputs.function(name)]["Value"]["Ref"]
    code = template["Resources"][logical_id]["Properties"]["Code"]
    folder = ROOT / "functions" / name
    found = [*folder.rglob("*.py"), *folder.rglob("*.json"), *folder.glob("fonts/*")]
    own = {str(path.relative_to(ROOT)) for path in found}
    assert f"functions/{name}/__init__.py" in own
    assert (name == "card") == any(path.endswith(".ttf") for path in own)
    assert _files(outdir, code) == {"functions/__init__.py", *own}


def test_the_core_layer_is_the_package(assembly: tuple[Path, dict[str, Any]]) -> None:
    outdir, template = assembly
    (core,) = [
        resource["Properties"]["Content"]
        for name, resource in template["Resources"].items()
        if name.startswith("LayersCore")
    ]
    found = [*CORE.rglob("*.py"), *CORE.rglob("*.json")]
    package = {str(path.relative_to(CORE)) for path in found}
    assert "python/topk/domain/play.py" in package
    assert _files(outdir, core) == package


def test_other_files_in_the_folder_are_left_out(tmp_path: Path) -> None:
    import aws_cdk as cdk
    from aws_cdk import aws_lambda as lambda_

    from infra_cdk.functions.function import code
    from infra_cdk.functions.layers import content_of

    shipped = {"functions/__init__.py", "functions/crawl/handler.py", "functions/crawl/a/b.json"}
    _write(tmp_path / "source", shipped | FUNCTION_DECOYS)
    _write(tmp_path / "layer", {"python/topk/play.py"} | LAYER_DECOYS)
    app = cdk.App(outdir=str(tmp_path / "out"), builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Stack")
    lambda_.Function(
        stack,
        "Function",
        code=code("crawl", tmp_path / "source"),
        handler="handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
    )
    lambda_.LayerVersion(stack, "Layer", code=content_of(tmp_path / "layer"))
    template = app.synth().get_stack_by_name(stack.stack_name).template
    staged = [
        _files(tmp_path / "out", resource["Properties"][key])
        for kind, key in (("Function", "Code"), ("LayerVersion", "Content"))
        for resource in template["Resources"].values()
        if resource["Type"] == f"AWS::Lambda::{kind}"
    ]
    assert staged == [shipped, {"python/topk/play.py"}]


def _write(folder: Path, names: set[str]) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")


def _files(outdir: Path, code: dict[str, str]) -> set[str]:
    staged = outdir / f"asset.{code['S3Key'].removesuffix('.zip')}"
    return {str(path.relative_to(staged)) for path in staged.rglob("*") if path.is_file()}
