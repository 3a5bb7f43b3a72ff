"""The stateful stack: data, token key and dead letters."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.config import EDGE_REGION, Deployment
from infra_cdk.data.archive import archive_bucket
from infra_cdk.data.credentials import credentials, scrobbler_secret
from infra_cdk.data.exports import export_bucket
from infra_cdk.data.origin_secret import origin_secrets
from infra_cdk.data.tables import tables
from infra_cdk.data.token_key import token_key
from infra_cdk.data.uploads import upload_bucket
from infra_cdk.pipelines.announcing import event_buses
from infra_cdk.pipelines.erasing import erasures
from infra_cdk.pipelines.importing import import_queue
from infra_cdk.pipelines.queues import dead_letters
from infra_cdk.stack_outputs import say_where


class Stateful(cdk.Stack):
    """Tables, token key, provider credentials and dead-letter queues of one stage."""

    tables: Mapping[str, dynamodb.ITable]
    credentials: Mapping[str, secretsmanager.Secret]
    dead_letters: Mapping[str, sqs.Queue]

    def __init__(
        self,
        scope: Construct,
        deployment: Deployment,
        *,
        synthesizer: cdk.IStackSynthesizer | None,
    ) -> None:
        protected = deployment.stage.protected
        super().__init__(
            scope,
            outputs.stateful_stack(deployment.name),
            description=f"TopK {deployment.name}: the data and the key that opens it",
            termination_protection=protected,
            tags=deployment.tags,
            env=cdk.Environment(region=deployment.stage.region),
            synthesizer=synthesizer,
        )
        removal = cdk.RemovalPolicy.RETAIN if protected else cdk.RemovalPolicy.DESTROY
        self.tables = tables(
            self,
            protected=protected,
            streams=("Plays", "TopLists") if deployment.event_buses else ("Plays",),
            adopted=deployment.stage.adopted_tables,
            provisioned=deployment.stage.provisioned,
        )
        self.event_buses = event_buses(self, deployment.event_buses)
        self.token_key = token_key(self, deployment, removal)
        self.credentials = {
            name: credentials(self, name, provider, removal)
            for name, provider in deployment.providers.items()
        }
        self.scrobbler_secret = scrobbler_secret(self, removal)
        self.dead_letters = {
            name: dead_letters(
                self, outputs.dead_letters(name), local=deployment.local, removal=removal
            )
            for name in deployment.providers
        }
        self.stream_dead_letters = dead_letters(
            self, outputs.STREAM_DEAD_LETTERS, local=deployment.local, removal=removal
        )
        self.archive = archive_bucket(self, local=deployment.local, removal=removal)
        self.exports = export_bucket(self, local=deployment.local, removal=removal)
        self.erasure_queue, self.erasure_dead_letters = erasures(
            self, local=deployment.local, removal=removal
        )
        self.uploads = upload_bucket(self, local=deployment.local, removal=removal)
        self.import_queue, self.import_dead_letters = import_queue(
            self, local=deployment.local, removal=removal
        )
        # The edge is in us-east-1, and reads them there.
        edges = [one for one in (EDGE_REGION,) if one != deployment.stage.region]
        origin_secrets(self, deployment.origin_secrets, replicas=edges)
        self._say_where()

    @property
    def every_dead_letters(self) -> dict[str, sqs.Queue]:
        """All dead-letter queues whose messages may contain a user id."""
        return {
            **self.dead_letters,
            "stream": self.stream_dead_letters,
            "erasures": self.erasure_dead_letters,
            "imports": self.import_dead_letters,
        }

    def _say_where(self) -> None:
        credentials, buried = self.credentials.items(), self.dead_letters.items()
        buses = self.event_buses.items()
        say_where(
            self,
            {
                outputs.ARCHIVE_BUCKET: self.archive.bucket_name,
                outputs.EXPORT_BUCKET: self.exports.bucket_name,
                outputs.TOKEN_KEY: self.token_key.key_id,
                outputs.STREAM_DEAD_LETTERS: self.stream_dead_letters.queue_url,
                outputs.ERASURE_QUEUE: self.erasure_queue.queue_url,
                outputs.ERASURE_DEAD_LETTERS: self.erasure_dead_letters.queue_url,
                outputs.IMPORT_BUCKET: self.uploads.bucket_name,
                outputs.IMPORT_QUEUE: self.import_queue.queue_url,
                outputs.IMPORT_DEAD_LETTERS: self.import_dead_letters.queue_url,
                **{outputs.table(name): table.table_name for name, table in self.tables.items()},
                **{outputs.secret(name): secret.secret_arn for name, secret in credentials},
                # Split here: CloudFormation cannot split another stack's output.
                **{
                    outputs.secret_name(name): cdk.Fn.select(
                        6, cdk.Fn.split(":", secret.secret_arn)
                    )
                    for name, secret in credentials
                },
                **{outputs.dead_letters(name): queue.queue_url for name, queue in buried},
                **{outputs.event_bus(name): bus.event_bus_name for name, bus in buses},
            },
        )


def _name(secret: secretsmanager.Secret) -> str:
    """The last part of its ARN. Taken in its own stack, because CloudFormation's documentation does
    not say that `Fn::Split` takes another stack's output.
    """
    return cdk.Fn.select(6, cdk.Fn.split(":", secret.secret_arn))
