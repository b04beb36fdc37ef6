"""What an OSCAL document says of itself: its title, who publishes it, and under which licence."""

from __future__ import annotations

from compliance.exchange.oscal.document import Node, prop


def title_of(root: Node) -> str:
    title: str = root.get("metadata", {}).get("title", "")
    return title


def short_title(title: str) -> str:
    """A title without what follows its first colon or dash."""
    return title.partition(":")[0].partition(" — ")[0].strip()


def publisher_of(root: Node) -> str:
    """The first party that the document calls its publisher or creator; else its first party."""
    metadata = root.get("metadata", {})
    parties = {party.get("uuid", ""): party.get("name", "") for party in metadata.get("parties", ())}
    for role in ("publisher", "creator", "author"):
        for party in metadata.get("responsible-parties", ()):
            names = [parties[uuid] for uuid in party.get("party-uuids", ()) if parties.get(uuid)]
            if party.get("role-id") == role and names:
                return str(names[0])
    first: str = next((name for name in parties.values() if name), "")
    return first


def is_public_domain(root: Node) -> bool:
    """Whether it is a work of NIST, an office of the United States, whose works have no copyright (17 U.S.C. 105)."""
    publisher = publisher_of(root)
    metadata = root.get("metadata", {})
    of_publisher = [party for party in metadata.get("parties", ()) if party.get("name", "") == publisher]
    addresses = [address for party in of_publisher for address in party.get("email-addresses", ())]
    return "National Institute of Standards and Technology" in publisher or any(
        address.casefold().endswith("@nist.gov") for address in addresses
    )


def licence_of(root: Node) -> str:
    """What the document says of its licence, in a property or a link; OSCAL has no field for it."""
    metadata = root.get("metadata", {})
    for name in ("license", "licence", "rights", "copyright"):
        stated = prop(metadata, name) or next(
            (link.get("text") or link.get("href", "") for link in metadata.get("links", ()) if link.get("rel") == name),
            "",
        )
        if stated:
            return str(stated)
    return "public domain: a work of the United States government" if is_public_domain(root) else ""
