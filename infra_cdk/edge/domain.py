"""A stage's domain: its wildcard certificate and the records of its addresses."""

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from infra_cdk.config import Domain


class DomainNames(Construct):
    """The domain in one region. A tenant needs no certificate of its own."""

    certificate: acm.ICertificate

    def __init__(self, scope: Construct, domain: Domain) -> None:
        super().__init__(scope, "Domain")
        self._zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=domain.hosted_zone_id, zone_name=domain.name
        )
        self.certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=f"*.{domain.name}",
            validation=acm.CertificateValidation.from_dns(self._zone),
        )

    def point(self, name: str, target: route53.IAliasRecordTarget, *, ipv6: bool = False) -> None:
        """Records that lead `name` to `target`."""
        alias = route53.RecordTarget.from_alias(target)
        label = name.partition(".")[0].replace("*", "Tenants")
        route53.ARecord(self, f"A-{label}", zone=self._zone, record_name=name, target=alias)
        if ipv6:
            route53.AaaaRecord(
                self, f"Aaaa-{label}", zone=self._zone, record_name=name, target=alias
            )
