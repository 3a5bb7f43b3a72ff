"""The stateless stack: functions, queues, APIs, schedule, alarms."""

import json

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra_cdk import outputs
from infra_cdk.api.http_api import Api
from infra_cdk.config import Deployment
from infra_cdk.data.athena import ArchiveTables
from infra_cdk.edge.domain import DomainNames
from infra_cdk.functions.canary import canaries
from infra_cdk.functions.declarations import SPECS
from infra_cdk.functions.declared_layer import declared_files
from infra_cdk.functions.environment import granted, shared
from infra_cdk.functions.flags import Flags
from infra_cdk.functions.function import Function
from infra_cdk.functions.grants import grant
from infra_cdk.functions.layers import Layers
from infra_cdk.functions.platform import platform_of
from infra_cdk.monitoring.alarms import Alarms, alarm_topic
from infra_cdk.monitoring.dashboards import Shown, dashboards
from infra_cdk.pipelines.aggregation import aggregate_from
from infra_cdk.pipelines.announcing import announce_from
from infra_cdk.pipelines.archiving import archive_from
from infra_cdk.pipelines.crawling import crawl_from, queues, watch_items, watch_provider
from infra_cdk.pipelines.erasing import erase_from
from infra_cdk.pipelines.importing import import_from
from infra_cdk.pipelines.purging import PurgeSchedule
from infra_cdk.pipelines.schedule import MinuteSchedule
from infra_cdk.stack_outputs import say_where
from infra_cdk.stateful import Stateful


class Stateless(cdk.Stack):
    """The service of one stage over its data. Only composes and grants."""

    def __init__(
        self,
        scope: Construct,
        deployment: Deployment,
        state: Stateful,
        *,
        synthesizer: cdk.IStackSynthesizer | None,
    ) -> None:
        super().__init__(
            scope,
            outputs.stateless_stack(deployment.name),
            description=f"TopK {deployment.name}: everything that can be replaced",
            termination_protection=deployment.stage.protected,
            tags=deployment.tags,
            env=cdk.Environment(region=deployment.stage.region),
            synthesizer=synthesizer,
        )
        self._deployment, self._state = deployment, state
        self._alarms = Alarms(
            self,
            stage=deployment.name,
            topic=alarm_topic(self, mail=deployment.stage.alarm_mail, local=deployment.local),
        )
        self._queues = queues(self, deployment, state.dead_letters)
        self._functions = self._made_functions()
        self._feed()
        self._switch()
        domain = deployment.stage.domain
        names = DomainNames(self, domain) if domain else None
        self._api = Api(self, deployment=deployment, functions=self._functions, names=names)
        if not deployment.local:
            ArchiveTables(self, state.archive, stage=deployment.name)
        self._observe()
        self._say_where()

    @property
    def api(self) -> Api:
        return self._api

    @property
    def alarm_topic(self) -> sns.ITopic:
        return self._alarms.topic

    @property
    def api_domain(self) -> str:
        """Where the edge reaches the API."""
        generated = f"{self._api.api.api_id}.execute-api.{self.region}.{cdk.Aws.URL_SUFFIX}"
        return self._deployment.api_domain or generated

    def _made_functions(self) -> dict[str, Function]:
        wanted = self._deployment
        platform = platform_of(local=wanted.local, architecture=wanted.architecture)
        layers = Layers(self, platform, declared_files(wanted))
        made = {}
        for name, spec in SPECS.items():
            if spec.for_events and not wanted.event_buses:
                continue
            made[name] = Function(
                self,
                name,
                spec,
                deployment=self._deployment,
                layers=layers,
                environment=shared(name, self._deployment)
                | granted(spec, self._deployment, self._state, self._queues),
                alarms=self._alarms,
            )
            grant(made[name], spec, self._deployment, self._state, self._queues)
        return made

    def _feed(self) -> None:
        local = self._deployment.local
        self._schedule = MinuteSchedule(
            self, self._functions["dispatch"], alarms=self._alarms, local=local
        )
        crawl_from(self._functions["crawl"], self._deployment, self._queues)
        self._purge = PurgeSchedule(self, local=local)
        self._purge.feed(self._functions["purge"], alarms=self._alarms, local=local)
        erase_from(self._functions["erase"], self._state.erasure_queue, local=local)
        import_from(self._functions["imports"], self._state.import_queue, local=local)
        aggregate_from(
            self._functions["aggregate"],
            self._state.tables["Plays"],
            dead_letters=self._state.stream_dead_letters,
            alarms=self._alarms,
            local=local,
        )
        archive_from(
            self._functions["archive"],
            self._state.tables["Plays"],
            window_seconds=self._deployment.stage.archive_window_seconds,
            dead_letters=self._state.stream_dead_letters,
            alarms=self._alarms,
        )
        if self._deployment.event_buses:
            announce_from(
                self._functions["announce"],
                self._state.tables["TopLists"],
                tenants=self._deployment.event_buses,
                dead_letters=self._state.stream_dead_letters,
                alarms=self._alarms,
                local=local,
            )

    def _switch(self) -> None:
        """Flags and canaries, which the emulator does not support."""
        wanted = self._deployment
        reading = [made for name, made in self._functions.items() if SPECS[name].reads_flags]
        if wanted.local:
            for function in reading:
                function.add_environment("FLAGS", json.dumps(wanted.stage.flags))
            return
        flags = Flags(self, wanted.name, wanted.stage.flags)
        for function in reading:
            flags.tell(function)
        canaries(self, self._functions, self._alarms)

    def _observe(self) -> None:
        buried = {**self._state.dead_letters, "stream": self._state.stream_dead_letters}
        for name, queue in self._state.dead_letters.items():
            self._alarms.when_filled(
                outputs.dead_letters(name), queue, runbook="crawl-dead-letters"
            )
        self._alarms.when_filled(
            outputs.STREAM_DEAD_LETTERS, buried["stream"], runbook="stream-dead-letters"
        )
        self._alarms.when_filled(
            outputs.ERASURE_DEAD_LETTERS,
            self._state.erasure_dead_letters,
            runbook="erasure-dead-letters",
        )
        self._alarms.when_filled(
            outputs.IMPORT_DEAD_LETTERS,
            self._state.import_dead_letters,
            runbook="import-dead-letters",
        )
        for name in self._queues:
            watch_provider(self._alarms, name)
        # The emulator does not support alarms on metric math.
        if not self._deployment.local:
            for name in self._queues:
                watch_items(self._alarms, name)
        dashboards(
            self,
            self._deployment,
            Shown(
                functions=self._functions,
                queues=self._queues,
                dead_letters=self._state.every_dead_letters
                | {"schedule": self._schedule.dead_letters, "purge": self._purge.dead_letters},
                api=self._api,
            ),
        )

    def _api_url(self) -> str:
        domain = self._deployment.api_domain
        return f"https://{domain}" if domain else self._api.api.api_endpoint

    def _say_where(self) -> None:
        say_where(
            self,
            {
                outputs.SCHEDULE_RULE: self._schedule.rule.rule_name,
                outputs.SCHEDULE_DEAD_LETTERS: self._schedule.dead_letters.queue_url,
                outputs.PURGE_QUEUE: self._purge.queue.queue_url,
                outputs.PURGE_DEAD_LETTERS: self._purge.dead_letters.queue_url,
                outputs.ALARM_TOPIC: self._alarms.topic.topic_arn,
                **{outputs.queue(name): queue.queue_url for name, queue in self._queues.items()},
                **{outputs.function(n): f.function_name for n, f in self._functions.items()},
                outputs.API: self._api.api.api_id,
                outputs.API_URL: self._api_url(),
            },
        )
