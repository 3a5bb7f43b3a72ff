"""How much of all requests a single route may take."""

from infra_cdk.api.routes import PUBLIC
from tests.infra.templates import properties, stateless


def test_routes_for_anybody_have_a_tenth_of_all_requests() -> None:
    public = {
        f"{method} {path}"
        for routes in PUBLIC.values()
        for path, methods in routes.items()
        for method in methods
    }
    for stage in properties(stateless("aws"), "ApiGatewayV2::Stage").values():
        whole = stage["DefaultRouteSettings"]
        assert stage["RouteSettings"].keys() == public
        for one in stage["RouteSettings"].values():
            assert one["ThrottlingRateLimit"] == whole["ThrottlingRateLimit"] // 10
            assert one["ThrottlingBurstLimit"] == whole["ThrottlingBurstLimit"] // 10
