"""The layers that functions stand on, as layers/build.py makes them."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config import DeployConfig
from layers import build

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64


class Layers(Construct):
    """One layer version per entry of layers/build.py.

    The asset's key is the hash of what the layer is made from, so the template does not depend on
    whether the bytes have been built; only what is uploaded under that key does.
    """

    def __init__(self, scope: Construct, id: str, config: DeployConfig) -> None:
        super().__init__(scope, id)
        self._versions = {
            name: self._version(layer, config) for name, layer in build.LAYERS.items()
        }

    def of(self, names: tuple[str, ...]) -> list[lambda_.ILayerVersion]:
        """The versions of these layers, in this order."""
        return [self._versions[name] for name in names]

    def _version(self, layer: build.Layer, config: DeployConfig) -> lambda_.LayerVersion:
        arch = config.architecture
        path = layer.built(arch) if config.packs_built_layers else layer.recipe(arch)
        return lambda_.LayerVersion(
            self,
            layer.name.capitalize(),
            code=lambda_.Code.from_asset(
                str(path),
                asset_hash=layer.fingerprint(arch),
                asset_hash_type=cdk.AssetHashType.CUSTOM,
            ),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[ARCHITECTURE],
            description=layer.description,
            license=layer.licence,
        )
