"""Kubernetes manifests: who runs there, what calls whom, which folders deploy."""

from __future__ import annotations

import pytest

from conway.boundaries.dependencies import declared, manifests_of
from conway.boundaries.detection import detected_services
from conway.boundaries.needs.kubernetes import workloads
from conway.boundaries.reading import read_boundaries
from conway.config import checked
from tests.boundaries.histories import histories_of, history_of

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-web
  labels: {app.kubernetes.io/component: web}
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      initContainers:
        - name: wait
          command: [sh, -c, "until nc -z queue:9092; do sleep 2; done"]
      containers:
        - name: web
          args: ["--mail=http://mail/send", "mail-is-no-host"]
          env:
            - {name: CART_NAME, value: cart-api}
            - {name: CART_URL, value: "http://$(CART_NAME).shop.svc.cluster.local:8080/v1"}
            - {name: DATABASE_URL, value: "postgres://web:secret@db:5432/shop"}
            - {name: TAX_HOST, value: tax}
            - {name: OTEL_SERVICE_NAME, value: web}
            - {name: HOME_PAGE, value: "https://stock.example.org"}
            - {name: TOKEN, valueFrom: {secretKeyRef: {name: x, key: y}}}
"""
CART = """
kind: Service
metadata: {name: cart-api}
spec: {selector: {app: basket}}
---
kind: StatefulSet
metadata: {name: basket-v2}
spec:
  template:
    metadata: {labels: {app: basket, app.kubernetes.io/name: cart}}
    spec: {containers: []}
