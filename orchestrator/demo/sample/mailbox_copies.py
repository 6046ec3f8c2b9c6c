"""The same e-mail in several places: a colleague's mailbox, and Salesforce's list of messages."""

from collections import Counter, defaultdict
from random import Random

from orchestrator.demo.sample.recording import Recording, Row, later
from orchestrator.demo.sample.salesforce import long_id
from orchestrator.demo.sample.world import OWN_DOMAIN, OWN_STAFF


class MailboxCopies:
    """Copies some of Gmail's messages; only such as leave the names of its addresses alone."""

    def __init__(self, rng: Random, recording: Recording) -> None:
        self._rng = rng
        self._recording = recording
        self._copies = 0
        self._participants: defaultdict[object, list[Row]] = defaultdict(list)
        for row in recording.rows["gmail.message_participant"]:
            self._participants[row["message_id"]].append(row)

    def write(self) -> None:
        """Of the messages that went to a second colleague, and of those that Salesforce logged."""
        messages_of = Counter(
            address for rows in self._participants.values() for address in _outside(rows)
        )
        for message in list(self._recording.rows["gmail.message"]):
            rows = self._participants[message["id"]]
            # A name that an address uses twice as often might become the one that it is known by.
            if any(messages_of[address] > 1 for address in _outside(rows)):
                continue
            chance = self._rng.random()
            if chance < 0.2:
                self._copy_to_colleague(message, rows)
            elif chance < 0.35:
                self._log_in_salesforce(message, rows)

    def _copy_to_colleague(self, message: Row, rows: list[Row]) -> None:
        """The message had a second colleague in copy, who holds it too."""
        self._copies += 1
        name, mailbox, _, _ = self._rng.choice(
            [staff for staff in OWN_STAFF if staff[1] != message["mailbox"]]
        )
        copy_id = f"18d{self._copies:013x}"
        in_copy: Row = {**rows[0], "role": "cc", "address": mailbox, "display_name": name}
        in_copy["position"] = sum(row["role"] == "cc" for row in rows)
        self._recording.add(
            "gmail.message",
            {
                **message,
                "id": copy_id,
                # Some connectors do not keep the header; then the rest must tell.
                "rfc822_message_id": message["rfc822_message_id"] if self._copies % 3 else None,
                "thread_id": copy_id,
                "mailbox": mailbox,
                "label_ids": "INBOX",
            },
        )
        self._recording.add("gmail.message_participant", in_copy)
        for row in (*rows, in_copy):
            self._recording.add("gmail.message_participant", {**row, "message_id": copy_id})

    def _log_in_salesforce(self, message: Row, rows: list[Row]) -> None:
        self._copies += 1
        by_role: defaultdict[object, list[Row]] = defaultdict(list)
        for row in rows:
            by_role[row["role"]].append(row)
        sender = by_role["from"][0]
        incoming = not str(sender["address"]).lower().endswith(f"@{OWN_DOMAIN}")
        moment = str(message["internal_date"])
        logged: Row = {
            "id": long_id(f"02s5g00001{self._copies:05d}"),
            "is_deleted": False,
            "parent_id": None,
            "activity_id": None,
            "related_to_id": None,
            "message_identifier": message["rfc822_message_id"] if self._copies % 3 else None,
            "subject": message["subject"],
            "from_name": sender["display_name"],
            "from_address": sender["address"],
            "to_address": _joined(by_role["to"]),
            "cc_address": _joined(by_role["cc"]),
            "bcc_address": None,
            "incoming": incoming,
            "status": "1" if incoming else "3",
            "message_date": moment,
            "created_date": later(moment, 90),
            "system_modstamp": later(moment, 150),
            "_fivetran_deleted": False,
            "_fivetran_synced": self._recording.clock.synced,
        }
        self._recording.add("salesforce.email_message", logged)


def _outside(rows: list[Row]) -> set[str]:
    addresses = {str(row["address"]).lower() for row in rows}
    return {address for address in addresses if not address.endswith(f"@{OWN_DOMAIN}")}


def _joined(rows: list[Row]) -> str | None:
    return "; ".join(str(row["address"]) for row in rows) or None
