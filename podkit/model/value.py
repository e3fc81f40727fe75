"""The payment block of the podcast namespace: who gets what share of what listeners send.

Source: the namespace's pages on value, valueRecipient and valueTimeSplit.
"""

from __future__ import annotations

from dataclasses import dataclass

from podkit.model.podcasting import RemoteItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRecipient:
    """Who gets a share: `type` is `node` or `lnaddress`, `split` a weight, `fee` taken off first."""

    address: str
    split: int
    type: str = "node"
    name: str = ""
    custom_key: str = ""
    custom_value: str = ""
    fee: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueTimeSplit:
    """Other recipients, or another show's, from `start` on for `duration` seconds.

    `remote_start` are seconds into the other show's episode, `remote_percentage` its share.
    """

    start: float
    duration: float
    remote_start: float | None = None
    remote_percentage: float | None = None
    recipients: tuple[ValueRecipient, ...] = ()
    remote_item: RemoteItem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One way to pay, such as `lightning` by `keysend`; `suggested` is a decimal as written."""

    type: str
    method: str
    suggested: str = ""
    recipients: tuple[ValueRecipient, ...] = ()
    splits: tuple[ValueTimeSplit, ...] = ()
