"""The fields of OSCAL's catalogues and profiles that are read, with the shape of each.

The names are those of NIST's OSCAL models for catalogues and profiles, 1.0.0 to 1.2 (pages.nist.gov/OSCAL). No field is
required here: what a document lacks is said where it is missed. Fields that are not listed may have any shape, and are
kept as text.
"""

from __future__ import annotations

from typing import Any

import msgspec

Group = dict[str, Any]
"""A group of fields that is kept as it is, and not looked into."""


class OscalFields(msgspec.Struct, rename="kebab", kw_only=True):
    """A group of fields; each is named as OSCAL has it, with a hyphen for the underscore."""


class Prop(OscalFields):
    name: str = ""
    value: str = ""
    ns: str = ""
    class_: str = msgspec.field(name="class", default="")
    uuid: str = ""
    remarks: str = ""


class Link(OscalFields):
    href: str = ""
    rel: str = ""
    text: str = ""
    media_type: str = ""


class Part(OscalFields):
    id: str = ""
    name: str = ""
    ns: str = ""
    class_: str = msgspec.field(name="class", default="")
    title: str = ""
    prose: str = ""
    props: list[Prop] = []
    links: list[Link] = []
    parts: list[Part] = []


class Select(OscalFields):
    how_many: str = ""
    choice: list[str] = []


class Param(OscalFields):
    id: str = ""
    class_: str = msgspec.field(name="class", default="")
    label: str = ""
    usage: str = ""
    depends_on: str = ""
    value: str = ""
    values: list[str] = []
    select: Select = msgspec.field(default_factory=Select)
    constraints: list[Group] = []
    guidelines: list[Group] = []
    props: list[Prop] = []
    links: list[Link] = []
    remarks: str = ""


class OscalControl(OscalFields):
    """A control, or a group of controls: the two differ only in that a group may have groups."""

    id: str = ""
    class_: str = msgspec.field(name="class", default="")
    title: str = ""
    params: list[Param] = []
    props: list[Prop] = []
    links: list[Link] = []
    parts: list[Part] = []
    groups: list[OscalControl] = []
    controls: list[OscalControl] = []
    remarks: str = ""


class Party(OscalFields):
    uuid: str = ""
    name: str = ""
    email_addresses: list[str] = []


class ResponsibleParty(OscalFields):
    role_id: str = ""
    party_uuids: list[str] = []


class Metadata(OscalFields):
    title: str = ""
    version: str = ""
    oscal_version: str = ""
    last_modified: str = ""
    published: str = ""
    props: list[Prop] = []
    links: list[Link] = []
    parties: list[Party] = []
    responsible_parties: list[ResponsibleParty] = []
    roles: list[Group] = []
    locations: list[Group] = []
    revisions: list[Group] = []
    document_ids: list[Group] = []
    remarks: str = ""


class Resource(OscalFields):
    uuid: str = ""
    title: str = ""
    description: str = ""
    citation: Group = {}
    base64: Group = {}
    rlinks: list[Link] = []
    props: list[Prop] = []
    document_ids: list[Group] = []
    remarks: str = ""


class BackMatter(OscalFields):
    resources: list[Resource] = []


class Catalog(OscalFields):
    uuid: str = ""
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    params: list[Param] = []
    groups: list[OscalControl] = []
    controls: list[OscalControl] = []
    back_matter: BackMatter = msgspec.field(default_factory=BackMatter)


class Matching(OscalFields):
    pattern: str = ""


class Choice(OscalFields):
    """Which controls a profile takes or leaves out."""

    with_child_controls: str = ""
    with_ids: list[str] = []
    matching: list[Matching] = []


class OscalImport(OscalFields):
    href: str = ""
    include_all: Group = {}
    include_controls: list[Choice] = []
    exclude_controls: list[Choice] = []


class SetParameter(Param):
    param_id: str = ""


class Remove(OscalFields):
    by_name: str = ""
    by_class: str = ""
    by_id: str = ""
    by_item_name: str = ""
    by_ns: str = ""


class Add(OscalFields):
    position: str = ""
    by_id: str = ""
    title: str = ""
    params: list[Param] = []
    props: list[Prop] = []
    links: list[Link] = []
    parts: list[Part] = []


class Alter(OscalFields):
    control_id: str = ""
    removes: list[Remove] = []
    adds: list[Add] = []


class Modify(OscalFields):
    set_parameters: list[SetParameter] = []
    alters: list[Alter] = []


class OscalProfile(OscalFields):
    uuid: str = ""
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    imports: list[OscalImport] = []
    merge: Group = {}
    modify: Modify = msgspec.field(default_factory=Modify)
    back_matter: BackMatter = msgspec.field(default_factory=BackMatter)


MODELS: dict[str, type[OscalFields]] = {"catalog": Catalog, "profile": OscalProfile}
"""The kinds of document that are read, by the key that each begins with."""
