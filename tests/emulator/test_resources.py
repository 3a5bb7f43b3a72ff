import pytest

from simulator.emulator.edge import HOST_HEADER
from tests.emulator.deployed import Deployed
from tests.emulator.template import ORIGIN

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator contract")]


def test_a_tables_time_to_live_is_kept(deployed: Deployed) -> None:
    table = deployed.name("Expiring")
    found = deployed.client("dynamodb").describe_time_to_live(TableName=table)
    assert found["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "ends",
    }


def test_a_preflight_of_an_allowed_origin_is_answered(deployed: Deployed) -> None:
    answer = deployed.request("EchoApi", method="OPTIONS", origin=ORIGIN)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-methods"] == "GET"


def test_a_preflight_of_another_origin_is_allowed_nothing(deployed: Deployed) -> None:
    answer = deployed.request("EchoApi", method="OPTIONS", origin="http://elsewhere.example")
    assert answer.status_code == 204
    assert "access-control-allow-origin" not in answer.headers


def test_the_ref_of_a_secret_is_its_arn(deployed: Deployed) -> None:
    assert deployed.name("Secret").startswith("arn:aws:secretsmanager:")


def test_a_role_granted_a_secret_by_ref_may_read_it(deployed: Deployed) -> None:
    assert deployed.invoke("ReadSecret") == "fake-secret-1"


def test_a_role_that_may_send_a_message_may_send_a_batch(deployed: Deployed) -> None:
    assert deployed.invoke("SendBatch", bodies=["one", "two"]) == 2


def test_an_exception_does_not_reach_the_caller(deployed: Deployed) -> None:
    answer = deployed.request("CrashApi")
    assert answer.status_code == 500
    assert answer.json() == {"message": "Internal Server Error"}


def test_an_api_cannot_invoke_a_function_that_does_not_let_it(deployed: Deployed) -> None:
    answer = deployed.request("ForbiddenApi")
    assert answer.status_code == 500
    assert answer.json() == {"message": "Internal Server Error"}


def test_embedded_metrics_are_collected(deployed: Deployed) -> None:
    deployed.invoke("Measure")
    found = deployed.client("cloudwatch").get_metric_statistics(
        Namespace="Contract",
        MetricName="Crawls",
        Dimensions=[{"Name": "service", "Value": "crawl"}],
        StartTime="2000-01-01",
        EndTime="2100-01-01",
        Period=86400,
        Statistics=["Sum", "SampleCount"],
    )["Datapoints"]
    assert [(point["Sum"], point["SampleCount"]) for point in found] == [(5, 2)]


def test_every_invocation_is_measured_once_whatever_its_source(deployed: Deployed) -> None:
    function = deployed.name("Echo")

    def measured() -> float:
        found = deployed.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Invocations",
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime="2000-01-01",
            EndTime="2100-01-01",
            Period=86400,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in found))

    before = measured()
    deployed.request("EchoApi")
    deployed.invoke("Echo")
    assert measured() - before == 2


def test_a_label_without_an_api_is_a_host_name_of_the_stages_api(deployed: Deployed) -> None:
    event = deployed.request(label="big-harbor", headers={HOST_HEADER: "meadow.localhost"}).json()
    assert event["headers"][HOST_HEADER] == "big-harbor.localhost"
    assert (event["routeKey"], event["rawPath"]) == ("GET /here", "/here")
    assert HOST_HEADER not in deployed.request("EchoApi").json()["headers"]


@pytest.mark.parametrize("rest", ["", "further"])
def test_a_greedy_variable_is_all_that_follows_its_slash(deployed: Deployed, rest: str) -> None:
    event = deployed.request("EchoApi", path=f"/here/{rest}").json()
    assert event["routeKey"] == "GET /here/{slash+}"
    assert event["pathParameters"] == {"slash": rest}


def test_requests_of_an_api_are_measured(deployed: Deployed) -> None:
    cloudwatch = deployed.client("cloudwatch")

    def total(api: str, metric: str) -> float:
        found = cloudwatch.get_metric_statistics(
            Namespace="AWS/ApiGateway",
            MetricName=metric,
            Dimensions=[{"Name": "ApiId", "Value": deployed.name(api)}],
            StartTime="2000-01-01",
            EndTime="2100-01-01",
            Period=86400,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in found))

    def added(api: str) -> dict[str, float]:
        metrics = ("Count", "4xx", "5xx", "Latency")
        before = {metric: total(api, metric) for metric in metrics}
        deployed.request(api)
        return {metric: total(api, metric) - before[metric] for metric in metrics}

    answered, crashed = added("EchoApi"), added("CrashApi")
    assert (answered["Count"], answered["4xx"], answered["5xx"]) == (1, 0, 0)
    assert (crashed["Count"], crashed["4xx"], crashed["5xx"]) == (1, 0, 1)
    assert answered["Latency"] > 0
