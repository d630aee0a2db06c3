"""Tables of what process owners propose; releases and drafts themselves are the engine's."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Id, Moment, Table


class ProposalRow(Table):
    """A pack's draft that somebody asks a second person to approve; gone when it changes."""

    __tablename__ = "proposal"

    pack_id: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(comment="whose page it was proposed on")
    reference: Mapped[str] = mapped_column(comment="of the decision")
    by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[Moment]
    digest: Mapped[str] = mapped_column(comment="of the pack as it would be")
    reason: Mapped[str] = mapped_column(default="", server_default="", comment="for the minutes")
    begins: Mapped[date | None] = mapped_column(default=None, comment="first day in use")
    agreed_by_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), default=None, comment="the second person, until that day"
    )


class DraftComment(Table):
    """What somebody says of a draft, at an element or of the whole, and the owner's answer.

    ``number`` is the version that the draft became; None while it is a draft.
    """

    __tablename__ = "draft_comment"

    id: Mapped[Id] = mapped_column(init=False)
    pack_id: Mapped[str] = mapped_column(index=True)
    process: Mapped[str]
    element: Mapped[str] = mapped_column(comment="empty: the diagram as a whole")
    element_name: Mapped[str] = mapped_column(comment="as it was called then")
    text: Mapped[str] = mapped_column(comment="no personal data of clients")
    by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[Moment]
    number: Mapped[int | None] = mapped_column(default=None)
    answer: Mapped[str] = mapped_column(default="", server_default="")
    answered_by_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), default=None
    )
    answered: Mapped[Moment | None] = mapped_column(default=None)


class ScenarioRun(Table):
    """How a scenario of a draft went when it was last played; people in it are fictional."""

    __tablename__ = "scenario_run"

    pack_id: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(comment="of the draft that was played")
    name: Mapped[str]
    steps: Mapped[int]
    failed: Mapped[int | None] = mapped_column(comment="the step that went otherwise, from 1")
    why: Mapped[str]
    met: Mapped[str] = mapped_column(comment="JSON: how often each element was passed, by its id")
    at: Mapped[Moment]


class ScenarioRound(Table):
    """The scenarios of a draft are being played in the background; gone when all are."""

    __tablename__ = "scenario_round"

    pack_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(comment="of the draft that is played")
    at: Mapped[Moment] = mapped_column(comment="when it last got further")


class TrialRow(Table):
    """A course of moves that an owner plays on a pack's draft; gone after its last day."""

    __tablename__ = "trial"

    id: Mapped[Id] = mapped_column(init=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    pack_id: Mapped[str]
    title: Mapped[str]
    course: Mapped[str] = mapped_column(comment="TOML, as scenarios are: fictional people alone")
    rev: Mapped[int]
    changed: Mapped[Moment]
    ends: Mapped[date] = mapped_column(index=True)
