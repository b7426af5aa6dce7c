"""What the sample shop consists of: teams, services and who works where, as plain tables.

The planted truth is in ``WORK``: it says which team does how much on which area, whoever
the owner is in CODEOWNERS. ``shop_truth.toml`` says the same in words. All people are made up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sample_repos.crew import Member
from sample_repos.span import Span

SPAN = Span(start=1_688_342_400, weeks=78)  # from Monday 2023-07-03

MEMBERS = (
    Member("Ada Lindqvist", "storefront", 1.6),
    Member("Bruno Teixeira", "storefront", 1.3),
    Member("Chloë Marchetti", "storefront"),
    Member("Dmitri Okafor", "storefront", 0.8),
    Member("Elif Sandberg", "storefront", 0.7, joined=16),
    Member("Farid Novotny", "storefront", 0.6, left=50),
    Member("Greta Halvorsen", "storefront", 0.5, joined=44),
    Member("Hana Petrović-Lund", "discovery", 1.5),
    Member("Ivo Castellan", "discovery", 1.4),
    Member("Jun Whitfield", "discovery", 1.0, zone="+0900"),
    Member("Katya Brandt", "discovery", 0.8),
    Member("Leon Abara", "discovery", 0.7, left=60),
    Member("Marta Nowak", "discovery", 1.0, zone="+0200", old_email=("marta@nowak.example", 20)),
    Member("Nils Ferreira", "discovery", 0.5, joined=30),
    Member("Olu Bergström", "payments", 1.6),
    Member("Priya Venkat", "payments", 1.5, zone="+0530"),
    Member("Quentin Roche", "payments"),
    Member("Rosa Ibáñez", "payments", 1.0),
    Member("Søren Achterberg", "payments", 0.8),
    Member("Tariq Mbeki", "payments", 0.7, joined=10),
    Member("Uma Castillo", "payments", 0.6),
    Member("Viktor Hagen", "payments", 0.5, left=56),
    Member("Wanda Ilves", "logistics", 1.5),
    Member("Xavier Dufour", "logistics", 1.3),
    Member("Yara Lindgren", "logistics"),
    Member("Zoë Kowalczyk", "logistics", 0.9),
    Member("Arne Mwangi", "logistics", 0.8, moves_to=(52, "storefront")),
    Member("Bela Stroud", "logistics", 0.6, joined=24),
    Member("Cyril Okonkwo", "platform", 1.4, zone="+0000"),
    Member("Dana Veld", "platform", 1.2, zone="+0000"),
    Member("Emre Lukacs", "platform", 0.9, zone="+0000"),
    Member("Fenna Ortiz", "platform", 0.6, zone="+0000"),
)


@dataclass(frozen=True)
class Service:
    """A folder with a manifest. ``areas`` maps a folder to the modules in it."""

    name: str
    root: str
    language: str
    owner: str
    areas: dict[str, str]
    needs: tuple[str, ...]
    packages: str
    deploy: tuple[str, ...] = ("deploy",)
    born: int = 0


SERVICES = (
    Service("web", "services/web", "ts", "storefront",
            {"pages": "home product basket account help",
             "components": "header footer gallery price_tag",
             "lib": "routing session tracking"},
            ("ui-kit", "checkout", "search"), "react vite zod"),
    Service("search", "services/search", "py", "storefront",
            {"index": "builder analyzer synonyms snapshot",
             "query": "parser ranking facets suggest spelling"},
            ("toolkit", "catalog"), "fastapi numpy"),
    Service("catalog", "services/catalog", "py", "discovery",
            {"products": "model variants media imports",
             "categories": "tree labels navigation",
             "api": "routes views"},
            ("toolkit",), "fastapi sqlalchemy"),
    Service("recommendations", "services/recommendations", "py", "discovery",
            {"models": "baskets views trending",
             "serving": "api cache ranking"},
            ("toolkit", "catalog"), "scipy fastapi", born=12),
    Service("checkout", "services/checkout", "go", "payments",
            {"flow": "start address delivery confirm",
             "totals": "sums vouchers taxes rounding"},
            ("billing", "orders"), "chi pgx"),
    Service("billing", "services/billing", "go", "payments",
            {"invoices": "draft render send",
             "providers": "cards transfer wallet refunds"},
            (), "pgx money"),
    Service("orders", "services/orders", "py", "payments",
            {"placement": "intake validation pricing approval history limits fraud notes drafts",
             "dispatch": "picking packing labels handover tracking returns slots routes couriers"},
            ("toolkit", "warehouse"), "fastapi celery",
            deploy=("placement/deploy", "dispatch/deploy")),
    Service("notifications", "services/notifications", "ts", "payments",
            {"channels": "mail push sms inbox",
             "templates": "welcome receipt parcel reminder digest"},
            ("ui-kit",), "nodemailer mjml"),
    Service("shipping", "services/shipping", "go", "logistics",
            {"carriers": "parcel_post courier freight pickup",
             "rates": "zones weights surcharges",
             "api": "routes"},
            (), "chi geo"),
    Service("warehouse", "services/warehouse", "go", "logistics",
            {"stock": "levels reserve count transfer",
             "inbound": "receiving inspection putaway"},
            ("shipping",), "pgx barcode"),
    Service("ui-kit", "libs/ui-kit", "ts", "storefront",
            {"controls": "button field select dialog",
             "theme": "colours spacing type"},
            (), "react", deploy=()),
    Service("toolkit", "libs/toolkit", "py", "platform",
            {"logs": "format context sinks",
             "http": "client retry timeouts",
             "events": "bus schema outbox",
             "flags": "store rules"},
            (), "pydantic httpx", deploy=()),
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """So many changes of a team in one place: a service, or one area of it."""

    team: str
    place: str
    changes: int
    since: int = 0


WORK = (
    # misowned: CODEOWNERS says storefront, discovery does the work
    Work("discovery", "search", 64),
    Work("storefront", "search", 6),
    # misowned: CODEOWNERS says payments, storefront does the work
    Work("storefront", "notifications", 58),
    Work("payments", "notifications", 4),
    Work("logistics", "notifications", 3),
    # two halves: payments owns the whole
    Work("payments", "orders/placement", 68),
    Work("logistics", "orders/dispatch", 56),
    # the platform: every team changes it, platform approves
    Work("platform", "toolkit", 40),
    Work("storefront", "toolkit", 8),
    Work("discovery", "toolkit", 8),
    Work("payments", "toolkit", 8),
    Work("logistics", "toolkit", 8),
    # everyone at home; the price list ties checkout to catalog, see PRICES
    Work("payments", "checkout", 78),
    Work("payments", "billing", 26),
    Work("discovery", "catalog", 64),
    Work("discovery", "recommendations", 34, since=12),
    Work("storefront", "web", 72),
    Work("storefront", "ui-kit", 32),
    Work("logistics", "shipping", 48),
    Work("logistics", "warehouse", 42),
)

#: Of the checkout changes so many also edit catalog's price list.
PRICES = 60
PRICE_LIST = "services/catalog/schema/prices.json"
SCHEMAS = tuple(f"services/catalog/schema/{name}.json" for name in ("prices", "products", "stock"))
OWN_PRICE_LIST = "services/checkout/schema/prices.json"

#: Shares of the changes in deployable services that also edit a deploy file there, of the
#: changes that also touch another service of the team, one of another team, the toolkit.
DEPLOY, WITHIN, ACROSS, TOOLKIT = 0.48, 0.17, 0.035, 0.05

#: What a team changes beside its first place.
HOMES = {
    "storefront": ("web", "ui-kit", "notifications"),
    "discovery": ("catalog", "recommendations", "search"),
    "payments": ("checkout", "billing", "orders/placement"),
    "logistics": ("shipping", "warehouse", "orders/dispatch"),
    "platform": ("toolkit",),
}

#: Releases per service over the whole time; the two libraries ride one train.
RELEASES = {"web": 4, "search": 4, "catalog": 4, "recommendations": 3, "checkout": 4}
RELEASES |= {"billing": 3, "orders": 4, "notifications": 3, "shipping": 3, "warehouse": 3}
TRAIN, TRAINS = ("toolkit", "ui-kit"), 6
ROBOTS = 42