---
kind: Service
metadata: {name: mail}
"""


def test_what_a_workload_needs() -> None:
    """Hosts of URLs and ports, variables filled in; no plain words, no users, no outside."""
    (web,) = manifests_of("k8s/web.yaml", WEB)

    assert [need.target for need in web.needs] == [
        "queue", "cart-api", "db", "tax", "mail",
    ]  # fmt: skip
    assert web.named == ("shop-web", "web")


def test_who_answers_to_a_name() -> None:
    """A Service speaks for what its selector chooses; a workload for its labels."""
    api, basket, mail = manifests_of("k8s/cart.yaml", CART)

    assert (api.provides, api.named) == (("cart-api",), ("cart-api", "basket", "cart"))
    assert (basket.provides, basket.named) == ((), ("basket-v2", "cart", "basket"))
    assert (mail.provides, mail.named) == (("mail",), ("mail",))


CRON = """
kind: CronJob
metadata: {name: nightly}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{command: ["curl", "http://mail"]}]}}}}}
"""


def test_a_job_of_every_night() -> None:
    """Its pod stands one template deeper."""
    (nightly,) = manifests_of("k8s/nightly.yml", CRON)

    assert [need.target for need in nightly.needs] == ["mail"]


HOSTILE = [
    "kind: Deployment\n" + "a: [" * 50_000,
    "kind: Deployment\nspec: 3",
    "kind: Deployment\nspec: {template: {spec: {containers: [{env: [1, {name: [x]}], args: {}}]}}}",
    "kind: Service\nmetadata: {name: [x]}\nspec: {selector: []}",
    "kind: Deployment\nmetadata: {name: {{ .Values.name }}}",
    "kind: Pod\nspec: {containers: [{args: ['" + "a-" * 4000 + "', '" + "//" * 4000 + "']}]}",
    "kind: Pod\nspec: {containers: [{env: ["
    + "".join(f"{{name: A{n}, value: '$(A{n - 1})$(A{n - 1})xxxxxxxx'}}," for n in range(200))
    + "]}]}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_manifest_does_harm(text: str) -> None:
    """It is left out, or names nothing; a broken document spoils no other."""
    assert not any(one.needs for one in manifests_of("k8s/x.yaml", text))
    assert len(list(manifests_of("k8s/x.yaml", text + "\n---" + CART))) >= 3


SERVICES = {"services": {"{s}": "src/*/**"}}
SOURCES = {f"src/{name}/main.go": "" for name in ("cart", "mail", "tax", "web")}


def test_dependencies_in_one_repository() -> None:
    """Manifests in a folder of their own speak for the services of their names."""
    history = history_of(SOURCES | {"k8s/web.yaml": WEB, "k8s/cart.yaml": CART})
    found = declared(history, read_boundaries(checked(SERVICES), history))

    assert found.to_numpy().tolist() == [
        ["web", "cart", "kubernetes", "shop:k8s/web.yaml"],
        ["web", "mail", "kubernetes", "shop:k8s/web.yaml"],
    ]


DB = "kind: Service\nmetadata: {name: db}\n"
CALLS = """
kind: Deployment
metadata: {name: %s}
spec: {template: {spec: {containers: [{args: ["http://db", "http://mail:80"]}]}}}
"""


def test_dependencies_over_several_repositories() -> None:
    """A host of one's own repository goes first; one that several have is nobody's."""
    history = histories_of(
        {
            "mail": [{"k8s/a.yaml": "kind: Service\nmetadata: {name: mail}\n"}],
            "shop": [{"k8s/a.yaml": DB + "---" + CALLS % "shop"}],
            "stock": [{"k8s/a.yaml": DB}],
            "web": [{"k8s/a.yaml": CALLS % "web"}],
        }
    )
    found = declared(history, read_boundaries(checked({}), history))

    assert found[["from_service", "to_service"]].to_numpy().tolist() == [
        ["shop", "mail"],
        ["web", "mail"],
    ]


def test_a_chart_apart_speaks_for_its_service() -> None:
    """By its name, as its folder is no service."""
    chart = "name: web\ndependencies: [{name: cart}, {name: redis}]\n"
    history = history_of(
        SOURCES | {"helm/web/Chart.yaml": chart, "helm/cart/Chart.yaml": "name: cart\n"}
    )
    found = declared(history, read_boundaries(checked(SERVICES), history))

    assert found.to_numpy().tolist() == [["web", "cart", "helm", "shop:helm/web/Chart.yaml"]]


def test_what_a_cluster_runs_is_a_service() -> None:
    """Beside what is built, or with the manifest in it; each with the file as evidence."""
    history = history_of(
        {
            "src/cart/Dockerfile": "",
            "src/mail/Dockerfile": "",
            "src/web/index.html": "",
            "src/docs/index.md": "",
            "jobs/nightly/k8s/nightly.yaml": CRON,
            "jobs/other/run.sh": "",
            "k8s/web.yaml": WEB,
            "k8s/cart.yaml": CART,
        }
    )
    found = detected_services(history)

    assert found.services == {
        "cart": ("src/cart/**",),
        "mail": ("src/mail/**",),
        "nightly": ("jobs/nightly/**",),
        "web": ("src/web/**",),
    }
    assert found.evidence["cart"] == "Dockerfile, k8s/cart.yaml"
    assert found.evidence["web"] == "k8s/web.yaml"
    assert found.evidence["nightly"] == "jobs/nightly/k8s/nightly.yaml"


def test_compose_services_that_variables_build() -> None:
    """Are evidence for the folder of their name; skaffold's contexts are folders."""
    compose = "services:\n  cart:\n    build: {dockerfile: ${CART}}\n  db:\n    image: x\n"
    skaffold = "build:\n  artifacts:\n    - image: web\n      context: web\n"
    history = history_of(
        {
            "cart/Dockerfile": "",
            "db/Dockerfile": "",
            "web/index.html": "",
            "compose.yaml": compose.replace("${CART}", '"${CART}"'),
            "skaffold.yaml": skaffold,
        }
    )

    assert detected_services(history).evidence == {
        "cart": "Dockerfile, compose.yaml",
        "db": "Dockerfile",
        "web": "skaffold.yaml",
    }


def test_workloads_of_no_manifest() -> None:
    """A compose file or a workflow of the forge runs nothing in a cluster."""
    assert workloads("services: {web: {}}") == ()
