from __future__ import annotations

import pytest

from conway.boundaries.dialects.backstage import BACKSTAGE, parse, reference

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: artist-web
  description: The place to be, for great artists
  tags:
    - java
  links:
    - url: https://admin.example-org.com
      title: Admin Dashboard
spec:
  type: website
  lifecycle: production
  owner: artist-relations-team
  system: public-websites
  dependsOn:
    - resource:default/artists-db
  dependencyOf:
    - component:default/artist-web-lookup
  providesApis:
    - artist-api
  consumesApis: [other/lookup-api]
"""
API = """\
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: artist-api
  description: Retrieve artist details
spec:
  type: openapi
  lifecycle: production
  owner: user:frida
  system: artist-engagement-portal
  definition: |
    openapi: "3.0.0"
"""
GROUP = """\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: infrastructure
spec:
  type: business-unit
  profile:
    displayName: Infrastructure
    email: infrastructure@example.com
  parent: ops
  children: [backstage, other]
  members: [jdoe]
"""


def test_a_component_with_all_its_links() -> None:
    """References without kind or namespace get the field's kind and the entity's namespace."""
    ((entity,), faults) = parse(COMPONENT)

    assert faults == ()
    assert entity.reference.key == ("component", "default", "artist-web")
    assert [owner.owner for owner in entity.owners] == ["artist-relations-team"]
    assert entity.type == "website"
    assert {key: [each.key for each in found] for key, found in entity.links.items()} == {
        "dependsOn": [("resource", "default", "artists-db")],
        "dependencyOf": [("component", "default", "artist-web-lookup")],
        "providesApis": [("api", "default", "artist-api")],
        "consumesApis": [("api", "other", "lookup-api")],
        "system": [("system", "default", "public-websites")],
    }


def test_several_documents() -> None:
    """One file may hold a whole organisation."""
    entities, faults = parse(f"{COMPONENT}---\n{API}---\n{GROUP}")

    assert faults == ()
    assert [entity.reference.kind for entity in entities] == ["component", "api", "group"]
    assert [each.name for each in entities[2].links["parent"]] == ["ops"]


@pytest.mark.parametrize(
    ("files", "path", "owners"),
    [
        ({"catalog-info.yaml": COMPONENT}, "src/a", ("artist-relations-team",)),
        ({"catalog-info.yaml": f"{API}---\n{COMPONENT}"}, "a", ("artist-relations-team",)),
        ({"catalog-info.yaml": COMPONENT, "api/catalog-info.yml": API}, "api/x/y", ("@frida",)),
        ({"web/catalog-info.yaml": COMPONENT}, "webs/a", None),
        ({"web/catalog-info.yaml": GROUP}, "web/a", None),
        (
            {"catalog-info.yaml": COMPONENT.replace("owner: artist", "owner: ghe/artist")},
            "a",
            ("ghe/artist-relations-team",),
        ),
    ],
)
def test_a_file_speaks_for_its_folder(
    files: dict[str, str], path: str, owners: tuple[str, ...] | None
) -> None:
    """The nearest one; components before other entities; groups own nothing by themselves."""
    found = BACKSTAGE.read(files).demands(path)

    assert [demand.owners for demand in found] == ([] if owners is None else [owners])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("petstore", ("group", "default", "petstore")),
        ("Component:Petstore", ("component", "default", "petstore")),
        ("external/petstore", ("group", "external", "petstore")),
        ("API:external/petstore", ("api", "external", "petstore")),
        ("a b", None),
        ("a/b/c", None),
    ],
)
def test_references(text: str, key: tuple[str, str, str] | None) -> None:
    """``[kind:][namespace/]name``; they ignore case."""
    found = reference(text)

    assert (None if found is None else found.key) == key


def test_what_is_not_read_is_said() -> None:
    """By line."""
    text = "kind: Component\nspec: {}\n---\nkind: API\nmetadata: {name: x}\nspec:\n  owner: a b\n"

    assert [line for line, _ in parse(text)[1]] == [1, 7]
